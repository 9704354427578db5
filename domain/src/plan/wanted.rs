//! A plan as somebody sends it: what is new in it has no id yet.

use jiff::civil::Date;

use super::{ActionBy, ActionKind, Content, Goal, PlanAction, Rating};
use crate::kernel::{GoalId, Line, OpContext, PlanActionId, Prose};

#[derive(Debug, Clone)]
pub struct Wanted {
    pub matters: Option<Prose>,
    pub goals: Vec<WantedGoal>,
}

#[derive(Debug, Clone)]
pub struct WantedGoal {
    pub id: Option<GoalId>,
    pub words: Prose,
    pub ratings: Vec<Rating>,
    pub actions: Vec<WantedAction>,
}

#[derive(Debug, Clone)]
pub struct WantedAction {
    pub id: Option<PlanActionId>,
    pub kind: ActionKind,
    pub words: Line,
    pub by: ActionBy,
    pub by_name: Option<Line>,
    pub due_on: Option<Date>,
    pub done_on: Option<Date>,
}

impl Wanted {
    /// An id that was sent is kept, whether or not the newest version has it: what somebody else took out meanwhile comes
    /// back as itself.
    pub(super) fn into_content(self, op: &OpContext) -> Content {
        let goals = self.goals.into_iter().map(|goal| Goal {
            id: goal.id.unwrap_or_else(|| op.new_id()),
            words: goal.words,
            ratings: goal.ratings,
            actions: goal.actions.into_iter().map(|action| action.into_action(op)).collect(),
        });
        Content { matters: self.matters, goals: goals.collect() }
    }
}

impl WantedAction {
    fn into_action(self, op: &OpContext) -> PlanAction {
        PlanAction {
            id: self.id.unwrap_or_else(|| op.new_id()),
            kind: self.kind,
            words: self.words,
            by: self.by,
            by_name: self.by_name,
            due_on: self.due_on,
            done_on: self.done_on,
        }
    }
}
