//! Screen 2: a provider answers from an e-mail.
use super::document;
use crate::codes::{
    AccessNeed, AgeBand, ContactChannel, DeclineReason, InformationFormat, Need, OfferAnswer,
    OfferedRequestState, RefusalCode, Risk,
};

document!(OfferedRequest, "documents/offered_request.graphql");
document!(AnswerOffer, "documents/answer_offer.graphql");
document!(VerifyDevice, "documents/verify_device.graphql");
