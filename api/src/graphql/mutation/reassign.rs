//! Giving referrals from worker to worker, one or many at once, and undoing for ten minutes what was given or logged.

use async_graphql::{Context, Object};
use trellis_domain::contact::{ContactError, undo as contact_undo};
use trellis_domain::kernel::{ContactId, OpContext, ReassignmentId, Recorded, ReferralId, TypedId};
use trellis_domain::policy::Action;
use trellis_domain::referral::reassign::{Reassign, reassign};
use trellis_domain::referral::undo_allocation::undo_allocation;
use trellis_domain::referral::{Referral, ReferralError, ReferralReads};
use trellis_infra::auth::request_digest;
use uuid::Uuid;

use super::contact::logged_again;
use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::Fault;
use crate::graphql::input::Command;
use crate::graphql::input::command::key_of;
use crate::graphql::input::reassign::{
    ReassignReferralInput, ReassignReferralsInput, UndoAllocationInput, UndoAllocationsInput,
    UndoContactInput,
};
use crate::graphql::payload::{ContactPayload, MoveOutcome, Payload, ReassignedPayload, ReferralPayload};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::verdict::Verdict;
use crate::graphql::write::{Logged, Tx, once};

#[derive(Default, Debug)]
pub struct ReassignMutation;

#[Object]
impl ReassignMutation {
    /// From the worker who has it to another, for a reason. It is due when it was, and what was agreed goes along.
    #[graphql(directive = rule::apply(Rule::By(Action::ReassignReferral).into()))]
    async fn reassign_referral(
        &self,
        ctx: &Context<'_>,
        input: ReassignReferralInput,
    ) -> Result<ReferralPayload, Fault> {
        let done = once(gql(ctx)?, "reassignReferral", &input, |tx, op, cmd| reassign(tx, op, cmd), again);
        ReferralPayload::present(done.await)
    }

    /// Many at once, each for itself: to whoever is named for it, whether somebody has it or nobody.
    #[graphql(directive = rule::apply(Rule::By(Action::ReassignReferral).into()))]
    async fn reassign_referrals(
        &self,
        ctx: &Context<'_>,
        input: ReassignReferralsInput,
    ) -> Result<ReassignedPayload, Fault> {
        ReassignedPayload::present(moved(gql(ctx)?, &input).await)
    }

    /// For ten minutes, by whoever gave it away, while nothing else has happened: it is whose it was.
    #[graphql(directive = rule::apply(Rule::By(Action::UndoAllocation).into()))]
    async fn undo_allocation(
        &self,
        ctx: &Context<'_>,
        input: UndoAllocationInput,
    ) -> Result<ReferralPayload, Fault> {
        let done = once(gql(ctx)?, "undoAllocation", &input, |tx, op, id| undo_allocation(tx, op, id), again);
        ReferralPayload::present(done.await)
    }

    /// The same for many at once, each for itself.
    #[graphql(directive = rule::apply(Rule::By(Action::UndoAllocation).into()))]
    async fn undo_allocations(
        &self,
        ctx: &Context<'_>,
        input: UndoAllocationsInput,
    ) -> Result<ReassignedPayload, Fault> {
        ReassignedPayload::present(put_back(gql(ctx)?, &input).await)
    }

    /// For ten minutes, by whoever logged it, while nothing else has happened: it stays on the record and counts for nothing.
    #[graphql(directive = rule::apply(Rule::By(Action::UndoContact).into()))]
    async fn undo_contact(
        &self,
        ctx: &Context<'_>,
        input: UndoContactInput,
    ) -> Result<ContactPayload, Fault> {
        ContactPayload::present(once(gql(ctx)?, "undoContact", &input, taken_back, logged_again).await)
    }
}

fn again(tx: &mut Tx<'_>, referral: Uuid) -> Result<Referral, ReferralError> {
    tx.referral(ReferralId::from_uuid(referral))?.ok_or(ReferralError::NotFound)
}

fn taken_back(tx: &mut Tx<'_>, op: &OpContext, id: ContactId) -> Result<Recorded<Logged>, ContactError> {
    let recorded = contact_undo::undo(tx, op, id)?;
    let referral = tx.referral(recorded.value().referral)?;
    Ok(recorded.map(|contact| Logged { contact, referral }))
}

/// One after another, so that whoever is told of several is told once.
async fn moved(gql: &GqlContext, input: &ReassignReferralsInput) -> Result<Vec<MoveOutcome>, Verdict> {
    let (op, all) = in_parts(gql, "reassignReferrals", input)?;
    let together = Some(named(&op));
    let mut outcomes = Vec::with_capacity(all.len());
    for one in all {
        let id = one.target.referral;
        let cmd = Reassign { together, ..one };
        let done = gql.store().write_part(&op, id.uuid(), move |tx, op| reassign(tx, op, cmd), again).await;
        outcomes.push(outcome(gql, id, done.map(|answer| answer.replayed))?);
    }
    Ok(outcomes)
}

async fn put_back(gql: &GqlContext, input: &UndoAllocationsInput) -> Result<Vec<MoveOutcome>, Verdict> {
    let (op, all) = in_parts(gql, "undoAllocations", input)?;
    let mut outcomes = Vec::with_capacity(all.len());
    for id in all {
        let done =
            gql.store().write_part(&op, id.uuid(), move |tx, op| undo_allocation(tx, op, id), again).await;
        outcomes.push(outcome(gql, id, done.map(|answer| answer.replayed))?);
    }
    Ok(outcomes)
}

fn in_parts<C: Command>(
    gql: &GqlContext,
    operation: &'static str,
    input: &C,
) -> Result<(OpContext, C::Parsed), Verdict> {
    gql.session()?;
    let key = key_of(gql, operation, input)?;
    let parsed = input.parse()?;
    Ok((gql.op_once(key)?, parsed))
}

/// The same for the same request, so that whoever heard of it before it was stopped does not hear again.
fn named(op: &OpContext) -> ReassignmentId {
    let Some(key) = op.idempotency() else { return op.new_id() };
    let whose = op.user().map(TypedId::uuid).unwrap_or_default();
    let digest = request_digest(&key.key, whose.as_bytes());
    let bytes: [u8; 16] = std::array::from_fn(|at| digest.get(at).copied().unwrap_or_default());
    ReassignmentId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// What is refused is an answer about this one. A fault ends the request: asked again, it goes on from here.
fn outcome(
    gql: &GqlContext,
    id: ReferralId,
    done: Result<bool, ReferralError>,
) -> Result<MoveOutcome, Verdict> {
    match done.map_err(Verdict::from) {
        Ok(replayed) => {
            gql.note_replay(replayed);
            Ok(MoveOutcome::of(id, None))
        }
        Err(Verdict::Refused(refusal)) => Ok(MoveOutcome::of(id, Some(refusal))),
        Err(failed) => Err(failed),
    }
}
