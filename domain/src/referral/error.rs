//! Why a command on a referral was refused. Each has a name, and says what would make it possible.

use super::attempts::TooFewAttempts;
use super::codes::{Command, StageName};
use crate::consent::NoActiveDecision;
use crate::consent::record::DecisionError;
use crate::directory::NotAdmitted;
use crate::kernel::{ReferralId, StoreError};
use crate::person::PersonError;
use crate::policy::Denied;

/// The lifecycle has no such arrow from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a referral that is {stage} cannot take {command}")]
pub struct NotPossible {
    pub command: Command,
    /// As whoever asked may know it.
    pub stage: StageName,
    pub words: &'static str,
}

#[derive(Debug, thiserror::Error)]
pub enum ReferralError {
    /// It does not exist, or is not ours to see: the same answer.
    #[error("there is no such referral")]
    NotFound,
    #[error("there is no such person")]
    PersonNotFound,
    #[error("there is no such service")]
    ServiceNotFound,
    /// The acting organisation has asked this service for this person, and that is open as far as it hears.
    #[error("the service has been asked for this person already")]
    AskedAlready(ReferralId),
    #[error("there is no such worker in this organisation")]
    WorkerNotFound,
    #[error(transparent)]
    NotPossible(#[from] NotPossible),
    /// Somebody else changed it after it was read.
    #[error("the referral has changed since it was opened")]
    Stale,
    #[error(transparent)]
    NoDecision(#[from] NoActiveDecision),
    #[error(transparent)]
    NotAdmitted(#[from] NotAdmitted),
    #[error("the service has no free place")]
    NoPlace,
    #[error("others are before this person in the queue")]
    NotFirstInQueue,
    #[error(transparent)]
    TooFewAttempts(#[from] TooFewAttempts),
    #[error("the until-date lies in the past")]
    UntilInPast,
    #[error("it ended more than 30 days ago")]
    TooLateToReopen,
    #[error("a referral with this risk needs a named worker")]
    NeedsNamedWorker,
    /// There is nobody to send it back to. Known: somebody else stands behind it, who has it if it is declined.
    #[error("whoever asked for it has closed")]
    AskerClosed { known: bool },
    #[error("the named worker has not acknowledged the risk")]
    RiskNotAcknowledged,
    /// Somebody has it: they, and whoever reads the story later, hear why it moves.
    #[error("it goes from one worker to another without a reason")]
    ReasonNeeded,
    #[error("it was done more than ten minutes ago")]
    TooLateToUndo,
    #[error("something else has happened since")]
    ChangedSince,
    #[error(transparent)]
    Person(#[from] Box<PersonError>),
    #[error(transparent)]
    Decision(#[from] Box<DecisionError>),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PersonError> for ReferralError {
    fn from(error: PersonError) -> Self {
        match error {
            PersonError::Store(store) => Self::Store(store),
            PersonError::Denied(denied) => Self::Denied(denied),
            other => Self::Person(Box::new(other)),
        }
    }
}

impl From<DecisionError> for ReferralError {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::Store(store) => Self::Store(store),
            DecisionError::Denied(denied) => Self::Denied(denied),
            other => Self::Decision(Box::new(other)),
        }
    }
}
