//! Room in services, and tasks that were looked at.

use async_graphql::{Context, Object};
use trellis_domain::directory::publish::ServiceError;
use trellis_domain::directory::set_capacity::set_capacity;
use trellis_domain::directory::{Service, ServiceReads};
use trellis_domain::kernel::{OpContext, ServiceId, TaskId, TypedId};
use trellis_domain::message::finish_task::finish_task;
use trellis_domain::message::{Task, TaskError, TaskWrites};
use trellis_domain::policy::Action;
use uuid::Uuid;

use crate::graphql::context::gql;
use crate::graphql::error::Fault;
use crate::graphql::input::directory::{FinishTaskInput, SetCapacityInput};
use crate::graphql::payload::{Payload, ServicePayload, TaskPayload};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::write::{Tx, once};

#[derive(Default, Debug)]
pub struct DirectoryMutation;

#[Object]
impl DirectoryMutation {
    #[graphql(directive = rule::apply(Rule::By(Action::SetCapacity).into()))]
    async fn set_capacity(
        &self,
        ctx: &Context<'_>,
        input: SetCapacityInput,
    ) -> Result<ServicePayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| set_capacity(tx, op, cmd);
        ServicePayload::present(once(gql(ctx)?, "setCapacity", &input, decide, again).await)
    }

    #[graphql(directive = rule::apply(Rule::By(Action::FinishTask).into()))]
    async fn finish_task(&self, ctx: &Context<'_>, input: FinishTaskInput) -> Result<TaskPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| finish_task(tx, op, cmd);
        TaskPayload::present(once(gql(ctx)?, "finishTask", &input, decide, task_again).await)
    }
}

fn again(tx: &mut Tx<'_>, service: Uuid) -> Result<Service, ServiceError> {
    tx.service(ServiceId::from_uuid(service))?.ok_or(ServiceError::NotFound)
}

fn task_again(tx: &mut Tx<'_>, task: Uuid) -> Result<Task, TaskError> {
    tx.task(TaskId::from_uuid(task))?.ok_or(TaskError::NotFound)
}
