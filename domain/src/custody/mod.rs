//! Custody of people's records: one organisation offers all of those that it answers for to another, and both sign. Whoever
//! coordinates the network neither sees nor moves a record.

pub mod answer;
pub mod custody_offer;
pub mod finish;
pub mod hand_over;
pub mod offer;
pub mod repo;
pub mod withdraw;

pub use answer::{AnswerOffer, CustodyAnswer, answer};
pub use custody_offer::{
    CannotKeep, CustodyDecline, CustodyError, CustodyEvent, CustodyFact, CustodyOffer, CustodyReason,
    CustodyStage, Standing,
};
pub use finish::finish;
pub use hand_over::{HandOver, HandedOver, hand_over};
pub use offer::{OfferRecords, offer};
pub use repo::{CustodyReads, CustodyWrites};
pub use withdraw::withdraw;
