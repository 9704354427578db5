//! What the verb needs of plans. Only plans of people whose full record is open to the acting organisation are there.

use super::Plan;
use crate::kernel::{PersonId, StoreError};

pub trait PlanReads {
    /// The newest version.
    fn plan(&mut self, person: PersonId) -> Result<Option<Plan>, StoreError>;
}

pub trait PlanWrites: PlanReads {
    /// Of two that save the same version only one is kept; the other is a conflict.
    fn insert_plan(&mut self, plan: &Plan) -> Result<(), StoreError>;
}
