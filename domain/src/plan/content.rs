//! What a plan says. All of it is about the person and most of it in their words, so none of it shows in a log.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::PlanError;
use crate::define_codes;
use crate::kernel::{GoalId, Line, PlanActionId, Prose};

define_codes! {
    /// The last four help somebody to get to a first session, on which it often depends whether they come at all (A5).
    ActionKind {
        ToDo = "to_do", "Something to do";
        AskService = "ask_service", "Ask a service";
        Accompany = "accompany", "Go along the first time";
        Travel = "travel", "Help to get there";
        Cost = "cost", "Help with what it costs";
        Buddy = "buddy", "Find somebody to go with";
    }
}

define_codes! {
    ActionBy {
        Person = "person", "The person";
        Worker = "worker", "Their worker";
        Provider = "provider", "A group or service";
        Supporter = "supporter", "Somebody close to them";
    }
}

/// From 0, not at all, to 10, all the way there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Score(u8);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be between 0 and 10")]
pub struct NoScore;

impl Score {
    pub const MOST: u8 = 10;

    pub const fn value(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Score {
    type Error = NoScore;
    fn try_from(value: u8) -> Result<Self, NoScore> {
        if value <= Self::MOST { Ok(Self(value)) } else { Err(NoScore) }
    }
}

impl From<Score> for u8 {
    fn from(score: Score) -> Self {
        score.0
    }
}

/// How far the person says that they are with a goal (O2).
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    pub score: Score,
    pub on: Date,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanAction {
    pub id: PlanActionId,
    pub kind: ActionKind,
    pub words: Line,
    pub by: ActionBy,
    /// Who that is: "Bea", "Eastfield Walkers".
    pub by_name: Option<Line>,
    pub due_on: Option<Date>,
    pub done_on: Option<Date>,
}

impl PlanAction {
    pub fn is_overdue(&self, today: Date) -> bool {
        self.done_on.is_none() && self.due_on.is_some_and(|due| due < today)
    }
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    pub id: GoalId,
    /// In the person's own words.
    pub words: Prose,
    /// The earliest first, one a day at most.
    pub ratings: Vec<Rating>,
    pub actions: Vec<PlanAction>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub matters: Option<Prose>,
    pub goals: Vec<Goal>,
}

/// More goals than this are possible, and said to be many: a norm that warns (W6).
const USUAL_GOALS: usize = 3;

impl Content {
    pub fn has_more_goals_than_usual(&self) -> bool {
        self.goals.len() > USUAL_GOALS
    }

    /// What was rated or done lies in the past; each thing is in it once.
    pub fn check(&self, today: Date) -> Result<(), PlanError> {
        if self.matters.is_none() && self.goals.is_empty() {
            return Err(PlanError::Empty);
        }
        let actions = || self.goals.iter().flat_map(|goal| &goal.actions);
        let ratings = || self.goals.iter().flat_map(|goal| &goal.ratings);
        let known: BTreeSet<_> = self.goals.iter().map(|goal| goal.id).collect();
        let planned: BTreeSet<_> = actions().map(|action| action.id).collect();
        if known.len() != self.goals.len() || planned.len() != actions().count() {
            return Err(PlanError::Twice);
        }
        if ratings().any(|rating| rating.on > today) {
            return Err(PlanError::RatedInFuture);
        }
        let in_order = |goal: &Goal| goal.ratings.is_sorted_by(|earlier, later| earlier.on < later.on);
        if !self.goals.iter().all(in_order) {
            return Err(PlanError::RatedTwice);
        }
        if actions().any(|action| action.done_on.is_some_and(|day| day > today)) {
            return Err(PlanError::DoneInFuture);
        }
        Ok(())
    }
}

macro_rules! redacted_debug {
    ($($name:ident),+) => {
        $(impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        })+
    };
}
redacted_debug!(Score, Rating, PlanAction, Goal, Content);

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::kernel::TypedId;

    fn goal(id: u128, rated: &[(u8, Date)]) -> Goal {
        let rating = |(value, on): &(u8, Date)| Rating { score: Score::try_from(*value).unwrap(), on: *on };
        Goal {
            id: GoalId::from_uuid(Uuid::from_u128(id)),
            words: Prose::parse("See people twice a week").unwrap(),
            ratings: rated.iter().map(rating).collect(),
            actions: Vec::new(),
        }
    }

    fn action(due_on: Option<Date>, done_on: Option<Date>) -> PlanAction {
        PlanAction {
            id: PlanActionId::from_uuid(Uuid::from_u128(9)),
            kind: ActionKind::Accompany,
            words: Line::parse("Meet at the bus stop").unwrap(),
            by: ActionBy::Supporter,
            by_name: Some(Line::parse("Bea").unwrap()),
            due_on,
            done_on,
        }
    }

    fn plan(goals: Vec<Goal>) -> Content {
        Content { matters: None, goals }
    }

    const TODAY: Date = date(2026, 11, 23);

    #[test]
    fn a_fourth_goal_is_possible_and_said_to_be_many() {
        let goals = |count: u128| plan((1..=count).map(|id| goal(id, &[])).collect());
        assert!(!goals(3).has_more_goals_than_usual());
        assert!(goals(4).has_more_goals_than_usual() && goals(4).check(TODAY).is_ok());
    }

    #[test]
    fn a_plan_that_says_nothing_is_none() {
        assert!(matches!(plan(Vec::new()).check(TODAY), Err(PlanError::Empty)));
    }

    #[test]
    fn a_goal_is_rated_once_a_day_and_not_ahead_of_time() {
        let rated = |ratings: &[(u8, Date)]| plan(vec![goal(1, ratings)]).check(TODAY);
        assert!(rated(&[(4, date(2026, 11, 3)), (6, TODAY)]).is_ok());
        assert!(matches!(rated(&[(4, TODAY), (6, TODAY)]), Err(PlanError::RatedTwice)));
        assert!(matches!(rated(&[(6, TODAY), (4, date(2026, 11, 3))]), Err(PlanError::RatedTwice)));
        assert!(matches!(rated(&[(4, date(2026, 11, 24))]), Err(PlanError::RatedInFuture)));
    }

    #[test]
    fn a_score_is_from_nought_to_ten() {
        assert_eq!(Score::try_from(10).map(Score::value), Ok(10));
        assert_eq!(Score::try_from(11), Err(NoScore));
        assert!(serde_json::from_str::<Score>("11").is_err());
    }

    #[test]
    fn what_is_done_is_not_overdue_and_was_not_done_tomorrow() {
        let yesterday = Some(date(2026, 11, 22));
        assert!(action(yesterday, None).is_overdue(TODAY));
        assert!(!action(yesterday, Some(TODAY)).is_overdue(TODAY));
        assert!(!action(Some(TODAY), None).is_overdue(TODAY) && !action(None, None).is_overdue(TODAY));
        let done =
            |on| plan(vec![Goal { actions: vec![action(None, Some(on))], ..goal(1, &[]) }]).check(TODAY);
        assert!(done(TODAY).is_ok());
        assert!(matches!(done(date(2026, 11, 24)), Err(PlanError::DoneInFuture)));
    }

    #[test]
    fn nothing_is_in_a_plan_twice() {
        assert!(matches!(plan(vec![goal(1, &[]), goal(1, &[])]).check(TODAY), Err(PlanError::Twice)));
        let with = |id| Goal { actions: vec![action(None, None)], ..goal(id, &[]) };
        assert!(matches!(plan(vec![with(1), with(2)]).check(TODAY), Err(PlanError::Twice)));
    }

    #[test]
    fn nothing_of_it_shows_in_a_log() {
        let goal = Goal { actions: vec![action(Some(TODAY), None)], ..goal(1, &[(7, TODAY)]) };
        assert_eq!(format!("{:?}", plan(vec![goal])), "Content(redacted)");
    }
}
