//! What the verbs need of the store.

use super::{AccessRequest, Wanted};
use crate::kernel::{AccessRequestId, MembershipId, Prose, Redacted, StoreError, UserId};

pub trait AccessRequestWrites {
    /// Locked, when it is one of what is acted for.
    fn lock_access_request(&mut self, id: AccessRequestId) -> Result<Option<AccessRequest>, StoreError>;
    /// The same page asked for by the same member and not answered yet.
    fn waiting_request(
        &mut self,
        membership: MembershipId,
        wanted: &Wanted,
    ) -> Result<Option<AccessRequest>, StoreError>;
    fn insert_access_request(
        &mut self,
        request: &AccessRequest,
        why: &Redacted<Prose>,
    ) -> Result<(), StoreError>;
    fn save_answer(&mut self, request: &AccessRequest) -> Result<(), StoreError>;
    /// Those who can change roles in what is acted for.
    fn administrators(&mut self) -> Result<Vec<UserId>, StoreError>;
}
