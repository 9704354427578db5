//! Screen 10, plan and goals: to read, to write together, every version, and a copy for the person. Owns the order: what
//! matters first, then goals with what is done for each. Refuses to put anything into the person's mouth: their words are
//! shown as they were written down.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Choice, DayMonthYear, Empty, Errors, Goals, Pagination, When};

/// One version, in full.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/plan.html")]
pub struct PlanPage {
    pub chrome: Chrome,
    pub person: Person,
    /// "Plan of 3 November 2026".
    pub title: String,
    /// "by Sam Brook, North Vale Community Links".
    pub by: String,
    pub matters: Option<String>,
    pub goals: Goals,
    pub changes: Vec<String>,
    /// A newer one holds now.
    pub is_older: bool,
    pub may_edit: bool,
}

/// Whose plan it is.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: String,
    pub name: String,
}

/// One line of the list.
#[derive(Debug, Clone)]
pub struct VersionRow {
    pub version: i64,
    pub title: String,
    pub by: String,
    pub changes: Vec<String>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/plan_versions.html")]
pub struct PlanVersions {
    pub chrome: Chrome,
    pub person: Person,
    pub rows: Vec<VersionRow>,
    pub empty: Option<Empty>,
    pub pagination: Pagination,
}

/// For the person, on paper. It holds what is theirs: no note of a worker, no word about risk, no number of a record.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/plan_print.html")]
pub struct PrintPlan {
    pub chrome: Chrome,
    pub person: Person,
    pub large: bool,
    /// "Jo Park wants information in Braille. ..."
    pub format: Option<String>,
    pub organisation: String,
    pub written: String,
    pub matters: Option<String>,
    pub goals: Goals,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/edit_plan.html")]
pub struct EditPlan {
    pub chrome: Chrome,
    pub errors: Errors,
    pub person: Person,
    /// How to reach them, and the format they need.
    pub reach: Vec<String>,
    pub version: i64,
    pub submission: String,
    pub matters: String,
    /// The words came with the referral: nobody has planned yet.
    pub starting: bool,
    pub goals: Vec<GoalForm>,
    /// Somebody else saved first.
    pub overtaken: Option<PlanOvertaken>,
    /// What was just put together, to be looked over.
    pub merged: bool,
}

/// `name` is `goal-1`; the fields are named after it.
#[derive(Debug, Clone)]
pub struct GoalForm {
    pub name: String,
    pub number: usize,
    pub id: String,
    pub words: String,
    pub rated: Vec<String>,
    pub progress: Option<String>,
    pub rating: Vec<Choice>,
    pub actions: Vec<ActionForm>,
}

/// `name` is `goal-1-action-2`.
#[derive(Debug, Clone)]
pub struct ActionForm {
    pub name: String,
    pub number: usize,
    pub id: String,
    pub words: String,
    pub kinds: Vec<Choice>,
    pub by: Vec<Choice>,
    pub by_name: String,
    pub due: DayMonthYear,
    pub done: Vec<Choice>,
    pub done_on: String,
}

/// Both versions side by side, a choice for each part; what was typed stays below.
#[derive(Debug, Clone)]
pub struct PlanOvertaken {
    pub changed_by: String,
    pub changed: When,
    pub parts: Vec<PlanPart>,
}

#[derive(Debug, Clone)]
pub struct PlanPart {
    /// Posted as `keep-{name}` with `mine` or `theirs`.
    pub name: String,
    pub label: String,
    pub mine: String,
    pub theirs: String,
    pub takes_theirs: bool,
}

impl EditPlan {
    fn hint(&self) -> &'static str {
        if self.starting {
            "Ask: what matters to you? These words came with the referral. Change them with the person."
        } else {
            "Ask: what matters to you? Write it as they say it."
        }
    }

    fn next_goal(&self) -> String {
        format!("goal-{}", self.goals.len() + 1)
    }
}

impl GoalForm {
    fn rating_id(&self) -> String {
        format!("{}-rating", self.name)
    }

    fn next_action(&self) -> String {
        format!("{}-action-{}", self.name, self.actions.len() + 1)
    }
}

impl ActionForm {
    fn field(&self, what: &str) -> String {
        format!("{}-{what}", self.name)
    }
}
