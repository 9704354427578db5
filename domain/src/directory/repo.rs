//! What the verbs need of services.

use super::Service;
use crate::kernel::{ServiceId, StoreError};

pub trait ServiceReads {
    fn service(&mut self, id: ServiceId) -> Result<Option<Service>, StoreError>;
}

pub trait ServiceWrites: ServiceReads {
    /// Reads and locks, so that two acceptances of the last place come one after the other.
    fn lock_service(&mut self, id: ServiceId) -> Result<Option<Service>, StoreError>;
    fn insert_service(&mut self, service: &Service) -> Result<(), StoreError>;
    fn save_service(&mut self, service: &Service) -> Result<(), StoreError>;
    /// Saves the places of a locked service. Another organisation's referral may free one, so this is not `save_service`.
    fn save_places_taken(&mut self, service: &Service) -> Result<(), StoreError>;
}
