//! Sharing decisions, recorded and taken back.

use async_graphql::{Context, Object};
use trellis_domain::consent::record::{DecisionError, record};
use trellis_domain::consent::withdraw::withdraw;
use trellis_domain::consent::{Decision, DecisionReads};
use trellis_domain::kernel::{DecisionId, OpContext, TypedId};
use trellis_domain::policy::Action;
use uuid::Uuid;

use crate::graphql::context::gql;
use crate::graphql::error::Fault;
use crate::graphql::input::decision::{RecordDecisionInput, WithdrawDecisionInput};
use crate::graphql::payload::{DecisionPayload, Payload, WithdrawDecisionPayload};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::write::{Tx, Withdrawn, once};

#[derive(Default, Debug)]
pub struct DecisionMutation;

#[Object]
impl DecisionMutation {
    #[graphql(directive = rule::apply(Rule::By(Action::RecordDecision).into()))]
    async fn record_decision(
        &self,
        ctx: &Context<'_>,
        input: RecordDecisionInput,
    ) -> Result<DecisionPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| record(tx, op, cmd);
        DecisionPayload::present(once(gql(ctx)?, "recordDecision", &input, decide, again).await)
    }

    #[graphql(directive = rule::apply(Rule::By(Action::WithdrawDecision).into()))]
    async fn withdraw_decision(
        &self,
        ctx: &Context<'_>,
        input: WithdrawDecisionInput,
    ) -> Result<WithdrawDecisionPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| {
            let done = withdraw(tx, op, cmd)?;
            let lines = tx.receipt_lines(&done.value().receipt)?;
            Ok(done.map(|withdrawal| Withdrawn { decision: withdrawal.decision, lines }))
        };
        let answer = once(gql(ctx)?, "withdrawDecision", &input, decide, receipt_again).await;
        WithdrawDecisionPayload::present(answer)
    }
}

fn receipt_again(tx: &mut Tx<'_>, decision: Uuid) -> Result<Withdrawn, DecisionError> {
    let decision = again(tx, decision)?;
    let held = tx.receipt_of(&decision)?;
    Ok(Withdrawn { decision, lines: tx.receipt_lines(&held)? })
}

fn again(tx: &mut Tx<'_>, decision: Uuid) -> Result<Decision, DecisionError> {
    tx.decision(DecisionId::from_uuid(decision))?.ok_or(DecisionError::NotFound)
}
