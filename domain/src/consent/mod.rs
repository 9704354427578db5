//! Sharing decisions: what a person lets whom know, and for what. The lawful basis for keeping the record is not here.

pub mod decision;
pub mod event;
pub mod record;
pub mod repo;
pub mod withdraw;

pub use decision::{
    ActiveDecision, Decision, Explained, HowGiven, NoActiveDecision, OrganisationFacts, Purpose, Recipient,
    Scope,
};
pub use event::DecisionEvent;
pub use repo::{DecisionReads, DecisionWrites};
