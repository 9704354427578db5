//! What the verbs need of people. Only people the acting organisation has access to are ever returned.

use super::{Candidate, Identity, Person, PersonAccess};
use crate::kernel::{NhsNumber, PersonId, ReferralId, StoreError};

pub trait PersonReads {
    fn person(&mut self, id: PersonId) -> Result<Option<Person>, StoreError>;
    /// By exact NHS number, among the people whose whole record the acting organisation has: a number that was not shared is not
    /// to be found by trying.
    fn person_by_nhs_number(&mut self, number: &NhsNumber) -> Result<Option<PersonId>, StoreError>;
    /// Those worth comparing with, among the people the acting organisation may see: they share the NHS number, a birth date (or one with day
    /// and month changed round), or both names, or the postcode and the beginning of a name. In a fixed order, and not more
    /// than can be looked at.
    fn candidates(&mut self, identity: &Identity) -> Result<Vec<Candidate>, StoreError>;
}

pub trait PersonWrites: PersonReads {
    /// Waits until nobody else of the acting organisation is registering somebody: two who enter the same person at once are one
    /// after the other, and the second hears of the first.
    fn register_in_turn(&mut self) -> Result<(), StoreError>;
    /// Seals the person under a new key, and opens the custodian's access.
    fn insert_person(&mut self, person: &Person, access: &PersonAccess) -> Result<(), StoreError>;
    fn save_person(&mut self, person: &Person) -> Result<Person, StoreError>;
    fn open_access(&mut self, access: &PersonAccess) -> Result<(), StoreError>;
    /// Ends the access that a referral opened, whichever organisation has it. False when none was there to end.
    fn end_referral_access(&mut self, referral: ReferralId, reason: &'static str)
    -> Result<bool, StoreError>;
    /// Ends what referrals have opened of the person to the acting organisation.
    fn end_access_under_referrals(
        &mut self,
        person: PersonId,
        reason: &'static str,
    ) -> Result<(), StoreError>;
    /// Ends the access that was kept for passing on: that of the referral from which this one came.
    fn end_origin_access(&mut self, referral: ReferralId, reason: &'static str) -> Result<(), StoreError>;
}
