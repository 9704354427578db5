//! What the verbs need to know of organisations and of their working days.

use super::Organisation;
use crate::kernel::{OrganisationId, StoreError, UserId, WorkingCalendar};
use crate::policy::Roles;

pub trait OrganisationReads {
    fn organisation(&mut self, id: OrganisationId) -> Result<Option<Organisation>, StoreError>;
    /// What the user may do for the acting organisation. Empty for whoever is no member of it.
    fn roles_of(&mut self, user: UserId) -> Result<Roles, StoreError>;
}

pub trait OrganisationWrites: OrganisationReads {
    fn insert_organisation(&mut self, organisation: &Organisation) -> Result<(), StoreError>;
}

/// The working days of the network.
pub trait Calendars {
    fn calendar(&self) -> &WorkingCalendar;
}
