//! Which recorded contacts count as attempts, and proof that a service tried as often as its own rule asks before it
//! gives up on somebody.

use super::codes::EndReason;
use crate::contact::ContactResult;

/// Made only by [`AttemptsMade::check`].
#[derive(Debug)]
pub struct AttemptsMade(());

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{recorded} of the {required} attempts that this service asks for are recorded")]
pub struct TooFewAttempts {
    pub recorded: u32,
    pub required: u32,
}

impl AttemptsMade {
    pub fn check(recorded: u32, required: u32) -> Result<Self, TooFewAttempts> {
        if recorded >= required { Ok(Self(())) } else { Err(TooFewAttempts { recorded, required }) }
    }
}

impl EndReason {
    /// What counts as an attempt before ending for this reason. Whoever was spoken to was reached, and whoever came
    /// took part; whoever did not come had been reached to be asked.
    pub fn attempts(self) -> &'static [ContactResult] {
        use ContactResult::{DidNotAttend, LeftMessage, NoAnswer, Sent};
        match self {
            Self::NotReached => &[NoAnswer, LeftMessage, Sent],
            Self::DidNotEngage => &[NoAnswer, LeftMessage, Sent, DidNotAttend],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_given_from_the_required_number_on() {
        for (recorded, required, proved) in [
            (0, 0, true),
            (0, 1, false),
            (2, 3, false),
            (3, 3, true),
            (4, 3, true),
            (u32::MAX, u32::MAX, true),
        ] {
            let made = AttemptsMade::check(recorded, required);
            assert_eq!(made.is_ok(), proved, "{recorded} of {required}");
            assert_eq!(made.err(), (!proved).then_some(TooFewAttempts { recorded, required }));
        }
    }

    #[test]
    fn whoever_was_reached_was_not_an_attempt_that_failed() {
        for reason in EndReason::ALL {
            assert!(reason.attempts().iter().all(|result| !result.reached()), "{reason}");
        }
        let counts = |reason: EndReason| reason.attempts().contains(&ContactResult::DidNotAttend);
        assert!(counts(EndReason::DidNotEngage) && !counts(EndReason::NotReached));
    }
}
