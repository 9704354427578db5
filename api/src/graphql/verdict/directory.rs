//! About services.

use trellis_domain::directory::publish::ServiceError;

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<ServiceError> for Verdict {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::NotFound => Refusal::not_found("serviceId").into(),
            ServiceError::Stale => Refusal::stale().into(),
            ServiceError::FewerThanTaken => {
                let message = "More places are taken than that.";
                let next = "Give a number that is not below the places taken.";
                Refusal::new(RefusalCode::FewerThanTaken, message, next).about("places").into()
            }
            ServiceError::Denied(denied) => denied.into(),
            ServiceError::Store(store) => store.into(),
        }
    }
}
