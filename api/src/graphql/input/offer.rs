//! What somebody who followed a provider's link sends.

use async_graphql::InputObject;

use crate::graphql::enums::{DeclineReason, OfferAnswer};

#[derive(InputObject, Clone)]
pub struct AnswerOfferInput {
    pub token: String,
    pub answer: OfferAnswer,
    pub reason: Option<DeclineReason>,
}

#[derive(InputObject, Clone)]
pub struct VerifyDeviceInput {
    pub token: String,
    pub code: String,
}
