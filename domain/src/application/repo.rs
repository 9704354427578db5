//! What the verbs need of the store.

use super::{Application, Joining};
use crate::kernel::{ApplicationId, StoreError, UserId};

pub trait ApplicationReads {
    fn joining(&mut self) -> Result<Option<Joining>, StoreError>;
}

pub trait ApplicationWrites: ApplicationReads {
    fn lock_application(&mut self, id: ApplicationId) -> Result<Option<Application>, StoreError>;
    fn insert_application(&mut self, application: &Application) -> Result<(), StoreError>;
    /// Its stage, what was said, and what it became.
    fn save_application(&mut self, application: &Application) -> Result<(), StoreError>;
    fn save_joining(&mut self, joining: &Joining) -> Result<(), StoreError>;
    /// Those who can answer.
    fn coordinators(&mut self) -> Result<Vec<UserId>, StoreError>;
}
