//! One attempt: channel, result, minutes, note, next step.

use jiff::Timestamp;
use uuid::Uuid;

use crate::define_codes;
use crate::kernel::{
    ContactId, OrganisationId, PersonId, Prose, ReferralId, StoreError, Subject, TypedId, UserId,
};
use crate::person::Channel;
use crate::policy::Denied;
use crate::referral::{NotPossible, ReferralError};

define_codes! {
    ContactResult {
        Spoke = "spoke", "Spoke";
        NoAnswer = "no_answer", "No answer";
        LeftMessage = "left_message", "Left a message";
        Attended = "attended", "Came to a session";
        DidNotAttend = "did_not_attend", "Did not come";
        Sent = "sent", "Sent";
    }
}

impl ContactResult {
    /// The person was reached or met: this starts an accepted referral.
    pub fn reached(self) -> bool {
        matches!(self, Self::Spoke | Self::Attended)
    }
}

define_codes! {
    NextStep {
        Call = "call", "Call";
        Visit = "visit", "Visit";
        Write = "write", "Write";
        FirstSession = "first_session", "First session";
        Review = "review", "Review";
        CheckWithProvider = "check_with_provider", "Check with the provider";
        Close = "close", "Finish";
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub id: ContactId,
    pub person: PersonId,
    pub referral: ReferralId,
    pub organisation: OrganisationId,
    pub user: Option<UserId>,
    pub at: Timestamp,
    pub channel: Channel,
    pub result: ContactResult,
    pub minutes: u16,
    pub note: Option<Prose>,
    pub next: Option<(NextStep, Timestamp)>,
    /// It was logged by mistake, and taken back within ten minutes.
    pub taken_back_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactEvent {
    pub contact: ContactId,
    pub person: PersonId,
    pub referral: ReferralId,
    pub organisation: OrganisationId,
    pub result: ContactResult,
    /// A next step was agreed.
    pub has_next: bool,
    /// It was logged before, and does not count any more.
    pub taken_back: bool,
}

impl Subject for Contact {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    #[error("there is no such referral")]
    NotFound,
    #[error("there is no such person")]
    PersonNotFound,
    /// The person does not want to be reached in this way (A3).
    #[error("the person does not want this way of contact")]
    ChannelNotAllowed,
    #[error("the person asked for no messages to be left")]
    NoVoicemail,
    #[error("the next step lies in the past")]
    NextStepInPast,
    #[error("a contact cannot take longer than a day")]
    TooLong,
    #[error(transparent)]
    NotPossible(#[from] NotPossible),
    #[error(transparent)]
    Referral(#[from] ReferralError),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}
