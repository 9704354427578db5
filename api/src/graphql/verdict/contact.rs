//! About contacts and tasks.

use trellis_domain::contact::ContactError;
use trellis_domain::message::TaskError;

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<ContactError> for Verdict {
    fn from(error: ContactError) -> Self {
        let invalid = |message: &str, next: &str, field: &str| {
            Refusal::new(RefusalCode::InvalidInput, message, next).about(field)
        };
        match error {
            ContactError::NotFound => Refusal::not_found("referralId").into(),
            ContactError::PersonNotFound => Refusal::not_found("personId").into(),
            ContactError::ChannelNotAllowed => {
                let message = "The person does not want to be reached in this way.";
                Refusal::new(RefusalCode::ChannelNotAllowed, message, "Use one of the ways they chose.")
                    .about("channel")
                    .into()
            }
            ContactError::NoVoicemail => {
                let message = "The person asked that no messages be left.";
                Refusal::new(RefusalCode::NoVoicemail, message, "Try again at another time.")
                    .about("result")
                    .into()
            }
            ContactError::NextStepInPast => {
                let message = "The date of the next step has passed.";
                Refusal::new(RefusalCode::DateInPast, message, "Choose a date to come.")
                    .about("nextDueAt")
                    .into()
            }
            ContactError::TooLong => {
                invalid("A contact cannot take longer than a day.", "Check the minutes.", "minutes").into()
            }
            ContactError::NotPossible(stage) => stage.into(),
            ContactError::Referral(referral) => referral.into(),
            ContactError::Denied(denied) => denied.into(),
            ContactError::Store(store) => store.into(),
        }
    }
}

impl From<TaskError> for Verdict {
    fn from(error: TaskError) -> Self {
        match error {
            TaskError::NotFound => Refusal::not_found("taskId").into(),
            TaskError::Denied(denied) => denied.into(),
            TaskError::Store(store) => store.into(),
        }
    }
}
