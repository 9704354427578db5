//! About two records and one person.

use trellis_domain::sameness::SamenessError;

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<SamenessError> for Verdict {
    fn from(error: SamenessError) -> Self {
        match error {
            SamenessError::PersonNotFound => Refusal::not_found("personId").into(),
            SamenessError::NotFound => Refusal::not_found("matchId").into(),
            SamenessError::Itself => {
                let message = "A record is always of the same person as itself.";
                Refusal::new(RefusalCode::InvalidInput, message, "Choose two records.")
                    .about("otherPersonId")
                    .into()
            }
            SamenessError::TakenBackAlready => {
                let message = "That was taken back already.";
                Refusal::new(RefusalCode::AlreadyWithdrawn, message, "There is nothing left to do.")
                    .about("matchId")
                    .into()
            }
            SamenessError::AnsweredOtherwise => {
                let message = "A colleague has answered otherwise.";
                let next = "Talk to them. Take their answer back first, if it was wrong.";
                Refusal::new(RefusalCode::AnsweredAlready, message, next).about("verdict").into()
            }
            SamenessError::Denied(denied) => denied.into(),
            SamenessError::Store(store) => store.into(),
        }
    }
}
