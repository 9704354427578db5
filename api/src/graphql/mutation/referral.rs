//! The commands on a referral: one arrow of the lifecycle each.

use async_graphql::{Context, ID, Object};
use trellis_domain::kernel::{OpContext, Recorded, ReferralId, TypedId};
use trellis_domain::policy::Action;
use trellis_domain::referral::accept::accept;
use trellis_domain::referral::acknowledge_risk::acknowledge_risk;
use trellis_domain::referral::allocate::allocate;
use trellis_domain::referral::cancel::cancel;
use trellis_domain::referral::complete::complete;
use trellis_domain::referral::decline::decline;
use trellis_domain::referral::end::end;
use trellis_domain::referral::give_back::give_back;
use trellis_domain::referral::hold::hold;
use trellis_domain::referral::mark_read::mark_read;
use trellis_domain::referral::offer_place::offer_place;
use trellis_domain::referral::reopen::reopen;
use trellis_domain::referral::resume::resume;
use trellis_domain::referral::send::send;
use trellis_domain::referral::start::start;
use trellis_domain::referral::transfer::transfer;
use trellis_domain::referral::waitlist::waitlist;
use trellis_domain::referral::withdraw::withdraw;
use trellis_domain::referral::{Referral, ReferralError, ReferralReads, Target};
use uuid::Uuid;

use crate::graphql::context::gql;
use crate::graphql::error::Fault;
use crate::graphql::input::referral::{
    AllocateReferralInput, CancelReferralInput, CompleteReferralInput, DeclineReferralInput,
    EndReferralInput, HoldReferralInput, OfferPlaceInput, ReferralCommandInput, ReopenReferralInput,
    ReturnReferralInput, TransferReferralInput, WithdrawReferralInput,
};
use crate::graphql::input::{Check, Command};
use crate::graphql::payload::{Payload, ReferralPayload};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::verdict::Verdict;
use crate::graphql::write::{Tx, once};

/// Parses, runs one use case at most once, presents.
async fn command<C, D>(
    ctx: &Context<'_>,
    operation: &'static str,
    input: &C,
    decide: D,
) -> Result<ReferralPayload, Fault>
where
    C: Command,
    C::Parsed: Send + 'static,
    D: FnOnce(&mut Tx<'_>, &OpContext, C::Parsed) -> Result<Recorded<Referral>, ReferralError>
        + Send
        + 'static,
{
    ReferralPayload::present(once(gql(ctx)?, operation, input, decide, again).await)
}

fn again(tx: &mut Tx<'_>, referral: Uuid) -> Result<Referral, ReferralError> {
    tx.referral(ReferralId::from_uuid(referral))?.ok_or(ReferralError::NotFound)
}

#[derive(Default, Debug)]
pub struct ReferralMutation;

#[Object]
impl ReferralMutation {
    #[graphql(directive = rule::apply(Rule::By(Action::SendReferral).into()))]
    async fn send_referral(
        &self,
        ctx: &Context<'_>,
        input: ReferralCommandInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "sendReferral", &input, |tx, op, cmd| send(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::AcceptReferral).into()))]
    async fn accept_referral(
        &self,
        ctx: &Context<'_>,
        input: ReferralCommandInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "acceptReferral", &input, |tx, op, cmd| accept(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::WaitlistReferral).into()))]
    async fn waitlist_referral(
        &self,
        ctx: &Context<'_>,
        input: ReferralCommandInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "waitlistReferral", &input, |tx, op, cmd| waitlist(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::OfferPlace).into()))]
    async fn offer_place(&self, ctx: &Context<'_>, input: OfferPlaceInput) -> Result<ReferralPayload, Fault> {
        command(ctx, "offerPlace", &input, |tx, op, cmd| offer_place(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::ReturnReferral).into()))]
    async fn return_referral(
        &self,
        ctx: &Context<'_>,
        input: ReturnReferralInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "returnReferral", &input, |tx, op, cmd| give_back(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::DeclineReferral).into()))]
    async fn decline_referral(
        &self,
        ctx: &Context<'_>,
        input: DeclineReferralInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "declineReferral", &input, |tx, op, cmd| decline(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::AllocateReferral).into()))]
    async fn allocate_referral(
        &self,
        ctx: &Context<'_>,
        input: AllocateReferralInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "allocateReferral", &input, |tx, op, cmd| allocate(tx, op, cmd)).await
    }

    /// By the named worker, where a risk is recorded: they know of it.
    #[graphql(directive = rule::apply(Rule::By(Action::AcknowledgeRisk).into()))]
    async fn acknowledge_risk(
        &self,
        ctx: &Context<'_>,
        input: ReferralCommandInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "acknowledgeRisk", &input, |tx, op, cmd| acknowledge_risk(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::StartReferral).into()))]
    async fn start_referral(
        &self,
        ctx: &Context<'_>,
        input: ReferralCommandInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "startReferral", &input, |tx, op, cmd| start(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::HoldReferral).into()))]
    async fn hold_referral(
        &self,
        ctx: &Context<'_>,
        input: HoldReferralInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "holdReferral", &input, |tx, op, cmd| hold(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::ResumeReferral).into()))]
    async fn resume_referral(
        &self,
        ctx: &Context<'_>,
        input: ReferralCommandInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "resumeReferral", &input, |tx, op, cmd| resume(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::CompleteReferral).into()))]
    async fn complete_referral(
        &self,
        ctx: &Context<'_>,
        input: CompleteReferralInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "completeReferral", &input, |tx, op, cmd| complete(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::EndReferral).into()))]
    async fn end_referral(
        &self,
        ctx: &Context<'_>,
        input: EndReferralInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "endReferral", &input, |tx, op, cmd| end(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::WithdrawReferral).into()))]
    async fn withdraw_referral(
        &self,
        ctx: &Context<'_>,
        input: WithdrawReferralInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "withdrawReferral", &input, |tx, op, cmd| withdraw(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::CancelReferral).into()))]
    async fn cancel_referral(
        &self,
        ctx: &Context<'_>,
        input: CancelReferralInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "cancelReferral", &input, |tx, op, cmd| cancel(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::TransferReferral).into()))]
    async fn transfer_referral(
        &self,
        ctx: &Context<'_>,
        input: TransferReferralInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "transferReferral", &input, |tx, op, cmd| transfer(tx, op, cmd)).await
    }

    #[graphql(directive = rule::apply(Rule::By(Action::ReopenReferral).into()))]
    async fn reopen_referral(
        &self,
        ctx: &Context<'_>,
        input: ReopenReferralInput,
    ) -> Result<ReferralPayload, Fault> {
        command(ctx, "reopenReferral", &input, |tx, op, cmd| reopen(tx, op, cmd)).await
    }

    /// The news was seen. It needs no version and no key: seeing it twice is no mistake.
    #[graphql(directive = rule::apply(Rule::By(Action::MarkRead).into()))]
    async fn mark_referral_read(&self, ctx: &Context<'_>, referral_id: ID) -> Result<ReferralPayload, Fault> {
        let gql = gql(ctx)?;
        let op = gql.op()?;
        let mut check = Check::new();
        let referral: Option<ReferralId> = check.id("referralId", &referral_id);
        let target = match check.finish(referral) {
            Ok(referral) => Target { referral, version: None },
            Err(refusal) => return Ok(ReferralPayload::refused(refusal)),
        };
        let seen = gql.store().write(&op, move |tx, op| mark_read(tx, op, target)).await;
        ReferralPayload::present(seen.map_err(Verdict::from))
    }
}
