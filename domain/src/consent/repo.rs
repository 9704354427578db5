//! What the verbs of consent need from the store.

use super::{Decision, Purpose};
use crate::kernel::{DecisionId, OrganisationId, PersonId, ReferralId, StoreError};

pub trait DecisionReads {
    fn decision(&mut self, id: DecisionId) -> Result<Option<Decision>, StoreError>;
    /// Decisions of a person for a purpose, newest first, ended ones included.
    fn decisions(&mut self, person: PersonId, purpose: Purpose) -> Result<Vec<Decision>, StoreError>;
}

pub trait DecisionWrites: DecisionReads {
    fn insert_decision(&mut self, decision: &Decision) -> Result<(), StoreError>;
    fn save_decision(&mut self, decision: &Decision) -> Result<(), StoreError>;
    /// Open referrals that went out under a decision.
    fn open_referrals_under(&mut self, decision: DecisionId) -> Result<Vec<ReferralId>, StoreError>;
    /// Ends the access that referrals under a decision opened, the finished ones included. Custodians keep theirs.
    fn end_access_under(&mut self, decision: DecisionId, reason: &'static str) -> Result<(), StoreError>;
    /// Stops queued messages about a person to an organisation.
    fn stop_messages(&mut self, person: PersonId, organisation: OrganisationId) -> Result<(), StoreError>;
}
