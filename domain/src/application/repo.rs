//! What the verbs need of the store.

use super::{Application, Joining};
use crate::kernel::{ApplicationId, StoreError, UserId};

/// Which of them are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stages {
    /// For an answer of the network.
    Waiting,
    /// Proved, and without a last word.
    Open,
}

pub trait ApplicationReads {
    fn joining(&mut self) -> Result<Option<Joining>, StoreError>;
}

pub trait ApplicationWrites: ApplicationReads {
    fn lock_application(&mut self, id: ApplicationId) -> Result<Option<Application>, StoreError>;
    /// `form`: its key. False where the same form with the same words is kept already.
    fn insert_application(
        &mut self,
        application: &Application,
        form: Option<&str>,
    ) -> Result<bool, StoreError>;
    /// Its stage, what was said, and what it became.
    fn save_application(&mut self, application: &Application) -> Result<(), StoreError>;
    fn save_joining(&mut self, joining: &Joining) -> Result<(), StoreError>;
    fn count_applications(&mut self, stages: Stages) -> Result<u64, StoreError>;
    /// Those who can answer.
    fn coordinators(&mut self) -> Result<Vec<UserId>, StoreError>;
}
