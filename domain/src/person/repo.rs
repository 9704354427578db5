//! What the verbs need of people. Only people the acting organisation has access to are ever returned.

use super::{Person, PersonAccess};
use crate::kernel::{NhsNumber, PersonId, ReferralId, StoreError};

pub trait PersonReads {
    fn person(&mut self, id: PersonId) -> Result<Option<Person>, StoreError>;
    /// By exact NHS number, among the people the acting organisation may see.
    fn person_by_nhs_number(&mut self, number: &NhsNumber) -> Result<Option<PersonId>, StoreError>;
}

pub trait PersonWrites: PersonReads {
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
