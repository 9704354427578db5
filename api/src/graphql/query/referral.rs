//! One referral. All that the document asks for is read in one transaction, with its audit entry.

use async_graphql::{Context, ID, Object};
use trellis_domain::kernel::ReferralId;
use trellis_domain::policy::Action;

use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::Answer;
use crate::graphql::node_id::parse_id;
use crate::graphql::objects::ReferralObject;
use crate::graphql::objects::look::look;
use crate::graphql::objects::person::decisions_of;
use crate::graphql::objects::wanted::{asks, asks_most};
use crate::graphql::rules::{Rule, rule};

#[derive(Default, Debug)]
pub struct ReferralQuery;

/// What to read together with a referral.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    timeline: Option<u16>,
    person: bool,
    decisions: bool,
}

#[Object]
impl ReferralQuery {
    /// Null for one that does not exist or is not ours to see: the same answer.
    #[graphql(directive = rule::apply(Rule::By(Action::ViewReferral).into()))]
    async fn referral(&self, ctx: &Context<'_>, id: ID) -> Answer<Option<ReferralObject>> {
        let gql = gql(ctx)?;
        let wanted = Wanted {
            timeline: asks_most(ctx, &["timeline"]),
            person: asks(ctx, &["person"]),
            decisions: asks(ctx, &["person", "decisions"]),
        };
        match parse_id(&id) {
            Ok(id) => referral(gql, id, wanted).await,
            Err(_) => gql.session().map(|_| None),
        }
    }
}

pub async fn referral(gql: &GqlContext, id: ReferralId, wanted: Wanted) -> Answer<Option<ReferralObject>> {
    let read = look(gql, move |tx, op| {
        let Some(view) = tx.referral_view(id)? else { return Ok(None) };
        tx.audit_read(op.authorize(Action::ViewReferral, &view.referral)?);
        let story = match wanted.timeline {
            Some(most) => Some((most, tx.timeline(&view.referral, most)?)),
            None => None,
        };
        if let Some(person) = view.person.as_ref().filter(|_| wanted.person)
            && let Ok(permit) = op.authorize(Action::ViewIdentity, &person.person)
        {
            tx.audit_read(permit);
        }
        let decisions = match view.person.as_ref().filter(|_| wanted.decisions) {
            Some(person) => Some(decisions_of(tx, op, &person.person)?),
            None => None,
        };
        Ok(Some((view, story, decisions)))
    });
    let found = read.await?;
    Ok(found.map(|(view, story, decisions)| {
        let referral = ReferralObject::from_view(view, story).with_decisions(decisions);
        if wanted.person { referral.with_person_told() } else { referral }
    }))
}
