//! What the verbs of consent need from the store.

use super::{Decision, Held, Purpose};
use crate::kernel::{DecisionId, PersonId, StoreError};
use crate::referral::Referral;

pub trait DecisionReads {
    fn decision(&mut self, id: DecisionId) -> Result<Option<Decision>, StoreError>;
    /// Decisions of a person for a purpose, newest first, ended ones included.
    fn decisions(&mut self, person: PersonId, purpose: Purpose) -> Result<Vec<Decision>, StoreError>;
}

pub trait DecisionLocks: DecisionReads {
    /// The same as `decisions`, locked against being withdrawn until this transaction ends. One that is being withdrawn
    /// is waited for. Taken before any referral: withdrawing locks a decision first, and then what runs under it.
    fn lock_decisions(&mut self, person: PersonId, purpose: Purpose) -> Result<Vec<Decision>, StoreError>;
}

pub trait DecisionWrites: DecisionLocks {
    fn insert_decision(&mut self, decision: &Decision) -> Result<(), StoreError>;
    fn save_decision(&mut self, decision: &Decision) -> Result<(), StoreError>;
    /// Open referrals under a decision that this transaction has withdrawn, locked, whoever they are between.
    fn lock_referrals_under(&mut self, decision: DecisionId) -> Result<Vec<Referral>, StoreError>;
    /// Saves one of them as withdrawn, over the version that was read.
    fn save_taken_back(&mut self, referral: &Referral) -> Result<(), StoreError>;
    /// Stops what is queued to the receivers of referrals under the decision.
    fn stop_messages_under(&mut self, decision: DecisionId) -> Result<(), StoreError>;
    /// Ends the access that referrals under the decision opened, the finished ones included, and says whose it was.
    /// Custodians keep theirs.
    fn end_access_under(
        &mut self,
        decision: DecisionId,
        reason: &'static str,
    ) -> Result<Vec<Held>, StoreError>;
}
