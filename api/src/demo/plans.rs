//! What is planned with people who are helped now: at the first talk, and looked at again at the latest. Of its own stream of
//! chance, so that everything else happens as it would without.

use trellis_domain::contact::ContactResult;
use trellis_domain::plan::{ActionBy, ActionKind};

use super::dice::Dice;
use super::history::{Act, Deed, Due, Meeting};

/// A goal with what is done for it, in words that could be anybody's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planning {
    pub(crate) words: &'static Words,
    /// What the person says each time, the latest last.
    pub(crate) score: u8,
    /// When the second action is due.
    pub(crate) due: Due,
    /// They have come back to it: the first action is done.
    pub(crate) again: bool,
}

#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) matters: &'static str,
    pub(crate) goal: &'static str,
    pub(crate) actions: [Step; 2],
}

#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) kind: ActionKind,
    pub(crate) words: &'static str,
    pub(crate) by: ActionBy,
    pub(crate) name: Option<&'static str>,
}

const fn step(kind: ActionKind, words: &'static str, by: ActionBy, name: Option<&'static str>) -> Step {
    Step { kind, words, by, name }
}

const WORDS: [Words; 4] = [
    Words {
        matters: "Company, and my garden. I used to have people round.",
        goal: "See people twice a week",
        actions: [
            step(ActionKind::ToDo, "Choose one of two groups", ActionBy::Person, None),
            step(ActionKind::Accompany, "Go along to the first session", ActionBy::Worker, None),
        ],
    },
    Words {
        matters: "To be able to sleep without thinking of the letters.",
        goal: "Get the money letters in order",
        actions: [
            step(ActionKind::ToDo, "Open the letters together", ActionBy::Worker, None),
            step(ActionKind::AskService, "A benefits check", ActionBy::Provider, Some("the advice centre")),
        ],
    },
    Words {
        matters: "Getting out of the house while I still can.",
        goal: "Walk to the shop and back again",
        actions: [
            step(ActionKind::Buddy, "Find somebody to walk with", ActionBy::Worker, None),
            step(ActionKind::Travel, "Ask about the community car", ActionBy::Supporter, Some("my daughter")),
        ],
    },
    Words {
        matters: "My husband, and an hour a week for myself.",
        goal: "Have one free afternoon a week",
        actions: [
            step(ActionKind::AskService, "A sitter for Wednesdays", ActionBy::Provider, None),
            step(ActionKind::Cost, "See who pays for the sitter", ActionBy::Worker, None),
        ],
    },
];

/// Six of ten have a plan.
const PLANNED: u32 = 60;

/// Puts the plan behind the talks at which it is made.
pub(super) fn add(dice: &mut Dice, acts: &mut Vec<Act>) {
    let talked = |act: &&Act| {
        act.on == 0 && matches!(act.deed, Deed::Meet(Meeting { result: ContactResult::Spoke, .. }))
    };
    let (first, last) = (acts.iter().position(|act| talked(&act)), acts.iter().rposition(|act| talked(&act)));
    let (Some(first), Some(last), true) = (first, last, dice.percent(PLANNED)) else { return };
    let at = dice.index(WORDS.len());
    let Some(words) = WORDS.get(at) else { return };
    let before = u8::try_from(dice.between(2, 5)).unwrap_or(3);
    let after = before + u8::try_from(dice.between(1, 3)).unwrap_or(1);
    let due = Due::FromToday(dice.between(-4, 14));
    // From behind, so that the place of the first stays what it is.
    if last > first {
        put(acts, last, Planning { words, score: after, due, again: true });
    }
    put(acts, first, Planning { words, score: before, due, again: false });
}

fn put(acts: &mut Vec<Act>, talk: usize, planning: Planning) {
    if let Some(Act { ago, by, on, .. }) = acts.get(talk).cloned() {
        acts.insert(talk + 1, Act { ago, by, on, deed: Deed::Plan(planning) });
    }
}
