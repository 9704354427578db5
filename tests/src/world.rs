//! A small region: a practice, a link-worker service, two charities, and a second network beside it.
//! Everything in it was written through the use cases that users call.

use std::sync::Arc;

use trellis_domain::directory::{
    Capacity, CapacityState, Cost, IntakeRules, Service, ServiceStatus, Targets, publish::publish,
};
use trellis_domain::identity::{Membership, add_member};
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{
    Clock, EmailAddress, IdSource, Line, MembershipId, NetworkId, OpContext, OrganisationId, Redacted,
    ServiceId, SessionId, TypedId, UserId,
};
use trellis_domain::person::{Channel, Identity, Preferences, Register};
use trellis_domain::policy::{Role, Roles};
use trellis_domain::tenancy::{Organisation, OrganisationKind, add_organisation};
use trellis_infra::pg::{PgStore, StoreOptions};
use trellis_infra::seal::Keyring;

use crate::clock::{CountedIds, FixedClock};
use crate::database::TestDatabase;

/// Somebody who can act.
#[derive(Debug, Clone)]
pub struct Persona {
    pub session: VerifiedSession,
    pub email: String,
}

/// One database with people in it.
pub struct World {
    pub database: TestDatabase,
    pub store: PgStore,
    pub clock: Arc<FixedClock>,
    pub ids: Arc<dyn IdSource>,
    pub keyring: Arc<Keyring>,
}

/// One network of it.
#[derive(Debug, Clone)]
pub struct Region {
    pub network: NetworkId,
    pub practice: OrganisationId,
    pub links: OrganisationId,
    pub walkers: OrganisationId,
    pub advice: OrganisationId,
    pub link_service: ServiceId,
    pub walking: ServiceId,
    pub debt_advice: ServiceId,
    pub referrer: Persona,
    pub link_worker: Persona,
    pub team_lead: Persona,
    pub volunteer: Persona,
    pub adviser: Persona,
    pub coordinator: Persona,
    pub privacy_officer: Persona,
}

/// When the tests begin: a Monday at nine.
pub const MONDAY: &str = "2026-11-23T09:00:00Z";

impl World {
    pub async fn new() -> anyhow::Result<Self> {
        let database = TestDatabase::new().await?;
        let keyring = Arc::new(Keyring::generate()?);
        let options = StoreOptions { url: database.app_url(), connections: 4, waiting: 256 };
        let store = PgStore::open(&options, Arc::clone(&keyring), Arc::new(|_, _| ()))?;
        let clock = Arc::new(FixedClock::at(MONDAY)?);
        Ok(Self { database, store, clock, ids: Arc::new(CountedIds::default()), keyring })
    }

    pub fn id<I: TypedId>(&self) -> I {
        I::from_uuid(self.ids.next(self.clock.now()))
    }

    pub fn op(&self, persona: &Persona) -> OpContext {
        OpContext::for_session(&persona.session, &*self.clock, Arc::clone(&self.ids))
    }

    fn job(&self, network: NetworkId) -> OpContext {
        OpContext::for_job("set-up", network, None, &*self.clock, Arc::clone(&self.ids))
    }

    /// A network with its organisations, services and staff.
    pub async fn region(&self, slug: &str) -> anyhow::Result<Region> {
        use OrganisationKind::{CommunityProvider, LinkWorkerService, Practice};
        let network: NetworkId = self.id();
        let owner = self.database.connect_as("trellis_platform").await?;
        owner
            .execute(
                "INSERT INTO networks (network_id, name, slug, zone, jurisdiction) VALUES ($1, $2, $2, 'Europe/London', 'england')",
                &[&network.uuid(), &slug],
            )
            .await?;
        let practice = self.organisation(network, "Mill Street Surgery", Practice).await?;
        let links = self.organisation(network, "North Vale Community Links", LinkWorkerService).await?;
        let walkers = self.organisation(network, "Eastfield Walkers", CommunityProvider).await?;
        let advice = self.organisation(network, "Vale Money Advice", CommunityProvider).await?;
        let in_practice = (network, Some(practice));
        let in_links = (network, Some(links));
        Ok(Region {
            network,
            practice,
            links,
            walkers,
            advice,
            link_service: self.service((network, links), "Link workers", None).await?,
            walking: self.service((network, walkers), "Monday walk", Some(1)).await?,
            debt_advice: self.service((network, advice), "Debt advice", Some(20)).await?,
            referrer: self.member(in_practice, "Dr Ama Osei", Role::Referrer).await?,
            link_worker: self.member(in_links, "Sam Ridley", Role::LinkWorker).await?,
            team_lead: self.member(in_links, "Noor Haddad", Role::TeamLead).await?,
            volunteer: self.member((network, Some(walkers)), "Bea Lowe", Role::ProviderWorker).await?,
            adviser: self.member((network, Some(advice)), "Tom Pryce", Role::ProviderWorker).await?,
            coordinator: self.member((network, None), "Ines Marsh", Role::NetworkCoordinator).await?,
            privacy_officer: self.member(in_links, "Pat Doyle", Role::PrivacyOfficer).await?,
        })
    }

    pub async fn organisation(
        &self,
        network: NetworkId,
        name: &str,
        kind: OrganisationKind,
    ) -> anyhow::Result<OrganisationId> {
        let local: String = name.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
        let organisation = Organisation {
            id: self.id(),
            name: name.to_owned(),
            kind,
            help_phone: "01632 960 001".to_owned(),
            email: Some(format!("{local}@example.org")),
            suspended: false,
        };
        let id = organisation.id;
        self.store.write(&self.job(network), move |tx, op| add_organisation(tx, op, organisation)).await?;
        Ok(id)
    }

    /// `places`: none means that it does not count them.
    pub async fn service(
        &self,
        (network, organisation): (NetworkId, OrganisationId),
        name: &str,
        places: Option<u32>,
    ) -> anyhow::Result<ServiceId> {
        self.service_like((network, organisation), name, places, |_| ()).await
    }

    /// With something about it that is not as usual.
    pub async fn service_like(
        &self,
        (network, organisation): (NetworkId, OrganisationId),
        name: &str,
        places: Option<u32>,
        change: impl FnOnce(&mut Service),
    ) -> anyhow::Result<ServiceId> {
        let capacity = Capacity { state: CapacityState::Open, places, taken: 0, as_of: self.clock.now() };
        let mut service = Service {
            id: self.id(),
            organisation,
            name: name.to_owned(),
            description: Some(format!("{name}, every week, all welcome")),
            status: ServiceStatus::Active,
            area: None,
            place: None,
            cost: Cost::Free,
            step_free: Some(true),
            online: false,
            languages: vec!["en".to_owned()],
            intake: IntakeRules::default(),
            targets: Targets::default(),
            capacity,
            source: None,
            version: 1,
        };
        change(&mut service);
        let id = service.id;
        self.store.write(&self.job(network), move |tx, op| publish(tx, op, service)).await?;
        Ok(id)
    }

    pub async fn member(
        &self,
        (network, organisation): (NetworkId, Option<OrganisationId>),
        name: &str,
        role: Role,
    ) -> anyhow::Result<Persona> {
        let (user, membership, session): (UserId, MembershipId, SessionId) =
            (self.id(), self.id(), self.id());
        let local: String = name.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
        let email = format!("{local}.{}@example.org", network.uuid().simple());
        let roles = Roles::from_iter([role]);
        let platform = self.database.connect_as("trellis_platform").await?;
        platform
            .execute(
                "INSERT INTO users (user_id, email, name, password_hash, created_at) VALUES ($1, $2, $3, '!', now())",
                &[&user.uuid(), &email, &name],
            )
            .await?;
        let member = Membership {
            id: membership,
            user,
            network,
            organisation,
            roles: roles.clone(),
            name: name.to_owned(),
            email: EmailAddress::parse(&email)?,
        };
        self.store.write(&self.job(network), move |tx, op| add_member(tx, op, member)).await?;
        platform
            .execute(
                "INSERT INTO sessions (session_id, user_id, membership_id, kind, secret_hash, created_at, last_seen_at, \
                 idle_ends_at, ends_at) VALUES ($1, $2, $3, 'api', $4, now(), now(), now() + '10 years', now() + '10 years')",
                &[&session.uuid(), &user.uuid(), &membership.uuid(), &session.uuid().as_bytes().as_slice()],
            )
            .await?;
        let session = VerifiedSession {
            session,
            user,
            membership,
            membership_version: 1,
            network,
            organisation,
            roles,
            proved_at: self.clock.now(),
        };
        Ok(Persona { session, email })
    }
}

/// Somebody to refer: nothing but a name and one way of contact (A4).
pub fn somebody(given: &str, family: &str, channel: Channel) -> anyhow::Result<Register> {
    let identity = Identity {
        given_name: Redacted::new(Line::parse(given)?),
        family_name: Redacted::new(Line::parse(family)?),
        birth_date: None,
        nhs_number: None,
        phone: None,
        email: None,
        address: None,
        postcode: None,
    };
    Ok(Register { identity, preferences: Preferences::by(channel), not_the_same_as: Vec::new() })
}
