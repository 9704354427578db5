//! What the verbs need from the store. Row-level security narrows every answer to what is ours.

use super::close_out::CloseOut;
use super::{Reference, Referral};
use crate::kernel::{Prose, ReferralId, ServiceId, StoreError};

pub trait ReferralReads {
    fn referral(&mut self, id: ReferralId) -> Result<Option<Referral>, StoreError>;
    /// The first in a service's queue, oldest first.
    fn first_waiting(&mut self, service: ServiceId) -> Result<Option<ReferralId>, StoreError>;
    /// Contacts logged on a referral, the failed ones included.
    fn contacts_logged(&mut self, id: ReferralId) -> Result<u32, StoreError>;
}

pub trait ReferralWrites: ReferralReads {
    /// Reads and locks, so that what is decided on it still holds at commit.
    fn lock_referral(&mut self, id: ReferralId) -> Result<Option<Referral>, StoreError>;
    /// `note` is what matters to the person, in their words; it is sealed with the person's key.
    fn insert_referral(&mut self, referral: &Referral, note: Option<&Prose>) -> Result<(), StoreError>;
    /// Saves over the version that was read, exactly one row, and counts the version up.
    fn save_referral(&mut self, referral: &Referral) -> Result<Referral, StoreError>;
    fn save_close_out(&mut self, id: ReferralId, close_out: &CloseOut) -> Result<(), StoreError>;
    fn mark_referral_read(&mut self, id: ReferralId) -> Result<(), StoreError>;
    fn reference_is_free(&mut self, reference: &Reference) -> Result<bool, StoreError>;
}
