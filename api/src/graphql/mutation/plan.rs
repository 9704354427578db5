//! Saving somebody's plan.

use async_graphql::{Context, Object};
use trellis_domain::kernel::{OpContext, PlanId, TypedId};
use trellis_domain::plan::{Plan, PlanError, save};
use trellis_domain::policy::Action;
use uuid::Uuid;

use crate::graphql::context::gql;
use crate::graphql::error::Fault;
use crate::graphql::input::plan::SavePlanInput;
use crate::graphql::payload::{Payload, PlanPayload};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::write::{Tx, once};

#[derive(Default, Debug)]
pub struct PlanMutation;

#[Object]
impl PlanMutation {
    /// The whole plan, as its next version. One that says what it said before stays the version it is.
    #[graphql(directive = rule::apply(Rule::By(Action::SavePlan).into()))]
    async fn save_plan(&self, ctx: &Context<'_>, input: SavePlanInput) -> Result<PlanPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| save(tx, op, cmd);
        PlanPayload::present(once(gql(ctx)?, "savePlan", &input, decide, again).await)
    }
}

fn again(tx: &mut Tx<'_>, plan: Uuid) -> Result<Plan, PlanError> {
    tx.plan_version(PlanId::from_uuid(plan))?.ok_or(PlanError::NotFound)
}
