//! What the verbs need to know of organisations and of their working days.

use super::{Agreement, Organisation};
use crate::kernel::{AgreementId, OrganisationId, Postcode, StoreError, UserId, WorkingCalendar};
use crate::policy::Roles;

pub trait OrganisationReads {
    fn organisation(&mut self, id: OrganisationId) -> Result<Option<Organisation>, StoreError>;
    /// What the user may do for the acting organisation. Empty for whoever is no member of it.
    fn roles_of(&mut self, user: UserId) -> Result<Roles, StoreError>;
}

pub trait OrganisationWrites: OrganisationReads {
    fn insert_organisation(&mut self, organisation: &Organisation) -> Result<(), StoreError>;
    /// One that is not closed, locked.
    fn lock_organisation(&mut self, id: OrganisationId) -> Result<Option<Organisation>, StoreError>;
    /// Its name, kind and how to reach it.
    fn save_organisation(&mut self, organisation: &Organisation) -> Result<(), StoreError>;
    fn save_postcode(&mut self, id: OrganisationId, postcode: &Postcode) -> Result<(), StoreError>;
    fn save_suspended(&mut self, id: OrganisationId, suspended: bool) -> Result<(), StoreError>;
    fn insert_agreement(
        &mut self,
        id: AgreementId,
        of: OrganisationId,
        agreement: &Agreement,
    ) -> Result<(), StoreError>;
    /// One that has closed.
    fn closed_organisation(&mut self, id: OrganisationId) -> Result<Option<Organisation>, StoreError>;
    /// Ends its memberships, sign-ins, invitations and services, and itself.
    fn close_organisation(&mut self, id: OrganisationId) -> Result<(), StoreError>;
}

/// The working days of the network.
pub trait Calendars {
    fn calendar(&self) -> &WorkingCalendar;
}
