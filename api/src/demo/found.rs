//! The founding of the region: the network and its logins by the platform, then organisations, members and
//! services by its coordinator.

use std::sync::Arc;

use jiff::Timestamp;
use trellis_domain::directory::{Capacity, CapacityState, Service, publish::publish};
use trellis_domain::identity::{Membership, User, add_member};
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{
    EmailAddress, IdSource, MembershipId, NetworkId, OpContext, OrganisationId, ServiceId, TypedId, UserId,
};
use trellis_domain::tenancy::{Organisation, add_organisation};

use super::dice::{At, SeededIds};
use super::error::DemoError;
use super::load::DemoParts;
use super::organisations::{ORGANISATIONS, OrganisationPlan};
use super::personas::{Persona, password};
use super::region::network;
use super::services::ServicePlan;
use super::staff::{COORDINATOR, STAFF, StaffPlan};

/// What stands when the stories begin, each list in the order of its plan.
pub(super) struct Founded {
    pub(super) network: NetworkId,
    pub(super) sessions: Vec<VerifiedSession>,
    pub(super) services: Vec<(ServiceId, OrganisationId)>,
}

/// Somebody who founds: where, when, and whose ids.
struct Founder<'a> {
    parts: &'a DemoParts<'a>,
    ids: Arc<SeededIds>,
    at: Timestamp,
    network: NetworkId,
}

pub(super) async fn found(
    parts: &DemoParts<'_>,
    (ids, at): (SeededIds, Timestamp),
    personas: &[Persona],
    services: &[ServicePlan],
) -> Result<Founded, DemoError> {
    let network = parts.platform.create_network(network(ids.next(at))).await?.id;
    let founder = Founder { parts, ids: Arc::new(ids), at, network };
    let users = founder.logins(personas).await?;
    let coordinator = founder.coordinator(&users).await?;
    let op = || OpContext::for_session(&coordinator, &At(at), founder.ids());
    let mut organisations = Vec::with_capacity(ORGANISATIONS.len());
    for plan in &ORGANISATIONS {
        organisations.push(founder.organisation(&op(), plan).await?);
    }
    let mut sessions = Vec::with_capacity(STAFF.len());
    for (staff, user) in STAFF.iter().zip(users) {
        if let Some(organisation) = staff.organisation {
            founder.hire(&op(), (staff, user), organisations.get(organisation).copied()).await?;
            sessions.push(founder.session(user).await?);
        } else {
            sessions.push(coordinator.clone());
        }
    }
    let mut published = Vec::with_capacity(services.len());
    for plan in services {
        let organisation = organisations.get(plan.organisation).copied();
        let organisation = organisation.ok_or(DemoError::Absent { what: "organisation" })?;
        published.push((founder.publish(&op(), plan, organisation).await?, organisation));
    }
    Ok(Founded { network, sessions, services: published })
}

impl Founder<'_> {
    fn ids(&self) -> Arc<SeededIds> {
        Arc::clone(&self.ids)
    }

    fn id<I: TypedId>(&self) -> I {
        I::from_uuid(self.ids.next(self.at))
    }

    /// Everybody's login. Staff whom nobody plays share the hash of a password that nobody knows.
    async fn logins(&self, personas: &[Persona]) -> Result<Vec<UserId>, DemoError> {
        let unknown = self.parts.passwords.hash(&password()).await?;
        let mut users = Vec::with_capacity(STAFF.len());
        for staff in &STAFF {
            let persona = personas.iter().find(|persona| Some(persona.key.as_str()) == staff.key);
            let hash = match persona {
                Some(persona) => self.parts.passwords.hash(&persona.password).await?,
                None => unknown.clone(),
            };
            let user = User { id: self.id(), email: email(staff)?, name: staff.name.to_owned() };
            users.push(self.parts.platform.create_user(user, hash, self.at).await?.id);
        }
        Ok(users)
    }

    /// The first member of a network is made by nobody in it.
    async fn coordinator(&self, users: &[UserId]) -> Result<VerifiedSession, DemoError> {
        let both = STAFF.get(COORDINATOR).zip(users.get(COORDINATOR).copied());
        let (staff, user) = both.ok_or(DemoError::Absent { what: "coordinator" })?;
        let job = OpContext::for_job("demo", self.network, None, &At(self.at), self.ids());
        self.hire(&job, (staff, user), None).await?;
        self.session(user).await
    }

    async fn session(&self, user: UserId) -> Result<VerifiedSession, DemoError> {
        let opened = self.parts.platform.open_demo_session(user, self.parts.now).await;
        opened.map_err(DemoError::refused("open a session"))
    }

    async fn hire(
        &self,
        op: &OpContext,
        (staff, user): (&StaffPlan, UserId),
        organisation: Option<OrganisationId>,
    ) -> Result<(), DemoError> {
        let member = Membership {
            id: self.id::<MembershipId>(),
            user,
            network: self.network,
            organisation,
            roles: staff.roles.iter().copied().collect(),
            name: staff.name.to_owned(),
            email: email(staff)?,
        };
        let added = self.parts.store.write(op, move |tx, op| add_member(tx, op, member)).await;
        added.map(drop).map_err(DemoError::refused("add a member"))
    }

    async fn organisation(
        &self,
        op: &OpContext,
        plan: &OrganisationPlan,
    ) -> Result<OrganisationId, DemoError> {
        let organisation = Organisation {
            id: self.id(),
            name: plan.name.to_owned(),
            kind: plan.kind,
            help_phone: plan.help_phone.to_owned(),
            email: plan.email.map(str::to_owned),
            suspended: false,
        };
        let added = self.parts.store.write(op, move |tx, op| add_organisation(tx, op, organisation)).await;
        added.map(|added| added.id).map_err(DemoError::refused("add an organisation"))
    }

    /// Open and uncounted while the stories are told; at their end every service says what room it has.
    async fn publish(
        &self,
        op: &OpContext,
        plan: &ServicePlan,
        organisation: OrganisationId,
    ) -> Result<ServiceId, DemoError> {
        let service = Service {
            id: self.id(),
            organisation,
            name: plan.name.clone(),
            description: Some(plan.description.clone()),
            status: plan.status,
            area: Some(plan.town.code()?),
            place: Some(plan.place),
            cost: plan.cost,
            step_free: plan.step_free,
            online: plan.online,
            languages: plan.languages.clone(),
            intake: plan.intake.clone(),
            targets: plan.targets,
            capacity: Capacity { state: CapacityState::Open, places: None, taken: 0, as_of: self.at },
            source: None,
            version: 1,
        };
        let published = self.parts.store.write(op, move |tx, op| publish(tx, op, service)).await;
        published.map(|service| service.id).map_err(DemoError::refused("publish a service"))
    }
}

fn email(staff: &StaffPlan) -> Result<EmailAddress, DemoError> {
    EmailAddress::parse(&staff.email()).map_err(DemoError::made("e-mail address"))
}
