//! What the verbs need of the store. Only what the acting organisation has said is ever returned.

use super::Same;
use crate::kernel::{MatchId, PersonId, StoreError};

pub trait SamenessWrites {
    /// What stands of a pair, locked.
    fn lock_standing(&mut self, pair: (PersonId, PersonId)) -> Result<Option<Same>, StoreError>;
    /// Locked, whether it stands or not.
    fn lock_match(&mut self, id: MatchId) -> Result<Option<Same>, StoreError>;
    /// A pair that is answered by somebody else at this moment is a conflict.
    fn insert_match(&mut self, same: &Same) -> Result<(), StoreError>;
    fn save_taken_back(&mut self, same: &Same) -> Result<(), StoreError>;
}
