//! What the verbs need of contacts.

use super::Contact;
use crate::kernel::StoreError;

pub trait ContactWrites {
    /// Keeps the contact, and in the same act what every list needs on the referral's own row:
    /// latest contact, next step and due time.
    fn insert_contact(&mut self, contact: &Contact) -> Result<(), StoreError>;
}
