//! Signing in, being limited, and how sessions live and end.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
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

pub const EMAIL: &str = "sam@example.org";
pub const PASSWORD: &str = "seven quiet otters";
pub const HERE: &str = "192.0.2.1";
pub const ELSEWHERE: &str = "198.51.100.7";

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

/// One login with two memberships.
pub struct Scene {
    pub world: World,
    pub region: Region,
    pub platform: PlatformStore,
    pub user: UserId,
    pub first: MembershipId,
    pub second: MembershipId,
}

impl Scene {
    /// Sam works for the link workers, and also helps at the walking group.
    pub async fn new() -> anyhow::Result<Self> {
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

    pub async fn attempt(&self, password: &str, source: &str) -> Result<SignedIn, SignInError> {
        let credentials = Credentials { email: EMAIL, password, source };
        self.platform.sign_in(credentials, SessionKind::Browser, None, self.now()).await
    }

    pub async fn sign_in(&self, kind: SessionKind) -> anyhow::Result<SignedIn> {
        let credentials = Credentials { email: EMAIL, password: PASSWORD, source: HERE };
        Ok(self.platform.sign_in(credentials, kind, None, self.now()).await?)
    }

    async fn seen(&self, signed_in: &SignedIn) -> Result<(), SessionError> {
        self.platform.session_by_secret(signed_in.secret.expose(), self.now()).await.map(|_| ())
    }

    /// Does the tenant's store still take the session?
    pub async fn opens(&self, signed_in: &SignedIn) -> Result<(), StoreError> {
        let op = OpContext::for_session(&signed_in.session, &*self.world.clock, Arc::clone(&self.world.ids));
        let links = self.region.links;
        self.world.store.read(&op, move |tx, _| tx.organisation(links).map(|_| ())).await
    }

    pub fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    pub fn wait(&self, minutes: i64) {
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
