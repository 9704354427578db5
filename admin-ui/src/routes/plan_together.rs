//! Two plans of one person, mine and somebody else's who saved first: side by side, and put together as it was chosen. Owns
//! that neither of them loses a word by it.
use super::fields::Fields;
use super::plan_form::{Typed, TypedGoal, said};
use crate::pages::plan::PlanPart;

impl Typed {
    /// The parts in which both differ.
    pub fn beside(&self, theirs: &Self) -> Vec<PlanPart> {
        let mut parts = Vec::new();
        if self.matters != theirs.matters {
            parts.push(PlanPart {
                name: "matters".to_owned(),
                label: "What matters to me".to_owned(),
                mine: said(&self.matters),
                theirs: said(&theirs.matters),
                takes_theirs: self.matters.is_empty(),
            });
        }
        for id in self.ids_beside(theirs) {
            let (mine, other) = (self.goal(&id), theirs.goal(&id));
            if mine == other {
                continue;
            }
            let words = mine.or(other).map(|goal| goal.words.clone()).unwrap_or_default();
            let not_in = || "Not in this plan".to_owned();
            parts.push(PlanPart {
                name: id,
                label: format!("Goal: {words}"),
                mine: mine.map_or_else(not_in, TypedGoal::summary),
                theirs: other.map_or_else(not_in, TypedGoal::summary),
                takes_theirs: mine.is_none(),
            });
        }
        parts
    }

    /// Of each part what was chosen; my new goals, which nobody else can have, at the end.
    #[must_use]
    pub fn put_together(&self, theirs: &Self, chosen: &Fields) -> Self {
        let parts = self.beside(theirs);
        let takes_theirs = |name: &str| match chosen.text(&format!("keep-{name}")) {
            "theirs" => true,
            "mine" => false,
            _ => parts.iter().any(|part| part.name == name && part.takes_theirs),
        };
        let matters = if takes_theirs("matters") { &theirs.matters } else { &self.matters };
        let known = self
            .ids_beside(theirs)
            .into_iter()
            .filter_map(|id| if takes_theirs(&id) { theirs.goal(&id) } else { self.goal(&id) }.cloned());
        let new = self.goals.iter().filter(|goal| goal.id.is_empty()).cloned();
        Self { matters: matters.clone(), goals: known.chain(new).collect() }
    }

    fn goal(&self, id: &str) -> Option<&TypedGoal> {
        self.goals.iter().find(|goal| goal.id == id)
    }

    /// Theirs in their order, then those that only I have.
    fn ids_beside(&self, theirs: &Self) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for goal in theirs.goals.iter().chain(&self.goals) {
            if !goal.id.is_empty() && !ids.contains(&goal.id) {
                ids.push(goal.id.clone());
            }
        }
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(form: &str) -> Typed {
        Typed::read(&Fields::parse(form))
    }

    #[test]
    fn of_two_plans_each_part_is_taken_from_whom_it_was_chosen() {
        let mine = typed("matters=My+dog&goal=1&goal-1-id=gol_1&goal-1=Walk&goal=2&goal-2=Sing");
        let theirs =
            typed("matters=My+cat&goal=1&goal-1-id=gol_1&goal-1=Run&goal=2&goal-2-id=gol_2&goal-2=Eat");
        let parts = mine.beside(&theirs);
        let named: Vec<(&str, bool)> =
            parts.iter().map(|part| (part.name.as_str(), part.takes_theirs)).collect();
        assert_eq!(named, [("matters", false), ("gol_1", false), ("gol_2", true)]);
        let words = |plan: &Typed| {
            let goals: Vec<String> = plan.goals.iter().map(|goal| goal.words.clone()).collect();
            (plan.matters.clone(), goals)
        };
        let chosen = |said: &str| words(&mine.put_together(&theirs, &Fields::parse(said)));
        let both = |matters: &str, goals: &[&str]| {
            (matters.to_owned(), goals.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(chosen(""), both("My dog", &["Walk", "Eat", "Sing"]));
        assert_eq!(
            chosen("keep-matters=theirs&keep-gol_1=theirs&keep-gol_2=mine"),
            both("My cat", &["Run", "Sing"])
        );
        assert!(mine.beside(&mine).is_empty());
    }
}
