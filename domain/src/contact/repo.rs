//! What the verbs need of contacts.

use super::Contact;
use crate::kernel::StoreError;

pub trait ContactWrites {
    /// Keeps the contact, and on the referral's own row what every list shows of it.
    fn insert_contact(&mut self, contact: &Contact) -> Result<(), StoreError>;
}
