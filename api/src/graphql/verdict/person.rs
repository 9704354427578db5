//! About people.

use trellis_domain::person::PersonError;

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<PersonError> for Verdict {
    fn from(error: PersonError) -> Self {
        match error {
            PersonError::NotFound => Refusal::not_found("personId").into(),
            PersonError::Stale => Refusal::stale().into(),
            PersonError::AlreadyRegistered(_) => {
                let message = "Somebody with this NHS number is already on your records.";
                let next = "Search for them, and refer from their record.";
                Refusal::new(RefusalCode::AlreadyRegistered, message, next).about("identity.nhsNumber").into()
            }
            PersonError::ProbablyRegistered => {
                let message = "Somebody on your records may be the same person.";
                let next = "Look at possibleMatches. Refer from that record, or name in notTheSameAs whoever is somebody else.";
                Refusal::new(RefusalCode::PossibleDuplicate, message, next).about("notTheSameAs").into()
            }
            PersonError::NoChannel => {
                let next = "Choose how the person wants to be reached.";
                let message = "At least one way of contact is needed.";
                Refusal::new(RefusalCode::InvalidInput, message, next).about("preferences.channels").into()
            }
            PersonError::Denied(denied) => denied.into(),
            PersonError::Store(store) => store.into(),
        }
    }
}
