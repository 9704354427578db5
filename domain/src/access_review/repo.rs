//! What the verbs need of the store.

use super::{Confirmation, Confirmed, ReviewedAccess, ReviewedPlace};
use crate::kernel::{ConfirmationId, StoreError};

pub trait AccessReviewReads {
    /// All of them, whoever has waited longest for a look first.
    fn reviewed_accesses(&mut self, place: ReviewedPlace) -> Result<Vec<ReviewedAccess>, StoreError>;
}

pub trait AccessReviewWrites {
    fn insert_confirmation(&mut self, confirmation: &Confirmation) -> Result<(), StoreError>;
    /// What one press confirmed, as far as it is the acting place's.
    fn confirmed(&mut self, id: ConfirmationId) -> Result<Option<Confirmed>, StoreError>;
}
