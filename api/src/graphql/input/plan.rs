//! A whole plan as it is saved: what is sent is the plan, and what is left out is not in it.

use async_graphql::{ID, InputObject};
use trellis_domain::kernel::{InvalidId, Line, Prose, TypedId};
use trellis_domain::plan::{Rating, SavePlan, Score, Wanted, WantedAction, WantedGoal};

use super::{Check, Command};
use crate::graphql::enums::{PlanActionBy, PlanActionKind};
use crate::graphql::refusal::Refusal;
use crate::graphql::scalars::Date;

/// Far beyond what anybody plans with one person; it bounds what a request may hold.
const MOST_GOALS: usize = 20;
const MOST_OF_A_GOAL: usize = 50;

#[derive(InputObject, Clone)]
pub struct SavePlanInput {
    pub person_id: ID,
    /// The version that was read; 0 where there is no plan yet.
    pub version: i32,
    /// In the person's own words.
    pub what_matters: Option<String>,
    #[graphql(default)]
    pub goals: Vec<PlanGoalInput>,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct PlanGoalInput {
    /// As it was read; none for a new one.
    pub id: Option<ID>,
    pub words: String,
    /// All of them, the earliest first.
    #[graphql(default)]
    pub ratings: Vec<GoalRatingInput>,
    #[graphql(default)]
    pub actions: Vec<PlanActionInput>,
}

#[derive(InputObject, Clone)]
pub struct GoalRatingInput {
    pub score: i32,
    pub on: Date,
}

#[derive(InputObject, Clone)]
pub struct PlanActionInput {
    /// As it was read; none for a new one.
    pub id: Option<ID>,
    pub kind: PlanActionKind,
    pub words: String,
    pub by: PlanActionBy,
    pub by_name: Option<String>,
    pub due_on: Option<Date>,
    pub done_on: Option<Date>,
}

impl Command for SavePlanInput {
    type Parsed = SavePlan;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<SavePlan, Refusal> {
        let mut check = Check::new();
        let person = check.id("personId", &self.person_id);
        let matters = check.prose("whatMatters", self.what_matters.as_deref());
        if self.goals.len() > MOST_GOALS {
            check.refuse("goals", format!("must hold at most {MOST_GOALS}"));
        }
        let goals = self.goals.iter().enumerate();
        let goals = all_of(goals.map(|(at, goal)| goal.parse(&mut check, &format!("goals.{at}"))));
        let wanted = goals.map(|goals| Wanted { matters, goals });
        let version = self.version;
        check.finish(person.zip(wanted).map(|(person, wanted)| SavePlan { person, version, wanted }))
    }
}

impl PlanGoalInput {
    fn parse(&self, check: &mut Check, at: &str) -> Option<WantedGoal> {
        let field = |name: &str| format!("{at}.{name}");
        let id = known(check, &field("id"), self.id.as_ref());
        let words = check.field(&field("words"), Prose::parse(&self.words));
        for (name, length) in [("ratings", self.ratings.len()), ("actions", self.actions.len())] {
            if length > MOST_OF_A_GOAL {
                check.refuse(&field(name), format!("must hold at most {MOST_OF_A_GOAL}"));
            }
        }
        let ratings = all_of(self.ratings.iter().map(|rating| rating.parse(check, &field("ratings"))));
        let actions = self.actions.iter().enumerate();
        let actions =
            all_of(actions.map(|(number, action)| action.parse(check, &field(&format!("actions.{number}")))));
        Some(WantedGoal { id, words: words?, ratings: ratings?, actions: actions? })
    }
}

impl GoalRatingInput {
    fn parse(&self, check: &mut Check, at: &str) -> Option<Rating> {
        let score = u8::try_from(self.score).ok().and_then(|score| Score::try_from(score).ok());
        if score.is_none() {
            check.refuse(at, format!("must be between 0 and {}", Score::MOST));
        }
        let Date(on) = self.on;
        Some(Rating { score: score?, on })
    }
}

impl PlanActionInput {
    fn parse(&self, check: &mut Check, at: &str) -> Option<WantedAction> {
        let field = |name: &str| format!("{at}.{name}");
        let id = known(check, &field("id"), self.id.as_ref());
        let words = check.field(&field("words"), Line::parse(&self.words));
        let by_name = check.line(&field("byName"), self.by_name.as_deref());
        Some(WantedAction {
            id,
            kind: self.kind.into(),
            words: words?,
            by: self.by.into(),
            by_name,
            due_on: self.due_on.map(|Date(day)| day),
            done_on: self.done_on.map(|Date(day)| day),
        })
    }
}

/// Every one of them is looked at, also behind one that is wrong.
fn all_of<T>(parsed: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    parsed.collect::<Vec<_>>().into_iter().collect()
}

/// The id of what was read before. One that is of another kind is remembered as wrong.
fn known<I>(check: &mut Check, name: &str, id: Option<&ID>) -> Option<I>
where
    I: TypedId + std::str::FromStr<Err = InvalidId>,
{
    id.and_then(|id| check.id(name, id))
}
