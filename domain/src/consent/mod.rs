//! Sharing decisions: what a person lets whom know, and for what. The lawful basis for keeping the record is not here.

pub mod decision;
pub mod event;
pub mod receipt;
pub mod record;
pub mod repo;
pub mod withdraw;

pub use decision::{
    ActiveDecision, Decision, Explained, HowGiven, Known, NoActiveDecision, OrganisationFacts, Purpose,
    Recipient, Scope,
};
pub use event::{DecisionEvent, DecisionFact, SharingEnded};
pub use receipt::{Held, Withdrawal};
pub use repo::{DecisionLocks, DecisionReads, DecisionWrites};
