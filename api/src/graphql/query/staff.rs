//! Who works where, who is invited, and how organisations stand: for whoever answers for a place.

use async_graphql::{Context, ID, InputObject, Object};
use trellis_domain::kernel::{MembershipId, OrganisationId, PageRequest};
use trellis_domain::policy::Action;
use trellis_infra::pg::platform::JoinError;
use trellis_infra::pg::read::StaffFilter;

use super::page::{List, Placed, connection};
use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::{Answer, Fault, FaultCode};
use crate::graphql::node_id::parse_id;
use crate::graphql::objects::closing::ClosingObject;
use crate::graphql::objects::look::look;
use crate::graphql::objects::staff::agreements_on;
use crate::graphql::objects::{InvitationObject, ManagedOrganisationObject, OpenedInvitation, StaffMember};
use crate::graphql::rules::{Rule, rule};

connection!(StaffConnection, StaffEdge of StaffMember);
connection!(InvitationConnection, InvitationEdge of InvitationObject);
connection!(ManagedOrganisationConnection, ManagedOrganisationEdge of ManagedOrganisationObject);

const LONGEST_WORDS: usize = 200;

#[derive(InputObject, Clone, Debug, Default)]
#[graphql(name = "StaffFilter")]
pub struct StaffFilterInput {
    /// Part of a name.
    words: Option<String>,
    /// For a role in the network: of this organisation only.
    organisation_id: Option<ID>,
    /// Those whose login has nothing but its password.
    #[graphql(default)]
    without_second_factor: bool,
}

#[derive(Default, Debug)]
pub struct StaffQuery;

#[Object]
impl StaffQuery {
    /// Members by name, with their addresses: of the acting organisation; of all in the network for a role in it.
    #[graphql(directive = rule::apply(Rule::By(Action::ListStaff).into()))]
    async fn staff(
        &self,
        ctx: &Context<'_>,
        filter: Option<StaffFilterInput>,
        first: i32,
        after: Option<String>,
    ) -> Answer<StaffConnection> {
        let gql = gql(ctx)?;
        let session = gql.session()?;
        let (list, you) = (List::of("staff", session), session.membership);
        let page = list.page(first, after.as_deref())?;
        let asked = filter.unwrap_or_default();
        let organisation = asked.organisation_id.as_ref().map(parse_id::<OrganisationId>).transpose();
        let Ok(organisation) = organisation else { return Ok(nobody(&list)) };
        let without_second_factor = asked.without_second_factor;
        let filter =
            StaffFilter { words: short(asked.words)?, organisation, member: None, without_second_factor };
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::ListStaff)?;
            Ok(tx.staff(seen, &filter, &page)?)
        });
        let page = read.await?;
        let cursors: Vec<String> = page.rows.iter().map(|row| list.cursor(&row.key())).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let rows = page.rows.into_iter().zip(cursors);
        let rows = rows.map(|(row, cursor)| Placed { node: StaffMember::of(row, you), cursor });
        Ok(StaffConnection::new(rows.collect(), page_info))
    }

    /// One member of those whom the list shows.
    #[graphql(directive = rule::apply(Rule::By(Action::ListStaff).into()))]
    async fn staff_member(&self, ctx: &Context<'_>, id: ID) -> Answer<Option<StaffMember>> {
        let gql = gql(ctx)?;
        let you = gql.session()?.membership;
        let Ok(member) = parse_id::<MembershipId>(&id) else { return Ok(None) };
        let one = PageRequest::new(1, None).map_err(|error| Fault::bad_input(error.to_string()))?;
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::ListStaff)?;
            Ok(tx.staff(seen, &StaffFilter { member: Some(member), ..StaffFilter::default() }, &one)?)
        });
        Ok(read.await?.rows.pop().map(|row| StaffMember::of(row, you)))
    }

    /// Invitations that nobody has taken up, the newest first.
    #[graphql(directive = rule::apply(Rule::By(Action::ListInvitations).into()))]
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
    ) -> Answer<InvitationConnection> {
        let gql = gql(ctx)?;
        let list = List::of("invitations", gql.session()?);
        let page = list.page(first, after.as_deref())?;
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::ListInvitations)?;
            Ok(tx.open_invitations(seen, &page)?)
        });
        let page = read.await?;
        let cursors: Vec<String> = page.rows.iter().map(|row| list.cursor(&row.key())).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let rows = page.rows.into_iter().zip(cursors);
        let rows = rows.map(|(row, cursor)| Placed { node: InvitationObject::listed(row), cursor });
        Ok(InvitationConnection::new(rows.collect(), page_info))
    }

    /// Organisations by name, closed ones too: the network's, or one's own.
    #[graphql(directive = rule::apply(Rule::By(Action::ListOrganisations).into()))]
    async fn managed_organisations(
        &self,
        ctx: &Context<'_>,
        words: Option<String>,
        first: i32,
        after: Option<String>,
    ) -> Answer<ManagedOrganisationConnection> {
        let gql = gql(ctx)?;
        let list = List::of("managedOrganisations", gql.session()?);
        let page = list.page(first, after.as_deref())?;
        let words = short(words)?;
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::ListOrganisations)?;
            let page = tx.managed_organisations(seen, words.as_deref(), &page)?;
            let standing =
                page.rows.iter().map(|row| agreements_on(tx, op.now(), &row.agreements)).collect::<Vec<_>>();
            Ok((page, standing))
        });
        let (page, standing) = read.await?;
        let cursors: Vec<String> = page.rows.iter().map(|row| list.cursor(&row.key())).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let rows = page.rows.into_iter().zip(standing).zip(cursors);
        let rows = rows.map(|((managed, agreements), cursor)| Placed {
            node: ManagedOrganisationObject { managed, agreements },
            cursor,
        });
        Ok(ManagedOrganisationConnection::new(rows.collect(), page_info))
    }

    /// Closed organisations that hold what nobody could take: they need another successor. At most 50.
    #[graphql(directive = rule::apply(Rule::By(Action::ListOrganisations).into()))]
    async fn waiting_closings(&self, ctx: &Context<'_>) -> Answer<Vec<ClosingObject>> {
        let read = look(gql(ctx)?, move |tx, op| {
            let seen = op.visibility(Action::ListOrganisations)?;
            Ok(tx.waiting_closings(seen)?)
        });
        let object = |(closing, whose)| ClosingObject::new(closing, whose);
        Ok(read.await?.into_iter().map(object).collect())
    }

    #[graphql(directive = rule::apply(Rule::By(Action::ListOrganisations).into()))]
    async fn managed_organisation(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> Answer<Option<ManagedOrganisationObject>> {
        let gql = gql(ctx)?;
        let Ok(id) = parse_id(&id) else { return gql.session().map(|_| None) };
        managed(gql, id).await
    }

    /// Anonymous: the secret is the token of the link. Looking spends nothing.
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn invitation(&self, ctx: &Context<'_>, token: String) -> Answer<OpenedInvitation> {
        let gql = gql(ctx)?;
        match gql.parts().platform.invitation(&token).await {
            Ok(facts) => Ok(OpenedInvitation::of(&facts, gql.now())),
            Err(JoinError::Store(error)) => Err(error.into()),
            Err(_) => Err(Fault::new(
                FaultCode::NotFound,
                "this link is not known; use the one in the newest e-mail",
            )),
        }
    }
}

pub async fn managed(gql: &GqlContext, id: OrganisationId) -> Answer<Option<ManagedOrganisationObject>> {
    let read = look(gql, move |tx, op| {
        let seen = op.visibility(Action::ListOrganisations)?;
        let managed = tx.managed_organisation(seen, id)?;
        Ok(managed.map(|managed| {
            let agreements = agreements_on(tx, op.now(), &managed.agreements);
            ManagedOrganisationObject { managed, agreements }
        }))
    });
    read.await
}

fn nobody(list: &List) -> StaffConnection {
    StaffConnection::new(Vec::new(), list.info(&[], None, false))
}

fn short(words: Option<String>) -> Answer<Option<String>> {
    if words.as_deref().is_some_and(|words| words.chars().count() > LONGEST_WORDS) {
        return Err(Fault::bad_input("words must be at most 200 characters"));
    }
    Ok(words)
}
