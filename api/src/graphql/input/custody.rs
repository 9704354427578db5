//! To whom records are offered, and what the other side says.

use async_graphql::{ID, InputObject};
use trellis_domain::custody::{AnswerOffer, CustodyAnswer, OfferRecords};
use trellis_domain::kernel::CustodyOfferId;

use super::{Check, Command};
use crate::graphql::enums::{CustodyDecline, CustodyReason, OfferAnswer};
use crate::graphql::refusal::Refusal;

#[derive(InputObject, Clone)]
pub struct OfferCustodyInput {
    /// Who is to answer for the people from then on.
    pub organisation_id: ID,
    pub reason: CustodyReason,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct WithdrawCustodyOfferInput {
    pub offer_id: ID,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct AnswerCustodyOfferInput {
    pub offer_id: ID,
    pub answer: OfferAnswer,
    /// Why it is declined.
    pub reason: Option<CustodyDecline>,
    pub idempotency_key: Option<String>,
}

impl Command for OfferCustodyInput {
    type Parsed = OfferRecords;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<OfferRecords, Refusal> {
        let mut check = Check::new();
        let to = check.id("organisationId", &self.organisation_id);
        check.finish(to.map(|to| OfferRecords { to, reason: self.reason.into() }))
    }
}

impl Command for WithdrawCustodyOfferInput {
    type Parsed = CustodyOfferId;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<CustodyOfferId, Refusal> {
        let mut check = Check::new();
        let offer = check.id("offerId", &self.offer_id);
        check.finish(offer)
    }
}

impl Command for AnswerCustodyOfferInput {
    type Parsed = AnswerOffer;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<AnswerOffer, Refusal> {
        let mut check = Check::new();
        let offer = check.id("offerId", &self.offer_id);
        let answer = match (self.answer, self.reason) {
            (OfferAnswer::Accept, None) => Some(CustodyAnswer::Accept),
            (OfferAnswer::Decline, Some(why)) => Some(CustodyAnswer::Decline(why.into())),
            (OfferAnswer::Accept, Some(_)) => {
                check.refuse("reason", "only what is declined needs a reason");
                None
            }
            (OfferAnswer::Decline, None) => {
                check.refuse("reason", "say why it is declined");
                None
            }
        };
        check.finish(offer.zip(answer).map(|(offer, answer)| AnswerOffer { offer, answer }))
    }
}
