//! What the verbs need from the store. Row-level security narrows every answer to what is ours.

use jiff::Timestamp;

use super::close_out::CloseOut;
use super::{Reference, Referral};
use crate::contact::ContactResult;
use crate::directory::SentLately;
use crate::kernel::{PersonId, Prose, ReferralId, ServiceId, StoreError};

pub trait ReferralReads {
    fn referral(&mut self, id: ReferralId) -> Result<Option<Referral>, StoreError>;
    /// What the acting organisation has asked of a service for a person, the newest first, ended ones included.
    fn asked_for(&mut self, person: PersonId, service: ServiceId) -> Result<Vec<Referral>, StoreError>;
    /// The first in a service's queue, oldest first.
    fn first_waiting(&mut self, service: ServiceId) -> Result<Option<ReferralId>, StoreError>;
    /// Requests to the same service since then, but for this one and for what was taken back, whoever sent them. What was
    /// sent again counts by the last time.
    fn sent_since(&mut self, referral: &Referral, since: Timestamp) -> Result<SentLately, StoreError>;
    /// How many contacts logged on a referral came to one of these results.
    fn contacts_with(&mut self, id: ReferralId, results: &[ContactResult]) -> Result<u32, StoreError>;
}

pub trait ReferralWrites: ReferralReads {
    /// Reads and locks, so that what is decided on it still holds at commit.
    fn lock_referral(&mut self, id: ReferralId) -> Result<Option<Referral>, StoreError>;
    /// `note` is what matters to the person, in their words; it is sealed with the person's key.
    fn insert_referral(&mut self, referral: &Referral, note: Option<&Prose>) -> Result<(), StoreError>;
    /// Saves over the version that was read, exactly one row, and counts the version up.
    fn save_referral(&mut self, referral: &Referral) -> Result<Referral, StoreError>;
    /// Saves the next step and when it is due, in the same way. It is no news to anybody.
    fn save_next_step(&mut self, referral: &Referral) -> Result<Referral, StoreError>;
    fn save_close_out(&mut self, id: ReferralId, close_out: &CloseOut) -> Result<(), StoreError>;
    fn mark_referral_read(&mut self, id: ReferralId) -> Result<(), StoreError>;
    /// What matters to the person, as it was written down. None without a way to the person's key.
    fn referral_note(&mut self, referral: &Referral) -> Result<Option<Prose>, StoreError>;
    /// Waits until nobody else of the acting organisation is asking for this person: the second of two at once sees the first.
    fn ask_in_turn(&mut self, person: PersonId) -> Result<(), StoreError>;
    fn reference_is_free(&mut self, reference: &Reference) -> Result<bool, StoreError>;
}
