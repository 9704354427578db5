//! About reviews of access.

use trellis_domain::access_review::AccessReviewError;

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<AccessReviewError> for Verdict {
    fn from(error: AccessReviewError) -> Self {
        match error {
            AccessReviewError::MemberNotFound => Refusal::not_found("membershipId").into(),
            AccessReviewError::OrganisationNotFound => Refusal::not_found("organisationId").into(),
            AccessReviewError::Stale => {
                let message = "What one of them may do has changed since you looked.";
                let next = "Nobody was confirmed. Look at the list again: whoever has changed is not ticked any more.";
                Refusal::new(RefusalCode::Stale, message, next).about("members").into()
            }
            AccessReviewError::OwnAccess => {
                let message = "Nobody confirms their own access.";
                let next = "Ask another administrator, or whoever coordinates the network.";
                Refusal::new(RefusalCode::OwnAccess, message, next).about("members").into()
            }
            AccessReviewError::Denied(denied) => denied.into(),
            AccessReviewError::Store(store) => store.into(),
        }
    }
}
