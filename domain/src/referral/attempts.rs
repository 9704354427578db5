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
