//! About sharing decisions.

use trellis_domain::consent::NoActiveDecision;
use trellis_domain::consent::record::DecisionError;

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<NoActiveDecision> for Verdict {
    fn from(error: NoActiveDecision) -> Self {
        let (code, message) = match error {
            NoActiveDecision::Missing => {
                (RefusalCode::NoDecision, "No agreement to share with this service is on record.")
            }
            NoActiveDecision::Other => {
                (RefusalCode::NoDecision, "The agreement on record is for another service or purpose.")
            }
            NoActiveDecision::Withdrawn => {
                (RefusalCode::DecisionWithdrawn, "The person has taken back their agreement to share.")
            }
            NoActiveDecision::Expired => (RefusalCode::DecisionExpired, "The agreement to share has ended."),
        };
        Refusal::new(code, message, "Ask the person, and record how they agreed.").about("agreement").into()
    }
}

impl From<DecisionError> for Verdict {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::NotFound => Refusal::not_found("decisionId").into(),
            DecisionError::PersonNotFound => Refusal::not_found("personId").into(),
            DecisionError::RecipientNotFound => Refusal::not_found("organisationId").into(),
            DecisionError::EndsInPast => {
                let message = "The decision would end before it begins.";
                Refusal::new(RefusalCode::DateInPast, message, "Choose an end to come, or none.")
                    .about("endsAt")
                    .into()
            }
            DecisionError::AlreadyWithdrawn => {
                let message = "This decision was withdrawn already.";
                Refusal::new(RefusalCode::AlreadyWithdrawn, message, "There is nothing left to do.").into()
            }
            DecisionError::Denied(denied) => denied.into(),
            DecisionError::Store(store) => store.into(),
        }
    }
}
