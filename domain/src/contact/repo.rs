//! What the verbs need of contacts.

use super::Contact;
use crate::kernel::{PersonId, StoreError};

pub trait ContactReads {
    /// The acting organisation's own contacts with a person, newest first.
    fn contacts(&mut self, person: PersonId, most: u16) -> Result<Vec<Contact>, StoreError>;
}

pub trait ContactWrites: ContactReads {
    /// Keeps the contact, and in the same act what every list needs on the referral's own row:
    /// latest contact, next step and due time.
    fn insert_contact(&mut self, contact: &Contact) -> Result<(), StoreError>;
}
