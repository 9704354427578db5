//! Who asks, and anything by its id. What does not exist, is of no kind we know, or is not ours to see is null alike.

use async_graphql::{Context, ID, Object};
use trellis_domain::consent::DecisionReads;
use trellis_domain::kernel::{
    ContactId, DecisionId, MembershipId, NetworkId, OrganisationId, PersonId, ReferralId, ServiceId, TypedId,
};
use trellis_domain::policy::Action;
use uuid::Uuid;

use super::{directory, person, referral};
use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::{Answer, Fault};
use crate::graphql::node_id::{NodeKind, node_kind};
use crate::graphql::objects::look::look;
use crate::graphql::objects::{
    ContactObject, DecisionObject, MemberObject, NetworkObject, Node, OrganisationObject, ViewerObject,
};
use crate::graphql::rules::{Rule, rule};

/// The most ids that one question may name.
const MOST_NODES: usize = 100;

#[derive(Default, Debug)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
    #[graphql(directive = rule::apply(Rule::Own.into()))]
    async fn viewer(&self, ctx: &Context<'_>) -> Answer<ViewerObject> {
        let branded = ctx.look_ahead().field("branding").exists();
        Ok(ViewerObject::new(gql(ctx)?.session()?.clone()).branded(branded))
    }

    #[graphql(directive = rule::apply(Rule::AsItsType.into()))]
    async fn node(&self, ctx: &Context<'_>, id: ID) -> Answer<Option<Node>> {
        node(gql(ctx)?, &id).await
    }

    /// In the order of the ids.
    #[graphql(directive = rule::apply(Rule::AsItsType.into()))]
    async fn nodes(&self, ctx: &Context<'_>, ids: Vec<ID>) -> Answer<Vec<Option<Node>>> {
        if ids.len() > MOST_NODES {
            return Err(Fault::bad_input("at most 100 ids"));
        }
        let gql = gql(ctx)?;
        let mut found = Vec::with_capacity(ids.len());
        for id in &ids {
            found.push(node(gql, id).await?);
        }
        Ok(found)
    }
}

async fn node(gql: &GqlContext, id: &ID) -> Answer<Option<Node>> {
    gql.session()?;
    let Some((kind, uuid)) = node_kind(id) else { return Ok(None) };
    Ok(match kind {
        NodeKind::Network => network(gql, uuid).await?.map(Node::Network),
        NodeKind::Organisation => organisation(gql, uuid).await?.map(Node::Organisation),
        NodeKind::Member => member(gql, uuid).await?.map(Node::Member),
        NodeKind::Service => {
            let found = directory::service(gql, ServiceId::from_uuid(uuid)).await?;
            found.map(|service| Node::Service(Box::new(service)))
        }
        NodeKind::Person => {
            let found = person::person(gql, PersonId::from_uuid(uuid), person::Wanted::default()).await?;
            found.map(|person| Node::Person(Box::new(person)))
        }
        NodeKind::Referral => {
            let found =
                referral::referral(gql, ReferralId::from_uuid(uuid), referral::Wanted::default()).await?;
            found.map(|referral| Node::Referral(Box::new(referral)))
        }
        NodeKind::Decision => decision(gql, uuid).await?.map(Node::Decision),
        NodeKind::Contact => contact(gql, uuid).await?.map(Node::Contact),
    })
}

async fn network(gql: &GqlContext, id: Uuid) -> Answer<Option<NetworkObject>> {
    if gql.session()?.network != NetworkId::from_uuid(id) {
        return Ok(None);
    }
    Ok(Some(NetworkObject(look(gql, |tx, _| Ok(tx.network_card()?)).await?)))
}

async fn organisation(gql: &GqlContext, id: Uuid) -> Answer<Option<OrganisationObject>> {
    let read = look(gql, move |tx, op| {
        op.visibility(Action::ViewDirectory)?;
        Ok(tx.organisation_card(OrganisationId::from_uuid(id))?)
    });
    Ok(read.await?.map(OrganisationObject))
}

/// A colleague; oneself always.
async fn member(gql: &GqlContext, id: Uuid) -> Answer<Option<MemberObject>> {
    let own = gql.session()?.membership;
    let read = look(gql, move |tx, op| {
        let id = MembershipId::from_uuid(id);
        let Some(card) = tx.member_card(id)? else { return Ok(None) };
        let seen = op.visibility(Action::ViewMembers);
        Ok(Some(card).filter(|card| id == own || seen.is_ok_and(|seen| card.is_within(seen))))
    });
    Ok(read.await?.map(MemberObject))
}

/// For those who may see the whole record of the person.
async fn decision(gql: &GqlContext, id: Uuid) -> Answer<Option<DecisionObject>> {
    let read = look(gql, move |tx, op| {
        let id = DecisionId::from_uuid(id);
        let Some(decision) = tx.decision(id)? else { return Ok(None) };
        let Some(view) = tx.person_view(decision.person)? else { return Ok(None) };
        tx.audit_read(op.authorize(Action::ViewRecord, &view.person)?);
        Ok(tx.decision_entry(decision.person, id)?)
    });
    Ok(read.await?.map(DecisionObject::from_entry))
}

/// The acting organisation's own, with the person still in sight.
async fn contact(gql: &GqlContext, id: Uuid) -> Answer<Option<ContactObject>> {
    let read = look(gql, move |tx, op| {
        let seen = op.visibility(Action::ViewContacts)?;
        let Some(entry) = tx.contact_entry(seen, ContactId::from_uuid(id))? else { return Ok(None) };
        let Some(view) = tx.person_view(entry.contact.person)? else { return Ok(None) };
        tx.audit_read(op.authorize(Action::ViewIdentity, &view.person)?);
        Ok(Some(entry))
    });
    Ok(read.await?.map(ContactObject::from_entry))
}
