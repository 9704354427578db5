//! What a version changed of the one before, a line each: for whoever reads how a plan came to say what it says.

use super::{Content, Goal, PlanAction};
use crate::define_codes;

define_codes! {
    ChangeKind {
        Matters = "matters", "What matters";
        GoalAdded = "goal_added", "Goal added";
        GoalChanged = "goal_changed", "Goal said in other words";
        GoalRemoved = "goal_removed", "Goal taken out";
        Rated = "rated", "Progress";
        ActionAdded = "action_added", "Action added";
        ActionChanged = "action_changed", "Action changed";
        ActionMoved = "action_moved", "Another day for an action";
        ActionDone = "action_done", "Action done";
        ActionOpen = "action_open", "Action not done after all";
        ActionRemoved = "action_removed", "Action taken out";
    }
}

/// Before and after are as people said them; of a day they are ISO 8601, of a rating its number.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    pub kind: ChangeKind,
    /// Of which goal, as it is said now.
    pub goal: Option<String>,
    /// Of which action, as it is said now.
    pub action: Option<String>,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Change({}, redacted)", self.kind)
    }
}

impl Content {
    /// What is said now and was not, or otherwise; then what is said no more.
    pub fn changes_since(&self, before: Option<&Self>) -> Vec<Change> {
        let mut all = Vec::new();
        let said = |content: &Self| content.matters.clone().map(String::from);
        let (was, is) = (before.and_then(said), said(self));
        if was != is {
            all.push(Change { kind: ChangeKind::Matters, goal: None, action: None, before: was, after: is });
        }
        let goals_before = before.map(|content| content.goals.as_slice()).unwrap_or_default();
        for goal in &self.goals {
            match goals_before.iter().find(|old| old.id == goal.id) {
                Some(old) => goal_changes(old, goal, &mut all),
                None => goal_added(goal, &mut all),
            }
        }
        let gone = goals_before.iter().filter(|old| self.goals.iter().all(|goal| goal.id != old.id));
        all.extend(gone.map(|old| of_goal(old, ChangeKind::GoalRemoved, Some(text(old)), None)));
        all
    }
}

fn text(goal: &Goal) -> String {
    goal.words.as_str().to_owned()
}

fn of_goal(goal: &Goal, kind: ChangeKind, before: Option<String>, after: Option<String>) -> Change {
    Change { kind, goal: Some(text(goal)), action: None, before, after }
}

fn of_action(
    goal: &Goal,
    action: &PlanAction,
    kind: ChangeKind,
    (before, after): (Option<String>, Option<String>),
) -> Change {
    Change { action: Some(action.words.as_str().to_owned()), ..of_goal(goal, kind, before, after) }
}

fn goal_added(goal: &Goal, all: &mut Vec<Change>) {
    all.push(of_goal(goal, ChangeKind::GoalAdded, None, Some(text(goal))));
    rated(&[], goal, all);
    for action in &goal.actions {
        action_added(goal, action, all);
    }
}

fn goal_changes(old: &Goal, goal: &Goal, all: &mut Vec<Change>) {
    if old.words != goal.words {
        all.push(of_goal(goal, ChangeKind::GoalChanged, Some(text(old)), Some(text(goal))));
    }
    if old.ratings != goal.ratings {
        rated(&old.ratings, goal, all);
    }
    for action in &goal.actions {
        match old.actions.iter().find(|was| was.id == action.id) {
            Some(was) => action_changes((goal, was), action, all),
            None => action_added(goal, action, all),
        }
    }
    let gone = old.actions.iter().filter(|was| goal.actions.iter().all(|action| action.id != was.id));
    all.extend(gone.map(|was| of_action(goal, was, ChangeKind::ActionRemoved, (Some(said(was)), None))));
}

/// The latest of each, as the person saw it.
fn rated(before: &[super::Rating], goal: &Goal, all: &mut Vec<Change>) {
    let latest = |ratings: &[super::Rating]| ratings.last().map(|rating| rating.score.value().to_string());
    let (was, is) = (latest(before), latest(&goal.ratings));
    if was.is_some() || is.is_some() {
        all.push(of_goal(goal, ChangeKind::Rated, was, is));
    }
}

fn action_added(goal: &Goal, action: &PlanAction, all: &mut Vec<Change>) {
    all.push(of_action(goal, action, ChangeKind::ActionAdded, (None, Some(said(action)))));
    if let Some(day) = action.done_on {
        all.push(of_action(goal, action, ChangeKind::ActionDone, (None, Some(day.to_string()))));
    }
}

fn action_changes((goal, was): (&Goal, &PlanAction), is: &PlanAction, all: &mut Vec<Change>) {
    if said(was) != said(is) || was.kind != is.kind {
        all.push(of_action(goal, is, ChangeKind::ActionChanged, (Some(said(was)), Some(said(is)))));
    }
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    if was.due_on != is.due_on {
        all.push(of_action(goal, is, ChangeKind::ActionMoved, (day(was.due_on), day(is.due_on))));
    }
    if was.done_on != is.done_on {
        let kind = if is.done_on.is_some() { ChangeKind::ActionDone } else { ChangeKind::ActionOpen };
        all.push(of_action(goal, is, kind, (day(was.done_on), day(is.done_on))));
    }
}

/// "Meet at the bus stop (Somebody close to them, Bea)"
fn said(action: &PlanAction) -> String {
    let by = action.by.words();
    match &action.by_name {
        Some(name) => format!("{} ({by}, {})", action.words.as_str(), name.as_str()),
        None => format!("{} ({by})", action.words.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::super::{ActionBy, ActionKind, Rating, Score};
    use super::*;
    use crate::kernel::{GoalId, Line, PlanActionId, Prose, TypedId};

    fn action(id: u128) -> PlanAction {
        PlanAction {
            id: PlanActionId::from_uuid(Uuid::from_u128(id)),
            kind: ActionKind::Accompany,
            words: Line::parse("Meet at the bus stop").unwrap(),
            by: ActionBy::Supporter,
            by_name: Some(Line::parse("Bea").unwrap()),
            due_on: Some(date(2026, 11, 20)),
            done_on: None,
        }
    }

    fn goal(id: u128, words: &str, actions: Vec<PlanAction>) -> Goal {
        let id = GoalId::from_uuid(Uuid::from_u128(id));
        Goal { id, words: Prose::parse(words).unwrap(), ratings: Vec::new(), actions }
    }

    fn rating(value: u8, day: i8) -> Rating {
        Rating { score: Score::try_from(value).unwrap(), on: date(2026, 11, day) }
    }

    fn plan(goals: Vec<Goal>) -> Content {
        Content { matters: Some(Prose::parse("My dog").unwrap()), goals }
    }

    fn told(after: &Content, before: Option<&Content>) -> Vec<(ChangeKind, Option<String>, Option<String>)> {
        after.changes_since(before).into_iter().map(|c| (c.kind, c.before, c.after)).collect()
    }

    #[test]
    fn a_first_plan_adds_all_that_it_says() {
        let first = plan(vec![goal(1, "See people", vec![action(1)])]);
        let expected = [
            (ChangeKind::Matters, None, Some("My dog".to_owned())),
            (ChangeKind::GoalAdded, None, Some("See people".to_owned())),
            (
                ChangeKind::ActionAdded,
                None,
                Some("Meet at the bus stop (Somebody close to them, Bea)".to_owned()),
            ),
        ];
        assert_eq!(told(&first, None), expected);
        assert!(told(&first, Some(&first)).is_empty(), "what says the same has changed nothing");
    }

    #[test]
    fn other_words_another_day_progress_and_what_was_done_are_told_apart() {
        let mut before = plan(vec![goal(1, "See people", vec![action(1), action(2)])]);
        before.goals[0].ratings = vec![rating(4, 3)];
        let mut after = before.clone();
        after.goals[0].words = Prose::parse("See people twice a week").unwrap();
        after.goals[0].ratings.push(rating(6, 23));
        after.goals[0].actions[0].due_on = Some(date(2026, 11, 27));
        after.goals[0].actions[1].done_on = Some(date(2026, 11, 23));
        let expected = [
            (
                ChangeKind::GoalChanged,
                Some("See people".to_owned()),
                Some("See people twice a week".to_owned()),
            ),
            (ChangeKind::Rated, Some("4".to_owned()), Some("6".to_owned())),
            (ChangeKind::ActionMoved, Some("2026-11-20".to_owned()), Some("2026-11-27".to_owned())),
            (ChangeKind::ActionDone, None, Some("2026-11-23".to_owned())),
        ];
        assert_eq!(told(&after, Some(&before)), expected);
        assert_eq!(told(&before, Some(&after))[3].0, ChangeKind::ActionOpen);
    }

    #[test]
    fn whoever_else_does_it_is_a_change_and_what_is_gone_is_told_last() {
        let before =
            plan(vec![goal(1, "See people", vec![action(1), action(2)]), goal(2, "Eat", Vec::new())]);
        let mut by_worker = action(1);
        (by_worker.by, by_worker.by_name) = (ActionBy::Worker, None);
        let after = Content { matters: None, goals: vec![goal(1, "See people", vec![by_worker])] };
        let kinds: Vec<ChangeKind> =
            after.changes_since(Some(&before)).iter().map(|change| change.kind).collect();
        let expected = [
            ChangeKind::Matters,
            ChangeKind::ActionChanged,
            ChangeKind::ActionRemoved,
            ChangeKind::GoalRemoved,
        ];
        assert_eq!(kinds, expected);
    }
}
