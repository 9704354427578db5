//! Handing the records of people over to another organisation: both sides sign, each by a privacy officer.

use async_graphql::{Context, Object};
use trellis_domain::custody::{CustodyError, CustodyOffer, CustodyReads, answer, offer, withdraw};
use trellis_domain::kernel::{CustodyOfferId, OpContext, TypedId};
use trellis_domain::policy::Action;
use uuid::Uuid;

use crate::graphql::context::gql;
use crate::graphql::error::Fault;
use crate::graphql::input::custody::{AnswerCustodyOfferInput, OfferCustodyInput, WithdrawCustodyOfferInput};
use crate::graphql::payload::{CustodyOfferPayload, Payload};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::write::{Tx, once};

#[derive(Default, Debug)]
pub struct CustodyMutation;

#[Object]
impl CustodyMutation {
    /// All records that the acting organisation answers for, to one other. Nothing is shown or moved before that one has
    /// accepted; whoever is registered until the last has moved goes with them.
    #[graphql(directive = rule::apply(Rule::By(Action::OfferCustody).into()))]
    async fn offer_custody(
        &self,
        ctx: &Context<'_>,
        input: OfferCustodyInput,
    ) -> Result<CustodyOfferPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| offer(tx, op, cmd);
        CustodyOfferPayload::present(once(gql(ctx)?, "offerCustody", &input, decide, again).await)
    }

    /// Until it is answered.
    #[graphql(directive = rule::apply(Rule::By(Action::WithdrawCustodyOffer).into()))]
    async fn withdraw_custody_offer(
        &self,
        ctx: &Context<'_>,
        input: WithdrawCustodyOfferInput,
    ) -> Result<CustodyOfferPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| withdraw(tx, op, cmd);
        CustodyOfferPayload::present(once(gql(ctx)?, "withdrawCustodyOffer", &input, decide, again).await)
    }

    /// By whoever is asked to answer for the people. Accepted, one record after another goes over, and nobody stops it.
    #[graphql(directive = rule::apply(Rule::By(Action::AnswerCustodyOffer).into()))]
    async fn answer_custody_offer(
        &self,
        ctx: &Context<'_>,
        input: AnswerCustodyOfferInput,
    ) -> Result<CustodyOfferPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| answer(tx, op, cmd);
        CustodyOfferPayload::present(once(gql(ctx)?, "answerCustodyOffer", &input, decide, again).await)
    }
}

fn again(tx: &mut Tx<'_>, offer: Uuid) -> Result<CustodyOffer, CustodyError> {
    tx.custody_offer(CustodyOfferId::from_uuid(offer))?.ok_or(CustodyError::NotFound)
}
