//! Proof that a service tried as often as its own rule asks before it gives up on somebody.

/// Made only by [`AttemptsMade::check`].
#[derive(Debug)]
pub struct AttemptsMade(());

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{recorded} of the {required} contacts that this service asks for are recorded")]
pub struct TooFewAttempts {
    pub recorded: u32,
    pub required: u32,
}

impl AttemptsMade {
    pub fn check(recorded: u32, required: u32) -> Result<Self, TooFewAttempts> {
        if recorded >= required { Ok(Self(())) } else { Err(TooFewAttempts { recorded, required }) }
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
}
