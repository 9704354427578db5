//! Room in a service, and tasks that were looked at.

use async_graphql::{ID, InputObject};
use trellis_domain::directory::set_capacity::SetCapacity;
use trellis_domain::kernel::TaskId;

use super::{Check, Command};
use crate::graphql::enums::CapacityState;
use crate::graphql::refusal::Refusal;

/// More places than any service has.
const MOST_PLACES: u32 = 100_000;

#[derive(InputObject, Clone)]
pub struct SetCapacityInput {
    pub service_id: ID,
    pub state: CapacityState,
    pub places: Option<i32>,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct FinishTaskInput {
    pub task_id: ID,
    pub idempotency_key: Option<String>,
}

impl Command for SetCapacityInput {
    type Parsed = SetCapacity;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<SetCapacity, Refusal> {
        let mut check = Check::new();
        let service = check.id("serviceId", &self.service_id);
        let fits = |places: i32| u32::try_from(places).ok().filter(|places| *places <= MOST_PLACES);
        let places = self
            .places
            .and_then(|places| check.field("places", fits(places).ok_or("must be between 0 and 100000")));
        check.finish(service.map(|service| SetCapacity { service, state: self.state.into(), places }))
    }
}

impl Command for FinishTaskInput {
    type Parsed = TaskId;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<TaskId, Refusal> {
        let mut check = Check::new();
        let task = check.id("taskId", &self.task_id);
        check.finish(task)
    }
}
