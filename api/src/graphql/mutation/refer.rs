//! Asking a service: on one page, as a draft, or onward.

use async_graphql::{Context, Object};
use trellis_domain::kernel::{OpContext, ReferralId, TypedId};
use trellis_domain::policy::Action;
use trellis_domain::referral::ask::ask;
use trellis_domain::referral::place::place;
use trellis_domain::referral::refer::refer;
use trellis_domain::referral::{Referral, ReferralError, ReferralReads};
use uuid::Uuid;

use crate::graphql::context::gql;
use crate::graphql::error::Fault;
use crate::graphql::input::refer::{DraftReferralInput, ReferInput, ReferOnwardInput};
use crate::graphql::payload::{Payload, ReferralPayload};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::write::{Tx, once};

#[derive(Default, Debug)]
pub struct ReferMutation;

#[Object]
impl ReferMutation {
    #[graphql(directive = rule::apply(Rule::By(Action::DraftReferral).into()))]
    async fn refer(&self, ctx: &Context<'_>, input: ReferInput) -> Result<ReferralPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| refer(tx, op, cmd);
        ReferralPayload::present(once(gql(ctx)?, "refer", &input, decide, again).await)
    }

    #[graphql(directive = rule::apply(Rule::By(Action::PlaceReferral).into()))]
    async fn refer_onward(
        &self,
        ctx: &Context<'_>,
        input: ReferOnwardInput,
    ) -> Result<ReferralPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| place(tx, op, cmd);
        ReferralPayload::present(once(gql(ctx)?, "referOnward", &input, decide, again).await)
    }

    #[graphql(directive = rule::apply(Rule::By(Action::DraftReferral).into()))]
    async fn draft_referral(
        &self,
        ctx: &Context<'_>,
        input: DraftReferralInput,
    ) -> Result<ReferralPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| ask(tx, op, cmd);
        ReferralPayload::present(once(gql(ctx)?, "draftReferral", &input, decide, again).await)
    }
}

fn again(tx: &mut Tx<'_>, referral: Uuid) -> Result<Referral, ReferralError> {
    tx.referral(ReferralId::from_uuid(referral))?.ok_or(ReferralError::NotFound)
}
