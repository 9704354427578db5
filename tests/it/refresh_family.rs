//! Refresh tokens as a family: whatever is presented, in whatever order, a spent one ends it for everybody who holds it.

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use trellis_domain::kernel::{StoreError, TypedId};
use trellis_infra::pg::platform::{SessionError, SessionKind, SignedIn};

use crate::sign_in::{Scene, platform};

#[tokio::test]
async fn of_two_refreshes_at_once_one_goes_on_and_the_other_ends_the_family() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let signed_in = scene.sign_in(SessionKind::Api).await?;
    let other = platform(&scene.world)?;
    let token = signed_in.secret.expose();
    let (one, two) =
        tokio::join!(scene.platform.refresh(token, scene.now()), other.refresh(token, scene.now()));
    let (next, refused) = match (one, two) {
        (Ok(next), Err(refused)) | (Err(refused), Ok(next)) => (next, refused),
        other => anyhow::bail!("{other:?}"),
    };
    assert!(matches!(refused, SessionError::Replayed), "{refused:?}");
    let dead = scene.platform.refresh(next.secret.expose(), scene.now()).await;
    assert!(matches!(dead, Err(SessionError::Ended)), "{dead:?}");
    assert!(matches!(scene.opens(&next).await, Err(StoreError::SessionEnded)));
    Ok(())
}

#[derive(Debug, Clone)]
enum Step {
    /// Presents one of the tokens ever given: the next one, one whose answer was lost, or one that was stolen long ago.
    Refresh(usize),
    /// Goes on as the other membership, with the newest token.
    Switch,
    Wait(i64),
    SignOut,
    Disable,
}

/// One token that was given.
#[derive(Debug, Clone)]
struct Token {
    secret: String,
    spent: bool,
    /// Which session of the login it belongs to: a switch begins another.
    session: usize,
}

/// What should be true of a login's session and of every token it was ever given.
struct Family {
    tokens: Vec<Token>,
    now_in: SignedIn,
    session: usize,
    alive: bool,
    enabled: bool,
    idle_ends: Timestamp,
    ends: Timestamp,
}

impl Family {
    fn begun(signed_in: SignedIn) -> Self {
        let first = Token { secret: signed_in.secret.expose().to_owned(), spent: false, session: 0 };
        let (idle_ends, ends) = (signed_in.secret_ends_at, signed_in.ends_at);
        Self {
            tokens: vec![first],
            now_in: signed_in,
            session: 0,
            alive: true,
            enabled: true,
            idle_ends,
            ends,
        }
    }

    fn lives(&self, now: Timestamp) -> bool {
        self.alive && self.enabled && now < self.idle_ends && now < self.ends
    }

    async fn step(&mut self, scene: &Scene, step: &Step) -> Result<(), String> {
        let now = scene.now();
        match step {
            Step::Wait(minutes) => scene.wait(*minutes),
            Step::SignOut => {
                let ended = scene.platform.end_session(self.now_in.session.session, now).await;
                ended.map_err(|error| error.to_string())?;
                self.alive = false;
            }
            Step::Disable => {
                let disabled = scene.platform.disable_user(scene.user, now).await;
                disabled.map_err(|error| error.to_string())?;
                self.enabled = false;
            }
            Step::Refresh(which) => self.refresh(scene, which % self.tokens.len()).await?,
            Step::Switch => self.switch(scene).await?,
        }
        let opens = scene.opens(&self.now_in).await.is_ok();
        let lives = self.lives(scene.now());
        if opens == lives { Ok(()) } else { Err(format!("opens: {opens}, lives: {lives}")) }
    }

    async fn refresh(&mut self, scene: &Scene, which: usize) -> Result<(), String> {
        let Some(token) = self.tokens.get(which).cloned() else { return Ok(()) };
        let answer = scene.platform.refresh(&token.secret, scene.now()).await;
        let good = self.lives(scene.now()) && !token.spent;
        match answer {
            Ok(next) if good => {
                self.spend(which);
                self.idle_ends = next.secret_ends_at;
                self.given(&next);
                self.now_in = next;
            }
            // Of a session that was left for another, it ends that one only.
            Err(SessionError::Replayed) if token.spent => self.alive &= token.session != self.session,
            // A disabled login is asked again later; a session that has run out is over.
            Err(SessionError::Ended) if !good && !token.spent => self.alive &= !self.enabled,
            other => return Err(format!("{other:?} (good: {good}, token: {token:?})")),
        }
        Ok(())
    }

    async fn switch(&mut self, scene: &Scene) -> Result<(), String> {
        let which = self.tokens.len() - 1;
        let Some(token) = self.tokens.get(which).cloned() else { return Ok(()) };
        let here = self.now_in.session.membership;
        let to = if here == scene.first { scene.second } else { scene.first };
        let answer = scene.platform.switch_membership(&token.secret, SessionKind::Api, to, scene.now()).await;
        match answer {
            Ok(next) if self.lives(scene.now()) => {
                if next.ends_at != self.ends || next.session.membership != to {
                    return Err(format!("the switch gave more time, or led elsewhere: {next:?}"));
                }
                self.spend(which);
                self.session += 1;
                self.idle_ends = next.secret_ends_at;
                self.given(&next);
                self.now_in = next;
            }
            Err(SessionError::Ended) if !self.lives(scene.now()) => self.alive &= !self.enabled,
            other => return Err(format!("{other:?} (token: {token:?})")),
        }
        Ok(())
    }

    fn spend(&mut self, which: usize) {
        self.tokens.get_mut(which).into_iter().for_each(|token| token.spent = true);
    }

    fn given(&mut self, next: &SignedIn) {
        let secret = next.secret.expose().to_owned();
        self.tokens.push(Token { secret, spent: false, session: self.session });
    }
}

#[test]
fn whatever_happens_in_whatever_order_the_family_is_as_its_model_says() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let scene = runtime.block_on(Scene::new()).unwrap();
    let step = prop_oneof![
        12 => (0_usize..6).prop_map(Step::Refresh),
        3 => Just(Step::Switch),
        5 => (1_i64..35).prop_map(Step::Wait),
        1 => (600_i64..800).prop_map(Step::Wait),
        1 => Just(Step::SignOut),
        1 => Just(Step::Disable),
    ];
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let steps = proptest::collection::vec(step, 1..14);
    let held = runner.run(&steps, |steps| {
        runtime.block_on(async {
            let mut family = Family::begun(scene.sign_in(SessionKind::Api).await.unwrap());
            let mut held = Ok(());
            for step in &steps {
                held = family.step(&scene, step).await;
                if held.is_err() {
                    break;
                }
            }
            let owner = scene.world.database.connect_as_owner().await.unwrap();
            let enable = "UPDATE users SET disabled_at = NULL WHERE user_id = $1";
            owner.execute(enable, &[&scene.user.uuid()]).await.unwrap();
            held.map_err(TestCaseError::fail)
        })
    });
    held.unwrap();
}
