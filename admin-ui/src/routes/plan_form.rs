//! The form of a plan: what was typed, in parts that can be added, taken out and sent.
//! Owns that nothing typed is ever lost on the way. Refuses to know the rules: what cannot be saved is said by GraphQL.
use jiff::civil::Date;

use super::fields::{Fields, boxes, real_day};
use super::plan_words::{Written, WrittenAction, WrittenGoal, progress};
use crate::codes::{Code, PlanActionBy, PlanActionKind};
use crate::documents::plan::save_plan::{GoalRatingInput, PlanActionInput, PlanGoalInput};
use crate::pages::plan::{ActionForm, GoalForm};
use crate::parts::{Choice, DayMonthYear, Errors};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub matters: String,
    pub goals: Vec<TypedGoal>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedGoal {
    pub(super) id: String,
    pub(super) words: String,
    /// As they were read: `4@2026-11-03`.
    rated: Vec<String>,
    /// Of today; empty when nobody asked.
    rating: String,
    actions: Vec<TypedAction>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedAction {
    id: String,
    kind: String,
    words: String,
    by: String,
    by_name: String,
    due: DayMonthYear,
    done: bool,
    /// The day that it was done, where that is known already.
    done_on: String,
}

impl Typed {
    pub fn read(form: &Fields) -> Self {
        let goals =
            form.all("goal").into_iter().map(|number| TypedGoal::read(form, &format!("goal-{number}")));
        Self { matters: form.text("matters").to_owned(), goals: goals.collect() }
    }

    pub fn of(plan: &Written) -> Self {
        let goals = plan.goals.iter().map(TypedGoal::of).collect();
        Self { matters: plan.matters.clone().unwrap_or_default(), goals }
    }

    /// What a button asks for: another goal or action, or one less. False for what is no such button.
    pub fn reshape(&mut self, asked: &str) -> bool {
        let at = |number: &str| number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        if asked == "add-goal" {
            self.goals.push(TypedGoal::default());
        } else if let Some(number) = asked.strip_prefix("add-action-") {
            if let Some(goal) = at(number).and_then(|at| self.goals.get_mut(at)) {
                goal.actions.push(TypedAction::default());
            }
        } else if let Some(number) = asked.strip_prefix("remove-goal-") {
            if let Some(at) = at(number).filter(|at| *at < self.goals.len()) {
                self.goals.remove(at);
            }
        } else if let Some((of, number)) =
            asked.strip_prefix("remove-action-").and_then(|numbers| numbers.split_once('-'))
        {
            if let (Some(goal), Some(at)) = (at(of).and_then(|at| self.goals.get_mut(at)), at(number))
                && at < goal.actions.len()
            {
                goal.actions.remove(at);
            }
        } else {
            return false;
        }
        true
    }

    /// Without goals and actions in which nothing was written.
    #[must_use]
    pub fn without_blanks(mut self) -> Self {
        for goal in &mut self.goals {
            goal.actions.retain(|action| !action.is_blank());
        }
        self.goals.retain(|goal| !goal.is_blank());
        self
    }

    pub fn goals_sent(&self, today: Date) -> Result<Vec<PlanGoalInput>, Errors> {
        let mut errors = Errors::default();
        let goals = (1..).zip(&self.goals);
        let goals: Vec<Option<PlanGoalInput>> =
            goals.map(|(number, goal)| goal.sent(&format!("goal-{number}"), today, &mut errors)).collect();
        match goals.into_iter().collect() {
            Some(goals) if errors.is_empty() => Ok(goals),
            _ => Err(errors),
        }
    }

    pub fn forms(&self) -> Vec<GoalForm> {
        (1..).zip(&self.goals).map(|(number, goal)| goal.form(number)).collect()
    }
}

pub(super) fn said(words: &str) -> String {
    if words.is_empty() { "Nothing".to_owned() } else { words.to_owned() }
}

impl TypedGoal {
    fn read(form: &Fields, name: &str) -> Self {
        let text = |what: &str| form.text(&format!("{name}-{what}")).to_owned();
        let actions = form.all(&format!("{name}-action")).into_iter();
        Self {
            id: text("id"),
            words: form.text(name).to_owned(),
            rated: form.all(&format!("{name}-rated")).into_iter().map(str::to_owned).collect(),
            rating: text("rating"),
            actions: actions
                .map(|number| TypedAction::read(form, &format!("{name}-action-{number}")))
                .collect(),
        }
    }

    fn of(goal: &WrittenGoal) -> Self {
        Self {
            id: goal.id.clone(),
            words: goal.words.clone(),
            rated: goal.ratings.iter().map(|(score, on)| format!("{score}@{on}")).collect(),
            rating: String::new(),
            actions: goal.actions.iter().map(TypedAction::of).collect(),
        }
    }

    /// One that was saved before is blank only when it is taken out.
    fn is_blank(&self) -> bool {
        self.id.is_empty() && self.words.is_empty() && self.rating.is_empty() && self.actions.is_empty()
    }

    fn ratings(&self) -> Vec<(i64, Date)> {
        let kept = self.rated.iter().filter_map(|rating| {
            let (score, on) = rating.split_once('@')?;
            Some((score.parse().ok()?, on.parse().ok()?))
        });
        kept.collect()
    }

    /// What was rated before, and today's in the place of an earlier one of today.
    fn ratings_sent(&self, today: Date) -> Vec<GoalRatingInput> {
        let mut ratings = self.ratings();
        if let Ok(score) = self.rating.parse() {
            ratings.retain(|(_, on)| *on != today);
            ratings.push((score, today));
        }
        ratings.into_iter().map(|(score, on)| GoalRatingInput { score, on }).collect()
    }

    fn sent(&self, name: &str, today: Date, errors: &mut Errors) -> Option<PlanGoalInput> {
        if self.words.is_empty() {
            errors.push(name, "Write the goal down, or take it out");
        }
        let actions = (1..).zip(&self.actions);
        let actions: Vec<Option<PlanActionInput>> = actions
            .map(|(number, action)| action.sent(&format!("{name}-action-{number}"), today, errors))
            .collect();
        Some(PlanGoalInput {
            id: Some(self.id.clone()).filter(|id| !id.is_empty()),
            words: self.words.clone(),
            ratings: self.ratings_sent(today),
            actions: actions.into_iter().collect::<Option<_>>()?,
        })
    }

    fn form(&self, number: usize) -> GoalForm {
        let name = format!("goal-{number}");
        let not_asked = Choice::new("", "Not asked today");
        let scores = (0..=10).map(|score: u8| Choice::new(score.to_string(), score.to_string()));
        let rating = [not_asked].into_iter().chain(scores).collect();
        GoalForm {
            number,
            id: self.id.clone(),
            words: self.words.clone(),
            rated: self.rated.clone(),
            progress: progress(&self.ratings()),
            rating: Choice::pick(rating, std::slice::from_ref(&self.rating)),
            actions: (1..).zip(&self.actions).map(|(at, action)| action.form(&name, at)).collect(),
            name,
        }
    }

    /// "Walk with others. 4 then 6, out of 10. Go along to the first walk (Bea), by 20 11 2026"
    pub(super) fn summary(&self) -> String {
        let mut all = vec![said(&self.words)];
        all.extend(progress(&self.ratings()));
        if !self.rating.is_empty() {
            all.push(format!("Today: {}", self.rating));
        }
        all.extend(self.actions.iter().map(TypedAction::summary));
        all.join(". ")
    }
}

impl TypedAction {
    fn read(form: &Fields, name: &str) -> Self {
        let text = |what: &str| form.text(&format!("{name}-{what}")).to_owned();
        Self {
            id: text("id"),
            kind: text("kind"),
            words: form.text(name).to_owned(),
            by: text("by"),
            by_name: text("by-name"),
            due: form.day(&format!("{name}-due")),
            done: text("done") == "yes",
            done_on: text("done-on"),
        }
    }

    fn of(action: &WrittenAction) -> Self {
        Self {
            id: action.id.clone(),
            kind: action.kind.code().to_owned(),
            words: action.words.clone(),
            by: action.by.code().to_owned(),
            by_name: action.by_name.clone().unwrap_or_default(),
            due: action.due_on.map(boxes).unwrap_or_default(),
            done: action.done_on.is_some(),
            done_on: action.done_on.map(|day| day.to_string()).unwrap_or_default(),
        }
    }

    fn is_blank(&self) -> bool {
        self.id.is_empty()
            && self.words.is_empty()
            && self.by_name.is_empty()
            && self.due == DayMonthYear::default()
    }

    fn kind(&self) -> PlanActionKind {
        PlanActionKind::parse(&self.kind).unwrap_or(PlanActionKind::ToDo)
    }

    fn by(&self) -> PlanActionBy {
        PlanActionBy::parse(&self.by).unwrap_or(PlanActionBy::Person)
    }

    fn sent(&self, name: &str, today: Date, errors: &mut Errors) -> Option<PlanActionInput> {
        if self.words.is_empty() {
            errors.push(name, "Write down what will be done, or take the action out");
        }
        let Ok(due_on) = real_day(&self.due) else {
            errors.push(format!("{name}-due"), "Enter a day that exists, or leave it empty");
            return None;
        };
        Some(PlanActionInput {
            id: Some(self.id.clone()).filter(|id| !id.is_empty()),
            kind: self.kind(),
            words: self.words.clone(),
            by: self.by(),
            by_name: Some(self.by_name.clone()).filter(|name| !name.is_empty()),
            due_on,
            done_on: self.done.then(|| self.done_on.parse().unwrap_or(today)),
        })
    }

    fn form(&self, goal: &str, number: usize) -> ActionForm {
        ActionForm {
            name: format!("{goal}-action-{number}"),
            number,
            id: self.id.clone(),
            words: self.words.clone(),
            kinds: PlanActionKind::choices(&[self.kind()]),
            by: PlanActionBy::choices(&[self.by()]),
            by_name: self.by_name.clone(),
            due: self.due.clone(),
            done: vec![Choice::new("yes", "Done").chosen(self.done)],
            done_on: self.done_on.clone(),
        }
    }

    fn summary(&self) -> String {
        let who = if self.by_name.is_empty() { self.by().words() } else { &self.by_name };
        let DayMonthYear { day, month, year } = &self.due;
        let due = if day.is_empty() { String::new() } else { format!(", by {day} {month} {year}") };
        let done = if self.done { ", done" } else { "" };
        format!("{} ({who}){due}{done}", said(&self.words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 23);

    const FORM: &str = "matters=My+dog&goal=1&goal-1-id=gol_1&goal-1=See+people&goal-1-rated=4@2026-11-03&goal-1-rating=6\
        &goal-1-action=1&goal-1-action-1-id=act_1&goal-1-action-1=Call+Bea&goal-1-action-1-kind=BUDDY\
        &goal-1-action-1-by=SUPPORTER&goal-1-action-1-by-name=Bea&goal-1-action-1-due-day=27\
        &goal-1-action-1-due-month=11&goal-1-action-1-due-year=2026&goal-1-action-1-done=yes&goal=2&goal-2=";

    fn typed(form: &str) -> Typed {
        Typed::read(&Fields::parse(form))
    }

    #[test]
    fn a_form_becomes_the_whole_plan_with_todays_progress_behind_what_was_rated_before() {
        let plan = typed(FORM).without_blanks();
        let goals = plan.goals_sent(TODAY).unwrap();
        let expected = serde_json::json!([{
            "id": "gol_1", "words": "See people",
            "ratings": [{ "score": 4, "on": "2026-11-03" }, { "score": 6, "on": "2026-11-23" }],
            "actions": [{
                "id": "act_1", "kind": "BUDDY", "words": "Call Bea", "by": "SUPPORTER", "byName": "Bea",
                "dueOn": "2026-11-27", "doneOn": "2026-11-23",
            }],
        }]);
        assert_eq!(serde_json::to_value(&goals).unwrap(), expected);
    }

    #[test]
    fn a_second_rating_of_a_day_takes_the_place_of_the_first() {
        let plan = typed("goal=1&goal-1=Walk&goal-1-rated=4@2026-11-23&goal-1-rating=5");
        let goals = plan.goals_sent(TODAY).unwrap();
        assert_eq!(goals[0].ratings.iter().map(|rating| rating.score).collect::<Vec<_>>(), [5]);
    }

    #[test]
    fn what_was_typed_comes_back_and_a_button_adds_or_takes_out_one_part() {
        let mut plan = typed(FORM);
        assert!(
            plan.reshape("add-goal") && plan.reshape("add-action-1") && plan.reshape("remove-action-1-1")
        );
        let forms = plan.forms();
        assert_eq!(forms.len(), 3);
        assert_eq!((forms[0].words.as_str(), forms[0].actions.len()), ("See people", 1));
        assert_eq!(forms[0].actions[0].words, "", "the one that was added is left");
        assert!(forms[0].rating.iter().any(|score| score.value == "6" && score.chosen));
        assert!(plan.reshape("remove-goal-1") && plan.forms().len() == 2);
        for odd in ["save", "", "remove-everything"] {
            assert!(!plan.clone().reshape(odd), "{odd}");
        }
        for far in
            ["remove-goal-9", "remove-goal-0", "add-action-9", "remove-action-1-9", "remove-action-x-1"]
        {
            let mut same = plan.clone();
            assert!(same.reshape(far) && same == plan, "{far}");
        }
    }

    #[test]
    fn a_day_that_does_not_exist_and_a_goal_without_words_are_said_beside_themselves() {
        let form = "goal=1&goal-1=&goal-1-action=1&goal-1-action-1=Call&goal-1-action-1-due-day=31&goal-1-action-1-due-month=2\
             &goal-1-action-1-due-year=2026";
        let errors = typed(form).goals_sent(TODAY).unwrap_err();
        assert!(errors.of("goal-1").is_some() && errors.of("goal-1-action-1-due").is_some());
    }
}
