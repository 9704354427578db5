//! Signing in, being limited, and how sessions live and end.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use trellis_domain::identity::{Membership, User, add_member};
use trellis_domain::kernel::{Clock, EmailAddress, MembershipId, OpContext, StoreError, TypedId, UserId};
use trellis_domain::policy::{Role, Roles};
use trellis_domain::tenancy::OrganisationReads;
use trellis_infra::auth::{AccessTokens, Passwords, SigningKeys};
use trellis_infra::pg::platform::{
    Credentials, SessionError, SessionKind, SignInError, SignedIn, claims_of, session_for_token,
};
use trellis_infra::pg::{Guards, PlatformStore, StoreOptions};
use trellis_infra::redis::ResilientLimiter;
use trellis_tests::world::{Region, World};

const EMAIL: &str = "sam@example.org";
const PASSWORD: &str = "seven quiet otters";
const HERE: &str = "192.0.2.1";
const ELSEWHERE: &str = "198.51.100.7";

/// A process of its own: its limits are counted apart from another's.
pub fn platform(world: &World) -> anyhow::Result<PlatformStore> {
    let options = StoreOptions { url: world.database.platform_url(), connections: 3, waiting: 256 };
    let guards = Guards {
        passwords: Arc::new(Passwords::new(2, 64)?),
        limiter: Arc::new(ResilientLimiter::alone()),
        ids: Arc::clone(&world.ids),
        keyring: Arc::clone(&world.keyring),
    };
    Ok(PlatformStore::open(&options, guards)?)
}

struct Scene {
    world: World,
    region: Region,
    platform: PlatformStore,
    user: UserId,
    first: MembershipId,
    second: MembershipId,
}

impl Scene {
    /// Sam works for the link workers, and also helps at the walking group.
    async fn new() -> anyhow::Result<Self> {
        let world = World::new().await?;
        let region = world.region("north-vale").await?;
        let platform = platform(&world)?;
        let hash = Passwords::new(2, 8)?.hash(PASSWORD).await?;
        let user = User { id: world.id(), email: EmailAddress::parse(EMAIL)?, name: "Sam Ridley".to_owned() };
        let user = platform.create_user(user, hash, world.clock.now()).await?.id;
        let mut scene = Self { first: world.id(), second: world.id(), world, region, platform, user };
        (scene.first, scene.second) = (
            scene.join(scene.region.links, Role::LinkWorker).await?,
            scene.join(scene.region.walkers, Role::ProviderWorker).await?,
        );
        Ok(scene)
    }

    async fn join(
        &self,
        organisation: trellis_domain::kernel::OrganisationId,
        role: Role,
    ) -> anyhow::Result<MembershipId> {
        let member = Membership {
            id: self.world.id(),
            user: self.user,
            network: self.region.network,
            organisation: Some(organisation),
            roles: Roles::from_iter([role]),
            name: "Sam Ridley".to_owned(),
            email: EmailAddress::parse(EMAIL)?,
        };
        let (network, ids) = (self.region.network, Arc::clone(&self.world.ids));
        let op = OpContext::for_job("set-up", network, None, &*self.world.clock, ids);
        let id = member.id;
        self.world.store.write(&op, move |tx, op| add_member(tx, op, member)).await?;
        Ok(id)
    }

    async fn attempt(&self, password: &str, source: &str) -> Result<SignedIn, SignInError> {
        let credentials = Credentials { email: EMAIL, password, source };
        self.platform.sign_in(credentials, SessionKind::Browser, None, self.now()).await
    }

    async fn sign_in(&self, kind: SessionKind) -> anyhow::Result<SignedIn> {
        let credentials = Credentials { email: EMAIL, password: PASSWORD, source: HERE };
        Ok(self.platform.sign_in(credentials, kind, None, self.now()).await?)
    }

    async fn seen(&self, signed_in: &SignedIn) -> Result<(), SessionError> {
        self.platform.session_by_secret(signed_in.secret.expose(), self.now()).await.map(|_| ())
    }

    /// Does the tenant's store still take the session?
    async fn opens(&self, signed_in: &SignedIn) -> Result<(), StoreError> {
        let op = OpContext::for_session(&signed_in.session, &*self.world.clock, Arc::clone(&self.world.ids));
        let links = self.region.links;
        self.world.store.read(&op, move |tx, _| tx.organisation(links).map(|_| ())).await
    }

    fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    fn wait(&self, minutes: i64) {
        self.world.clock.advance(SignedDuration::from_mins(minutes));
    }
}

#[tokio::test]
async fn a_wrong_password_an_unknown_account_and_a_disabled_one_are_the_same_answer() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let signed_in = scene.attempt(PASSWORD, HERE).await?;
    assert_eq!(signed_in.session.user, scene.user);
    scene.opens(&signed_in).await?;
    for (email, password) in [
        (EMAIL, "Seven quiet otters"),
        (EMAIL, ""),
        ("nobody@example.org", PASSWORD),
        ("no address\0", PASSWORD),
        ("", ""),
    ] {
        let credentials = Credentials { email, password, source: HERE };
        let refused = scene.platform.sign_in(credentials, SessionKind::Browser, None, scene.now()).await;
        assert!(matches!(refused, Err(SignInError::Refused)), "{refused:?}");
    }
    scene.platform.disable_user(scene.user, scene.now()).await?;
    assert!(matches!(scene.attempt(PASSWORD, HERE).await, Err(SignInError::Refused)));
    assert!(matches!(scene.seen(&signed_in).await, Err(SessionError::Ended)));
    assert!(matches!(scene.opens(&signed_in).await, Err(StoreError::SessionEnded)));
    Ok(())
}

#[tokio::test]
async fn an_account_is_found_however_its_address_is_typed() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let credentials = Credentials { email: "  SAM@Example.Org ", password: PASSWORD, source: HERE };
    let signed_in = scene.platform.sign_in(credentials, SessionKind::Browser, None, scene.now()).await?;
    assert_eq!(signed_in.session.user, scene.user);
    Ok(())
}

#[tokio::test]
async fn at_most_ten_wrong_tries_a_minute_come_from_one_source_and_nobody_else_is_kept_out()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mut looked_at = 0;
    for _ in 0..60 {
        match scene.attempt("wrong", HERE).await {
            Err(SignInError::Refused) => looked_at += 1,
            Err(SignInError::TooManyTries { retry_after }) => assert!(!retry_after.is_zero()),
            other => anyhow::bail!("{other:?}"),
        }
        scene.world.clock.advance(SignedDuration::from_secs(1));
    }
    assert!((1..=10).contains(&looked_at), "{looked_at}");
    scene.attempt(PASSWORD, ELSEWHERE).await?;
    scene.wait(1);
    scene.attempt(PASSWORD, HERE).await?;
    Ok(())
}

#[tokio::test]
async fn a_burst_of_guesses_counts_as_what_it_is() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let burst = (0..40).map(|_| scene.attempt("wrong", HERE));
    let answers = futures_util::future::join_all(burst).await;
    let looked_at = answers.iter().filter(|answer| matches!(answer, Err(SignInError::Refused))).count();
    assert_eq!(looked_at, 5);
    Ok(())
}

#[tokio::test]
async fn one_source_cannot_try_one_password_on_every_account_and_is_let_in_again_within_seconds()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mut looked_at = 0;
    for number in 0..100 {
        let email = format!("somebody{number}@example.org");
        let credentials = Credentials { email: &email, password: "winter 2026 winter", source: HERE };
        match scene.platform.sign_in(credentials, SessionKind::Browser, None, scene.now()).await {
            Err(SignInError::Refused) => looked_at += 1,
            Err(SignInError::TooManyTries { retry_after }) => {
                assert!(retry_after <= std::time::Duration::from_mins(1), "{retry_after:?}");
            }
            other => anyhow::bail!("{other:?}"),
        }
    }
    assert_eq!(looked_at, 30, "whatever the accounts");
    scene.attempt(PASSWORD, ELSEWHERE).await?;
    let shared = scene.attempt(PASSWORD, HERE).await;
    assert!(matches!(shared, Err(SignInError::TooManyTries { .. })), "{shared:?}");
    scene.wait(1);
    scene.attempt(PASSWORD, HERE).await?;
    Ok(())
}

#[tokio::test]
async fn processes_without_redis_count_a_source_together() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let other = platform(&scene.world)?;
    let mut looked_at = 0;
    for number in 0..50 {
        let email = format!("somebody{number}@example.org");
        let credentials = Credentials { email: &email, password: "winter 2026 winter", source: HERE };
        let process = if number % 2 == 0 { &scene.platform } else { &other };
        let tried = process.sign_in(credentials, SessionKind::Browser, None, scene.now()).await;
        looked_at += usize::from(matches!(tried, Err(SignInError::Refused)));
    }
    assert_eq!(looked_at, 30);
    for _ in 0..40 {
        scene.attempt(PASSWORD, ELSEWHERE).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_right_password_is_never_limited() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for _ in 0..25 {
        scene.attempt(PASSWORD, HERE).await?;
    }
    Ok(())
}

#[tokio::test]
async fn processes_without_redis_count_guesses_together() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let other = platform(&scene.world)?;
    for _ in 0..5 {
        assert!(matches!(scene.attempt("wrong", HERE).await, Err(SignInError::Refused)));
    }
    let credentials = Credentials { email: EMAIL, password: PASSWORD, source: HERE };
    let limited = other.sign_in(credentials, SessionKind::Api, None, scene.now()).await;
    assert!(matches!(limited, Err(SignInError::TooManyTries { .. })), "{limited:?}");
    Ok(())
}

#[tokio::test]
async fn one_signs_in_to_the_membership_asked_for_or_used_last() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let at_first = scene.sign_in(SessionKind::Browser).await?;
    assert_eq!(at_first.session.membership, scene.first);
    let switched = scene
        .platform
        .switch_membership(at_first.secret.expose(), SessionKind::Browser, scene.second, scene.now())
        .await?;
    assert_eq!(switched.session.organisation, Some(scene.region.walkers));
    scene.world.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(scene.sign_in(SessionKind::Browser).await?.session.membership, scene.second);

    let credentials = Credentials { email: EMAIL, password: PASSWORD, source: HERE };
    let anothers = Some(scene.region.referrer.session.membership);
    let refused = scene.platform.sign_in(credentials, SessionKind::Browser, anothers, scene.now()).await;
    assert!(matches!(refused, Err(SignInError::NoMembership)), "{refused:?}");

    let mine = scene.platform.memberships_of(scene.user).await?;
    let names: Vec<_> = mine.iter().filter_map(|one| one.organisation_name.as_deref()).collect();
    assert_eq!(names, ["Eastfield Walkers", "North Vale Community Links"]);
    Ok(())
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_twelve_hours_after_it_began() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let idle = scene.sign_in(SessionKind::Browser).await?;
    let busy = scene.sign_in(SessionKind::Browser).await?;
    scene.wait(29);
    scene.seen(&busy).await?;
    scene.wait(1);
    assert!(matches!(scene.seen(&idle).await, Err(SessionError::Ended)));
    assert!(matches!(scene.opens(&idle).await, Err(StoreError::SessionEnded)), "its access tokens end too");
    for _ in 0..34 {
        scene.wait(20);
        scene.seen(&busy).await?;
    }
    scene.wait(10);
    assert!(matches!(scene.seen(&busy).await, Err(SessionError::Ended)));
    Ok(())
}

#[tokio::test]
async fn signing_out_ends_the_session_at_once() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let signed_in = scene.sign_in(SessionKind::Browser).await?;
    scene.platform.end_session(signed_in.session.session, scene.now()).await?;
    assert!(matches!(scene.seen(&signed_in).await, Err(SessionError::Ended)));
    assert!(matches!(scene.opens(&signed_in).await, Err(StoreError::SessionEnded)));
    Ok(())
}

#[tokio::test]
async fn switching_ends_the_old_session_and_gives_no_more_time() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for kind in [SessionKind::Browser, SessionKind::Api] {
        let before = scene.sign_in(kind).await?;
        scene.wait(5);
        let to = if before.session.membership == scene.first { scene.second } else { scene.first };
        let secret = before.secret.expose();
        let anothers = scene.region.referrer.session.membership;
        let refused = scene.platform.switch_membership(secret, kind, anothers, scene.now()).await;
        assert!(matches!(refused, Err(SessionError::NotYours)), "{refused:?}");
        let after = scene.platform.switch_membership(secret, kind, to, scene.now()).await?;
        assert_eq!((after.session.membership, after.ends_at), (to, before.ends_at));
        assert!(matches!(scene.opens(&before).await, Err(StoreError::SessionEnded)));
        scene.opens(&after).await?;
        assert!(scene.platform.switch_membership(secret, kind, to, scene.now()).await.is_err());
    }
    Ok(())
}

#[tokio::test]
async fn an_access_token_says_what_the_session_is_and_new_roles_come_with_the_next_refresh()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let tokens =
        AccessTokens::new(&SigningKeys::generate(scene.now())?, "https://trellis.example.org", "trellis");
    let signed_in = scene.sign_in(SessionKind::Api).await?;
    let (token, _) = tokens.issue(&claims_of(&signed_in.session), scene.now())?;
    let said = session_for_token(&tokens.verify(&token, scene.now())?)?;
    assert_eq!(format!("{said:?}"), format!("{:?}", signed_in.session));

    let owner = scene.world.database.connect_as_owner().await?;
    owner
        .execute(
            "UPDATE memberships SET roles = '{team_lead}', version = version + 1 WHERE membership_id = $1",
            &[&signed_in.session.membership.uuid()],
        )
        .await?;
    assert!(matches!(scene.opens(&signed_in).await, Err(StoreError::SessionEnded)));
    let refreshed = scene.platform.refresh(signed_in.secret.expose(), scene.now()).await?;
    assert!(refreshed.session.roles.has(Role::TeamLead));
    scene.opens(&refreshed).await?;
    Ok(())
}

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
    /// Presents one of the tokens ever given.
    Refresh(usize),
    Wait(i64),
    SignOut,
}

/// What should be true of a session and its family of tokens.
struct Family {
    tokens: Vec<(String, bool)>,
    alive: bool,
    idle_ends: Timestamp,
    ends: Timestamp,
}

impl Family {
    async fn step(&mut self, scene: &Scene, signed_in: &SignedIn, step: &Step) -> Result<(), String> {
        let now = scene.now();
        match step {
            Step::Wait(minutes) => scene.wait(*minutes),
            Step::SignOut => {
                let ended = scene.platform.end_session(signed_in.session.session, now).await;
                ended.map_err(|error| error.to_string())?;
                self.alive = false;
            }
            Step::Refresh(which) => {
                let which = which % self.tokens.len();
                let Some((token, spent)) = self.tokens.get(which).cloned() else { return Ok(()) };
                let answer = scene.platform.refresh(&token, now).await;
                let good = self.alive && !spent && now < self.idle_ends && now < self.ends;
                match answer {
                    Ok(next) if good => {
                        self.tokens.get_mut(which).into_iter().for_each(|token| token.1 = true);
                        self.tokens.push((next.secret.expose().to_owned(), false));
                        self.idle_ends = next.secret_ends_at;
                    }
                    Err(SessionError::Replayed) if spent => self.alive = false,
                    Err(SessionError::Ended) if !good && !spent => self.alive = false,
                    other => return Err(format!("{other:?} (good: {good}, spent: {spent})")),
                }
            }
        }
        let opens = scene.opens(signed_in).await.is_ok();
        let alive = self.alive && scene.now() < self.idle_ends && scene.now() < self.ends;
        if opens == alive { Ok(()) } else { Err(format!("opens: {opens}, alive: {alive}")) }
    }
}

#[test]
fn whatever_is_presented_in_whatever_order_a_spent_token_ends_its_family() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let scene = runtime.block_on(Scene::new()).unwrap();
    let step = prop_oneof![
        6 => (0_usize..6).prop_map(Step::Refresh),
        3 => (1_i64..35).prop_map(Step::Wait),
        1 => Just(Step::SignOut),
    ];
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let steps = proptest::collection::vec(step, 1..12);
    let held = runner.run(&steps, |steps| {
        runtime.block_on(async {
            let signed_in = scene.sign_in(SessionKind::Api).await.unwrap();
            let mut family = Family {
                tokens: vec![(signed_in.secret.expose().to_owned(), false)],
                alive: true,
                idle_ends: signed_in.secret_ends_at,
                ends: signed_in.ends_at,
            };
            for step in &steps {
                family.step(&scene, &signed_in, step).await.map_err(TestCaseError::fail)?;
            }
            Ok(())
        })
    });
    held.unwrap();
}
