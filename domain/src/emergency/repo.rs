//! What the verbs need of the store.

use jiff::Timestamp;

use super::{Find, Opening};
use crate::identity::RoleHolders;
use crate::kernel::{EmergencyOpeningId, PersonId, Prose, Redacted, StoreError, UserId};

/// Whose record is wanted, by whom and until when.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    pub id: EmergencyOpeningId,
    pub find: &'a Find,
    pub reason: &'a Redacted<Prose>,
    pub user: UserId,
    pub until: Timestamp,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Opened(Opening),
    /// There is a way to it already, so nothing was opened.
    OpenAlready(PersonId),
    Nobody,
}

pub trait EmergencyReads {
    /// One that the acting organisation made, or that is about a record it keeps.
    fn opening(&mut self, id: EmergencyOpeningId) -> Result<Option<Opening>, StoreError>;
}

pub trait EmergencyWrites: EmergencyReads + RoleHolders {
    /// Finds the one record and opens it, with the reason sealed: all of it or nothing.
    fn open_in_emergency(&mut self, wanted: Wanted<'_>) -> Result<Found, StoreError>;
    /// The same as `opening`, locked.
    fn lock_opening(&mut self, id: EmergencyOpeningId) -> Result<Option<Opening>, StoreError>;
    /// Keeps the end and the review; where it has ended, so has the access.
    fn save_opening(&mut self, opening: &Opening) -> Result<(), StoreError>;
}
