//! About openings in an emergency.

use trellis_domain::emergency::EmergencyError;

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<EmergencyError> for Verdict {
    fn from(error: EmergencyError) -> Self {
        match error {
            EmergencyError::NotFound => Refusal::not_found("openingId").into(),
            EmergencyError::NoRecord => {
                let message = "No record has exactly these details.";
                let next = "Check each of them. If somebody is in danger now, call 999.";
                Refusal::new(RefusalCode::NoRecord, message, next).into()
            }
            EmergencyError::OpenAlready(_) => {
                let message = "This record is open to your organisation already.";
                Refusal::new(RefusalCode::OpenAlready, message, "Search for the person, and open it.").into()
            }
            EmergencyError::Ended => {
                let message = "This opening has ended.";
                Refusal::new(RefusalCode::NotInThisStage, message, "There is nothing left to do.").into()
            }
            EmergencyError::ReviewedAlready => {
                let message = "This opening was reviewed already.";
                Refusal::new(RefusalCode::ReviewedAlready, message, "Read the list again.").into()
            }
            EmergencyError::Denied(denied) => denied.into(),
            EmergencyError::Store(store) => store.into(),
        }
    }
}
