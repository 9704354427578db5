//! About requests for access.

use trellis_domain::access_request::AccessRequestError;

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<AccessRequestError> for Verdict {
    fn from(error: AccessRequestError) -> Self {
        match error {
            AccessRequestError::NotFound => Refusal::not_found("requestId").into(),
            AccessRequestError::AnsweredAlready => {
                let message = "This request was answered already.";
                Refusal::new(RefusalCode::AnsweredAlready, message, "Read the list again.").into()
            }
            AccessRequestError::Denied(denied) => denied.into(),
            AccessRequestError::Store(store) => store.into(),
        }
    }
}
