//! What the verbs of identity need from the store.

use super::Membership;
use crate::kernel::StoreError;

pub trait IdentityWrites {
    fn insert_membership(&mut self, membership: &Membership) -> Result<(), StoreError>;
}
