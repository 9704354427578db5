//! What the verbs need to know of organisations and of their working days.

use super::Organisation;
use crate::kernel::{OrganisationId, StoreError, UserId, WorkingCalendar};

pub trait OrganisationReads {
    fn organisation(&mut self, id: OrganisationId) -> Result<Option<Organisation>, StoreError>;
    /// Is the user an unended member of the acting organisation?
    fn is_member(&mut self, user: UserId) -> Result<bool, StoreError>;
}

pub trait OrganisationWrites: OrganisationReads {
    fn insert_organisation(&mut self, organisation: &Organisation) -> Result<(), StoreError>;
}

/// The working days of the network.
pub trait Calendars {
    fn calendar(&self) -> &WorkingCalendar;
}
