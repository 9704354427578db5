//! A plan in words: goals with what is done, how far it is, and what a version changed. One place, so that the person's page,
//! an older plan and the copy on paper say the same.
use jiff::Timestamp;
use jiff::civil::Date;

use crate::codes::{Code, PlanActionBy, PlanActionKind, PlanChangeKind};
use crate::documents::people::one_person::{OnePersonPersonPlan, OnePersonPersonPlanGoals};
use crate::documents::plan::person_plan::{
    PersonPlanPersonPlan, PersonPlanPersonPlanChanges, PersonPlanPersonPlanGoals,
};
use crate::documents::plan::plan_versions::PlanVersionsPersonPlanVersionsEdgesNodeChanges;
use crate::parts::{ActionShown, GoalShown, Goals, Tag, Tone};
use crate::words;

/// A version as it was read.
#[derive(Debug, Clone)]
pub struct Written {
    pub version: i64,
    pub saved_at: Timestamp,
    pub saved_by: Option<String>,
    pub organisation: String,
    pub matters: Option<String>,
    pub many: bool,
    pub goals: Vec<WrittenGoal>,
}

#[derive(Debug, Clone)]
pub struct WrittenGoal {
    pub id: String,
    pub words: String,
    /// The earliest first.
    pub ratings: Vec<(i64, Date)>,
    pub actions: Vec<WrittenAction>,
}

#[derive(Debug, Clone)]
pub struct WrittenAction {
    pub id: String,
    pub kind: PlanActionKind,
    pub words: String,
    pub by: PlanActionBy,
    pub by_name: Option<String>,
    pub due_on: Option<Date>,
    pub done_on: Option<Date>,
    pub overdue: bool,
}

macro_rules! written {
    ($($plan:ty, $goal:ty);+ $(;)?) => {
        $(impl From<&$plan> for Written {
            fn from(plan: &$plan) -> Self {
                Self {
                    version: plan.version,
                    saved_at: plan.saved_at,
                    saved_by: plan.saved_by.clone(),
                    organisation: plan.organisation_name.clone(),
                    matters: plan.what_matters.clone(),
                    many: plan.has_more_goals_than_usual,
                    goals: plan.goals.iter().map(WrittenGoal::from).collect(),
                }
            }
        }

        impl From<&$goal> for WrittenGoal {
            fn from(goal: &$goal) -> Self {
                let actions = goal.actions.iter().map(|action| WrittenAction {
                    id: action.id.clone(),
                    kind: action.kind,
                    words: action.words.clone(),
                    by: action.by,
                    by_name: action.by_name.clone(),
                    due_on: action.due_on,
                    done_on: action.done_on,
                    overdue: action.overdue,
                });
                Self {
                    id: goal.id.clone(),
                    words: goal.words.clone(),
                    ratings: goal.ratings.iter().map(|rating| (rating.score, rating.on)).collect(),
                    actions: actions.collect(),
                }
            }
        })+
    };
}
written!(
    OnePersonPersonPlan, OnePersonPersonPlanGoals;
    PersonPlanPersonPlan, PersonPlanPersonPlanGoals;
);

/// For whom it is drawn.
#[derive(Debug, Clone, Copy)]
pub enum Reader<'a> {
    /// Somebody who works with this person.
    Worker { person: &'a str, today: Date },
    /// The person: it is theirs, and nobody tells them that they are late.
    Person,
}

impl Written {
    pub fn goals(&self, reader: Reader<'_>) -> Goals {
        let goals = self.goals.iter().map(|goal| GoalShown {
            words: goal.words.clone(),
            progress: progress(&goal.ratings),
            actions: goal.actions.iter().map(|action| shown(action, reader)).collect(),
        });
        Goals { goals: goals.collect() }
    }

    /// "Plan of 3 November 2026"
    pub fn title(&self) -> String {
        title(self.saved_at)
    }

    /// "by Sam Brook, North Vale Community Links"
    pub fn by(&self) -> String {
        by(self.saved_by.as_deref(), &self.organisation)
    }
}

pub fn title(saved_at: Timestamp) -> String {
    format!("Plan of {}", words::date(words::local_day(saved_at)).words)
}

pub fn by(writer: Option<&str>, organisation: &str) -> String {
    match writer {
        Some(name) => format!("by {name}, {organisation}"),
        None => format!("by somebody of {organisation}"),
    }
}

/// "4 then 6, out of 10"
pub fn progress(ratings: &[(i64, Date)]) -> Option<String> {
    let said: Vec<String> = ratings.iter().map(|(score, _)| score.to_string()).collect();
    (!said.is_empty()).then(|| format!("{}, out of 10", said.join(" then ")))
}

fn shown(action: &WrittenAction, reader: Reader<'_>) -> ActionShown {
    let state = match (action.done_on, action.due_on, reader) {
        (Some(_), _, _) => Some(Tag::new("Done", Tone::Good)),
        (None, Some(due), Reader::Worker { today, .. }) if action.overdue => {
            Some(Tag::new(words::due(due, today).words, Tone::Bad))
        }
        _ => None,
    };
    ActionShown {
        words: action.words.clone(),
        who: who(action, reader),
        kind: (action.kind != PlanActionKind::ToDo).then(|| action.kind.words()),
        due: action.due_on.map(words::date),
        state,
    }
}

fn who(action: &WrittenAction, reader: Reader<'_>) -> String {
    match (&action.by_name, action.by, reader) {
        (Some(name), _, _) => name.clone(),
        (None, PlanActionBy::Person, Reader::Worker { person, .. }) => person.to_owned(),
        (None, PlanActionBy::Person, Reader::Person) => "Me".to_owned(),
        (None, PlanActionBy::Worker, Reader::Person) => "My worker".to_owned(),
        (None, PlanActionBy::Supporter, Reader::Person) => "Somebody close to me".to_owned(),
        (None, by, _) => by.words().to_owned(),
    }
}

/// What a version changed, as it was read.
#[derive(Debug, Clone)]
pub struct Change {
    kind: PlanChangeKind,
    goal: Option<String>,
    action: Option<String>,
    before: Option<String>,
    after: Option<String>,
}

macro_rules! change {
    ($($change:ty),+ $(,)?) => {
        $(impl From<&$change> for Change {
            fn from(change: &$change) -> Self {
                Self {
                    kind: change.kind,
                    goal: change.goal.clone(),
                    action: change.action.clone(),
                    before: change.before.clone(),
                    after: change.after.clone(),
                }
            }
        })+
    };
}
change!(PersonPlanPersonPlanChanges, PlanVersionsPersonPlanVersionsEdgesNodeChanges);

impl Change {
    pub fn words(&self) -> String {
        use PlanChangeKind as K;
        let text = |said: &Option<String>| said.clone().unwrap_or_else(|| "nothing".to_owned());
        let (before, after) = (text(&self.before), text(&self.after));
        let (goal, action) = (text(&self.goal), text(&self.action));
        let kind = self.kind.words();
        match self.kind {
            K::Matters | K::GoalChanged | K::ActionChanged if self.before.is_some() => {
                format!("{kind}: {after}. Before: {before}")
            }
            K::Matters | K::GoalChanged | K::ActionChanged | K::GoalAdded | K::ActionAdded => {
                format!("{kind}: {after}")
            }
            K::GoalRemoved | K::ActionRemoved => format!("{kind}: {before}"),
            K::Rated if self.before.is_some() => {
                format!("{kind} with “{goal}”: {before} then {after}, out of 10")
            }
            K::Rated => format!("{kind} with “{goal}”: {after}, out of 10"),
            K::ActionMoved => {
                let (day, was) = (day(self.after.as_deref()), day(self.before.as_deref()));
                format!("{kind} for “{action}”: {day}. Before: {was}")
            }
            K::ActionDone => format!("{kind}: {action}, {}", day(self.after.as_deref())),
            K::ActionOpen => format!("{kind}: {action}"),
        }
    }
}

/// "20 November 2026", or that there is none.
fn day(iso: Option<&str>) -> String {
    let day: Option<Date> = iso.and_then(|iso| iso.parse().ok());
    day.map_or_else(|| "no day".to_owned(), |day| words::date(day).words)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn action(by: PlanActionBy, by_name: Option<&str>) -> WrittenAction {
        WrittenAction {
            id: "act_1".to_owned(),
            kind: PlanActionKind::Accompany,
            words: "Go along to the first walk".to_owned(),
            by,
            by_name: by_name.map(str::to_owned),
            due_on: Some(date(2026, 11, 20)),
            done_on: None,
            overdue: true,
        }
    }

    const WORKER: Reader<'_> = Reader::Worker { person: "Jo Park", today: date(2026, 11, 23) };

    #[test]
    fn what_is_late_is_said_to_the_worker_in_words_and_not_to_the_person() {
        let late = action(PlanActionBy::Person, None);
        let state = |reader| shown(&late, reader).state.map(|tag| tag.words);
        assert_eq!(state(WORKER).as_deref(), Some("3 days overdue"));
        assert_eq!(state(Reader::Person), None);
        let done = WrittenAction { done_on: Some(date(2026, 11, 23)), overdue: false, ..late };
        assert_eq!(shown(&done, Reader::Person).state.map(|tag| tag.words).as_deref(), Some("Done"));
    }

    #[test]
    fn whoever_does_it_is_called_as_the_reader_calls_them() {
        assert_eq!(who(&action(PlanActionBy::Person, None), WORKER), "Jo Park");
        assert_eq!(who(&action(PlanActionBy::Person, None), Reader::Person), "Me");
        assert_eq!(who(&action(PlanActionBy::Supporter, Some("Bea")), Reader::Person), "Bea");
    }

    #[test]
    fn progress_is_said_as_one_step_after_another() {
        let day = date(2026, 11, 3);
        assert_eq!(progress(&[(4, day), (6, day)]).as_deref(), Some("4 then 6, out of 10"));
        assert_eq!(progress(&[]), None);
    }

    #[test]
    fn every_change_is_a_sentence_with_its_days_in_words() {
        let change = |kind| Change {
            kind,
            goal: Some("See people".to_owned()),
            action: Some("Call Bea".to_owned()),
            before: Some("2026-11-20".to_owned()),
            after: None,
        };
        assert_eq!(
            change(PlanChangeKind::ActionMoved).words(),
            "Another day for “Call Bea”: no day. Before: 20 November 2026"
        );
        for kind in PlanChangeKind::ALL {
            assert!(change(*kind).words().starts_with(kind.words()), "{kind:?}");
        }
    }
}
