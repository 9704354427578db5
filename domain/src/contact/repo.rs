//! What the verbs need of contacts.

use super::Contact;
use crate::kernel::{PersonId, StoreError};

pub trait ContactReads {
    /// The acting organisation's own contacts with a person, newest first.
    fn contacts(&mut self, person: PersonId, most: u16) -> Result<Vec<Contact>, StoreError>;
}

pub trait ContactWrites: ContactReads {
    /// Keeps the contact, and on the referral's own row what every list shows of it.
    fn insert_contact(&mut self, contact: &Contact) -> Result<(), StoreError>;
}
