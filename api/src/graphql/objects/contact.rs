//! One attempt to reach or meet a person.

use async_graphql::{ID, Object};
use trellis_domain::contact::Contact;

/// One attempt to reach or meet a person.
#[derive(Debug, Clone)]
pub struct ContactObject {
    contact: Contact,
}

impl ContactObject {
    pub fn new(contact: Contact) -> Self {
        Self { contact }
    }
}

#[Object(name = "Contact")]
impl ContactObject {
    async fn id(&self) -> ID {
        self.contact.id.to_string().into()
    }
}
