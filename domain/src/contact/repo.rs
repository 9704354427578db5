//! What the verbs need of contacts.

use super::Contact;
use crate::kernel::{ContactId, StoreError};

pub trait ContactWrites {
    /// Keeps the contact, and on the referral's own row what every list shows of it.
    fn insert_contact(&mut self, contact: &Contact) -> Result<(), StoreError>;
    /// One of ours.
    fn contact(&mut self, id: ContactId) -> Result<Option<Contact>, StoreError>;
    /// Keeps that it was taken back, and on the referral's own row what is the latest contact now.
    fn save_taken_back(&mut self, contact: &Contact) -> Result<(), StoreError>;
}
