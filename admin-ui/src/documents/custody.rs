//! Handing records over: the page, and what either side says.
use super::document;
use crate::codes::{CustodyDecline, CustodyReason, CustodyStage, OfferAnswer, RefusalCode};

document!(Custody, "documents/custody.graphql");
document!(OfferCustody, "documents/commands/offer_custody.graphql");
document!(WithdrawCustodyOffer, "documents/commands/withdraw_custody_offer.graphql");
document!(AnswerCustodyOffer, "documents/commands/answer_custody_offer.graphql");
