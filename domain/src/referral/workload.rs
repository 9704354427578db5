//! How much work the referrals are that somebody has in hand: a declared rule over recorded facts about the work, printed on
//! the page beside what it comes to. It is for sharing work out evenly. It says nothing of a person, ranks nobody, and nothing
//! but the sharing out of work reads it (X8).

use super::brief::AccessNeed;
use super::{Brief, Risk};

/// More needs than this are counted once more.
const MANY_NEEDS: usize = 2;

/// One line of the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub adds: u32,
    pub words: &'static str,
    /// Why it is more work.
    pub because: &'static str,
}

const OPEN: Part =
    Part { adds: 1, words: "each open referral", because: "there is somebody to keep in touch with" };
const RISK: Part = Part {
    adds: 1,
    words: "a risk is recorded",
    because: "visits are planned with a colleague, and others are spoken to",
};
const NEEDS: Part = Part {
    adds: 1,
    words: "more than two needs",
    because: "each need is another service to find and to follow",
};
const INTERPRETER: Part = Part {
    adds: 1,
    words: "an interpreter or British Sign Language",
    because: "each contact is booked with somebody else, and takes longer",
};

/// The whole rule, in the order in which it is printed.
pub const RULE: &[Part] = &[OPEN, RISK, NEEDS, INTERPRETER];

/// What the rule looks at, and all that it looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    pub risk: Risk,
    pub needs: usize,
    pub interpreter: bool,
}

impl Work {
    pub fn of(risk: Risk, brief: &Brief) -> Self {
        let interpreted = |need: &AccessNeed| matches!(need, AccessNeed::Interpreter | AccessNeed::Bsl);
        Self { risk, needs: brief.needs.len(), interpreter: brief.access_needs.iter().any(interpreted) }
    }

    pub fn weight(self) -> u32 {
        let when = |part: Part, holds: bool| if holds { part.adds } else { 0 };
        OPEN.adds
            + when(RISK, self.risk != Risk::NoneKnown)
            + when(NEEDS, self.needs > MANY_NEEDS)
            + when(INTERPRETER, self.interpreter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Work = Work { risk: Risk::NoneKnown, needs: 2, interpreter: false };

    #[test]
    fn each_line_of_the_rule_counts_once_and_by_itself() {
        assert_eq!(PLAIN.weight(), 1);
        for risk in Risk::ALL.iter().filter(|risk| **risk != Risk::NoneKnown) {
            assert_eq!(Work { risk: *risk, ..PLAIN }.weight(), 2, "{risk}: whichever it is");
        }
        assert_eq!(Work { needs: 3, ..PLAIN }.weight(), 2);
        assert_eq!(Work { needs: 12, ..PLAIN }.weight(), 2);
        assert_eq!(Work { interpreter: true, ..PLAIN }.weight(), 2);
        let all = Work { risk: Risk::Harm, needs: 4, interpreter: true };
        assert_eq!(all.weight(), RULE.iter().map(|part| part.adds).sum::<u32>());
    }

    #[test]
    fn only_an_interpreter_of_any_kind_counts_among_what_a_place_must_offer() {
        let brief = |need| Brief {
            needs: Vec::new(),
            age_band: super::super::AgeBand::Unknown,
            area: None,
            access_needs: vec![need],
        };
        for need in AccessNeed::ALL {
            let expected = matches!(need, AccessNeed::Interpreter | AccessNeed::Bsl);
            assert_eq!(Work::of(Risk::NoneKnown, &brief(*need)).interpreter, expected, "{need}");
        }
    }
}
