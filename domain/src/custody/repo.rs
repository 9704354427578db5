//! What the verbs need of the store. The receiver sees nobody before a record has moved, so whatever is asked about people
//! is asked by whoever answers for them.

use super::CustodyOffer;
use crate::identity::RoleHolders;
use crate::kernel::{CustodyOfferId, OrganisationId, PersonId, ReferralId, StoreError};
use crate::person::PersonAccess;
use crate::referral::Referral;
use crate::tenancy::OrganisationWrites;

pub trait CustodyReads: RoleHolders {
    /// One that the acting organisation has made or received.
    fn custody_offer(&mut self, id: CustodyOfferId) -> Result<Option<CustodyOffer>, StoreError>;
    /// Of how many people the acting organisation keeps the record.
    fn people_kept(&mut self) -> Result<u64, StoreError>;
    /// Has the acting organisation an offer out that waits or is being carried out?
    fn has_open_offer(&mut self) -> Result<bool, StoreError>;
    /// Are others' records on their way to the acting organisation?
    fn awaits_records(&mut self) -> Result<bool, StoreError>;
    /// Something about this person is to be seen to by whoever answers for the record now, and by nobody else: an emergency
    /// opening whose reason they review, a request that is not sent yet or came back to them, or somebody to tell.
    fn waits_for_custodian(&mut self, person: PersonId) -> Result<bool, StoreError>;
    /// Does anybody hold a role there that registers people?
    fn somebody_registers_at(&mut self, organisation: OrganisationId) -> Result<bool, StoreError>;
}

pub trait CustodyWrites: CustodyReads + OrganisationWrites {
    fn insert_custody_offer(&mut self, offer: &CustodyOffer) -> Result<(), StoreError>;
    fn lock_custody_offer(&mut self, id: CustodyOfferId) -> Result<Option<CustodyOffer>, StoreError>;
    /// Where it stands.
    fn save_custody_offer(&mut self, offer: &CustodyOffer) -> Result<(), StoreError>;
    /// What the acting organisation has asked for, or was the first to ask for, for the person, whatever became of it. Locked,
    /// before the record as everywhere.
    fn lock_asked_for(&mut self, person: PersonId) -> Result<Vec<Referral>, StoreError>;
    /// False when the acting organisation does not keep the record (any more). Locked, so that nothing begins about the
    /// person while it moves.
    fn lock_record(&mut self, person: PersonId) -> Result<bool, StoreError>;
    /// The record changes hands: the one custodian's access ends, the other's begins, the other's audit says so, and the other
    /// asks for these from now on.
    fn move_record(
        &mut self,
        offer: CustodyOfferId,
        access: &PersonAccess,
        along: &[ReferralId],
    ) -> Result<(), StoreError>;
}
