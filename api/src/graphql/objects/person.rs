//! Somebody who may be helped, as far as the acting organisation may know them.

use async_graphql::{ID, Object};
use trellis_domain::person::Person;

/// Somebody who may be helped, as far as the acting organisation may know them.
#[derive(Debug, Clone)]
pub struct PersonObject {
    person: Person,
}

impl PersonObject {
    pub fn new(person: Person) -> Self {
        Self { person }
    }
}

#[Object(name = "Person")]
impl PersonObject {
    async fn id(&self) -> ID {
        self.person.id.to_string().into()
    }
}
