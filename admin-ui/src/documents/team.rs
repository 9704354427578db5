//! The team's caseload: who has how much, giving referrals from worker to worker, and undoing that.
use super::document;
use crate::codes::{ReassignReason, RefusalCode};

document!(Team, "documents/team.graphql");
document!(SharedOut, "documents/spread.graphql");
document!(ReassignMany, "documents/commands/reassign_many.graphql");
document!(UndoAllocation, "documents/commands/undo_allocation.graphql");
document!(UndoMany, "documents/commands/undo_many.graphql");
