//! Setting organisations up, changing how they are reached, shutting them out and closing them.

use async_graphql::{Context, Object};
use trellis_domain::directory::{
    Capacity, CapacityState, Cost, IntakeRules, Service, ServiceStatus, Targets,
};
use trellis_domain::identity::invite::Invite;
use trellis_domain::kernel::{Line, OpContext, OrganisationId, Postcode, Recorded, TypedId};
use trellis_domain::policy::Action;
use trellis_domain::tenancy::close::{close, name_successor};
use trellis_domain::tenancy::configure::{add_agreement, configure};
use trellis_domain::tenancy::create_organisation::{CreateOrganisation, create_organisation};
use trellis_domain::tenancy::suspend::{let_in, suspend};
use trellis_domain::tenancy::{Closing, Organisation, OrganisationError, OrganisationReads};
use trellis_infra::pg::read::outcodes::middle_of;
use uuid::Uuid;

use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::Fault;
use crate::graphql::input::Command;
use crate::graphql::input::organisation::{
    AddAgreementInput, CloseOrganisationInput, ConfigureOrganisationInput, CreateOrganisationInput,
    NameSuccessorInput, NewOrganisation, OrganisationInput, SuspendOrganisationInput,
};
use crate::graphql::objects::ManagedOrganisationObject;
use crate::graphql::payload::Payload;
use crate::graphql::payload::people::OrganisationPayload;
use crate::graphql::query::staff::managed;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::verdict::Verdict;
use crate::graphql::write::{Tx, once};

#[derive(Default, Debug)]
pub struct OrganisationMutation;

#[Object]
impl OrganisationMutation {
    /// With what it offers, what it has signed, and its first people, who are invited at once.
    #[graphql(directive = rule::apply(Rule::By(Action::AddOrganisation).into()))]
    async fn create_organisation(
        &self,
        ctx: &Context<'_>,
        input: CreateOrganisationInput,
    ) -> Result<OrganisationPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, new| create_organisation(tx, op, made(op, new));
        OrganisationPayload::present(after(gql(ctx)?, "createOrganisation", &input, decide).await)
    }

    #[graphql(directive = rule::apply(Rule::By(Action::ConfigureOrganisation).into()))]
    async fn configure_organisation(
        &self,
        ctx: &Context<'_>,
        input: ConfigureOrganisationInput,
    ) -> Result<OrganisationPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| configure(tx, op, cmd);
        OrganisationPayload::present(after(gql(ctx)?, "configureOrganisation", &input, decide).await)
    }

    #[graphql(directive = rule::apply(Rule::By(Action::KeepAgreements).into()))]
    async fn add_agreement(
        &self,
        ctx: &Context<'_>,
        input: AddAgreementInput,
    ) -> Result<OrganisationPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| add_agreement(tx, op, cmd);
        OrganisationPayload::present(after(gql(ctx)?, "addAgreement", &input, decide).await)
    }

    /// Holds from everybody's next request.
    #[graphql(directive = rule::apply(Rule::By(Action::SuspendOrganisation).into()))]
    async fn suspend_organisation(
        &self,
        ctx: &Context<'_>,
        input: SuspendOrganisationInput,
    ) -> Result<OrganisationPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| suspend(tx, op, cmd);
        OrganisationPayload::present(after(gql(ctx)?, "suspendOrganisation", &input, decide).await)
    }

    #[graphql(directive = rule::apply(Rule::By(Action::SuspendOrganisation).into()))]
    async fn let_in_organisation(
        &self,
        ctx: &Context<'_>,
        input: OrganisationInput,
    ) -> Result<OrganisationPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| let_in(tx, op, cmd);
        OrganisationPayload::present(after(gql(ctx)?, "letInOrganisation", &input, decide).await)
    }

    /// For good, from this instant. What it holds goes to its successor where the person's own decision covers them, else
    /// back to whoever asked. Refused while somebody would be lost by it.
    #[graphql(directive = rule::apply(Rule::By(Action::CloseOrganisation).into()))]
    async fn close_organisation(
        &self,
        ctx: &Context<'_>,
        input: CloseOrganisationInput,
    ) -> Result<OrganisationPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| close(tx, op, cmd);
        OrganisationPayload::present(closing(gql(ctx)?, "closeOrganisation", &input, decide).await)
    }

    /// For what is left of an organisation that has closed.
    #[graphql(directive = rule::apply(Rule::By(Action::CloseOrganisation).into()))]
    async fn name_successor(
        &self,
        ctx: &Context<'_>,
        input: NameSuccessorInput,
    ) -> Result<OrganisationPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| name_successor(tx, op, cmd);
        OrganisationPayload::present(closing(gql(ctx)?, "nameSuccessor", &input, decide).await)
    }
}

/// The organisation that has closed, as it stands after the act.
async fn closing<C, D>(
    gql: &GqlContext,
    operation: &'static str,
    input: &C,
    decide: D,
) -> Result<Option<ManagedOrganisationObject>, Verdict>
where
    C: Command,
    C::Parsed: Send + 'static,
    D: FnOnce(&mut Tx<'_>, &OpContext, C::Parsed) -> Result<Recorded<Closing>, OrganisationError>
        + Send
        + 'static,
{
    let again = |tx: &mut Tx<'_>, id: Uuid| {
        tx.closing(OrganisationId::from_uuid(id))?.ok_or(OrganisationError::NotFound)
    };
    let closing = once(gql, operation, input, decide, again).await?;
    Ok(managed(gql, closing.organisation).await?)
}

/// The organisation as it stands after the act.
async fn after<C, D>(
    gql: &GqlContext,
    operation: &'static str,
    input: &C,
    decide: D,
) -> Result<Option<ManagedOrganisationObject>, Verdict>
where
    C: Command,
    C::Parsed: Send + 'static,
    D: FnOnce(&mut Tx<'_>, &OpContext, C::Parsed) -> Result<Recorded<Organisation>, OrganisationError>
        + Send
        + 'static,
{
    let organisation = once(gql, operation, input, decide, again).await?;
    Ok(managed(gql, organisation.id).await?)
}

fn again(tx: &mut Tx<'_>, id: Uuid) -> Result<Organisation, OrganisationError> {
    tx.organisation(OrganisationId::from_uuid(id))?.ok_or(OrganisationError::NotFound)
}

fn made(op: &OpContext, new: NewOrganisation) -> CreateOrganisation {
    let id = op.new_id();
    let organisation = Organisation {
        id,
        name: new.name.into(),
        kind: new.kind,
        help_phone: new.help_phone.into(),
        email: new.email.map(String::from),
        suspended: false,
    };
    let services = new.services.into_iter().map(|name| offered(op, id, name, new.postcode.as_ref()));
    let person = |(email, roles)| Invite { organisation: Some(id), email, roles };
    CreateOrganisation {
        organisation,
        services: services.collect(),
        people: new.people.into_iter().map(person).collect(),
        postcode: new.postcode,
        agreement: new.agreement,
    }
}

/// As far as its name says. It is paused until its own people say that there is room.
pub fn offered(op: &OpContext, organisation: OrganisationId, name: Line, at: Option<&Postcode>) -> Service {
    let area = at.map(Postcode::outcode);
    let capacity = Capacity { state: CapacityState::Paused, places: None, taken: 0, as_of: op.now() };
    Service {
        id: op.new_id(),
        organisation,
        name: name.into(),
        description: None,
        status: ServiceStatus::Active,
        place: area.as_ref().and_then(middle_of),
        area,
        cost: Cost::Free,
        step_free: None,
        online: false,
        languages: vec!["en".to_owned()],
        intake: IntakeRules::default(),
        targets: Targets::default(),
        capacity,
        source: None,
        version: 1,
    }
}
