//! What a provider's link answers.

use async_graphql::SimpleObject;

use super::super::objects::OfferedRequestObject;
use super::super::refusal::Refusal;
use super::shape::Payload;
use crate::graphql::rules::{Rule, rule};

#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct AnswerOfferPayload {
    pub request: Option<OfferedRequestObject>,
    /// A six-digit code was sent to the provider's own address; give it to verifyDevice.
    pub code_sent: bool,
    pub refusal: Option<Refusal>,
}

impl Payload for AnswerOfferPayload {
    type Done = (OfferedRequestObject, bool);

    fn done((request, code_sent): (OfferedRequestObject, bool)) -> Self {
        Self { request: Some(request), code_sent, refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { request: None, code_sent: false, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct VerifyDevicePayload {
    pub device: Option<String>,
    pub request: Option<OfferedRequestObject>,
    pub refusal: Option<Refusal>,
}

impl Payload for VerifyDevicePayload {
    type Done = (String, OfferedRequestObject);

    fn done((device, request): (String, OfferedRequestObject)) -> Self {
        Self { device: Some(device), request: Some(request), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { device: None, request: None, refusal: Some(refusal) }
    }
}
