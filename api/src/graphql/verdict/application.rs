//! About applications to join.

use trellis_domain::application::ApplicationError;

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<ApplicationError> for Verdict {
    fn from(error: ApplicationError) -> Self {
        match error {
            ApplicationError::NotFound => Refusal::not_found("applicationId").into(),
            ApplicationError::AnsweredAlready => {
                let message = "This application was answered already.";
                Refusal::new(RefusalCode::AnsweredAlready, message, "Read it again.").into()
            }
            ApplicationError::NotTaken => {
                let message = "There is no network of this name that takes applications.";
                let next = "Check the address of the page, or phone whoever coordinates the network.";
                Refusal::new(RefusalCode::NotFound, message, next).about("network").into()
            }
            ApplicationError::Stale => {
                let message = "The agreement has changed since you opened this page. Nothing was sent.";
                Refusal::new(RefusalCode::Stale, message, "Read it again, and say that you agree.")
                    .about("agrees")
                    .into()
            }
            ApplicationError::Full => {
                let message = "This network has as many applications as it can read at the moment.";
                let next = "Try again in a week, or phone whoever coordinates the network.";
                Refusal::new(RefusalCode::TooManyTries, message, next).into()
            }
            ApplicationError::Organisation(error) => (*error).into(),
            ApplicationError::Denied(denied) => denied.into(),
            ApplicationError::Store(store) => store.into(),
        }
    }
}
