//! About the links that providers answer by.

use trellis_domain::referral::link::OfferError;
use trellis_infra::pg::platform::LinkError;

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<LinkError> for Verdict {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Unknown => Refusal::not_found("token").into(),
            LinkError::Store(store) => store.into(),
        }
    }
}

impl From<OfferError> for Verdict {
    fn from(error: OfferError) -> Self {
        match error {
            OfferError::NotFound => Refusal::not_found("token").into(),
            OfferError::Expired => {
                let message = "The link has ended.";
                Refusal::new(RefusalCode::LinkExpired, message, "Phone whoever sent it.")
                    .about("token")
                    .into()
            }
            OfferError::Spent => {
                let message = "This request was answered already.";
                Refusal::new(RefusalCode::LinkSpent, message, "To change the answer, phone whoever sent it.")
                    .about("token")
                    .into()
            }
            OfferError::NotAccepted => {
                let message = "The request was not accepted through this link.";
                Refusal::new(RefusalCode::NotInThisStage, message, "Accept it first.").into()
            }
            OfferError::Referral(referral) => (*referral).into(),
            OfferError::Denied(denied) => denied.into(),
            OfferError::Store(store) => store.into(),
        }
    }
}
