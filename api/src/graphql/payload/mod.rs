//! What mutations answer: the thing as it stands now, or the refusal. Never both.

pub mod access_review;
mod care;
mod moved;
mod offer;
pub mod people;
pub mod security;
mod session;
pub mod settings;
mod shape;

pub use care::{
    AccessRequestPayload, ContactPayload, CustodyOfferPayload, DecisionPayload, EmergencyPayload,
    PersonMatchPayload, PersonPayload, PlanPayload, ReferralPayload, ServicePayload, TaskPayload,
    WithdrawDecisionPayload,
};
pub use moved::{MoveOutcome, ReassignedPayload};
pub use offer::{AnswerOfferPayload, VerifyDevicePayload};
pub use session::{SignOutPayload, Tokens, TokensPayload};
pub use shape::Payload;
pub(super) use shape::payload;
