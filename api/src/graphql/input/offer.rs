//! What somebody who followed a provider's link sends.

use async_graphql::InputObject;
use trellis_domain::referral::answer_offer::OfferAnswer as Answer;

use super::Check;
use crate::graphql::enums::{DeclineReason, OfferAnswer};
use crate::graphql::refusal::Refusal;

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

impl AnswerOfferInput {
    pub fn parse(&self) -> Result<Answer, Refusal> {
        let mut check = Check::new();
        let answer = match (self.answer, self.reason) {
            (OfferAnswer::Accept, _) => Some(Answer::Accept),
            (OfferAnswer::Decline, Some(reason)) => Some(Answer::Decline(reason.into())),
            (OfferAnswer::Decline, None) => {
                check.refuse("reason", "say why, so that somebody can look further");
                None
            }
        };
        check.finish(answer)
    }
}
