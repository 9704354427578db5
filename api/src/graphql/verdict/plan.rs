//! About plans.

use trellis_domain::plan::PlanError;

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<PlanError> for Verdict {
    fn from(error: PlanError) -> Self {
        let invalid = |message: &str, next: &str, field: &str| {
            Self::from(Refusal::new(RefusalCode::InvalidInput, message, next).about(field))
        };
        match error {
            PlanError::NotFound => Refusal::not_found("personId").into(),
            PlanError::Stale => Refusal::stale().into(),
            PlanError::Empty => invalid(
                "There is nothing in the plan.",
                "Write down what matters to the person, or a goal.",
                "whatMatters",
            ),
            PlanError::Twice => invalid(
                "A goal or an action is in the plan twice.",
                "Send each of them once, and a new one without an id.",
                "goals",
            ),
            PlanError::RatedInFuture => {
                invalid("A goal was rated on a day to come.", "Choose today, or a day before.", "goals")
            }
            PlanError::RatedTwice => invalid(
                "A goal has one rating a day, the earliest first.",
                "Send one of each day, in their order.",
                "goals",
            ),
            PlanError::DoneInFuture => {
                invalid("An action was done on a day to come.", "Choose today, or a day before.", "goals")
            }
            PlanError::Denied(denied) => denied.into(),
            PlanError::Store(store) => store.into(),
        }
    }
}
