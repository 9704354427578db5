//! What matters to a person in their own words, their goals, and what will be done, by whom and by when. Each save is a
//! version of its own; none is ever changed.

pub mod changes;
pub mod content;
pub mod plan;
pub mod repo;
pub mod save;
#[cfg(test)]
mod save_tests;
pub mod wanted;

pub use changes::{Change, ChangeKind};
pub use content::{ActionBy, ActionKind, Content, Goal, PlanAction, Rating, Score};
pub use plan::{Plan, PlanError, PlanEvent};
pub use repo::{PlanReads, PlanWrites};
pub use save::{SavePlan, save};
pub use wanted::{Wanted, WantedAction, WantedGoal};
