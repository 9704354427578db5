//! Networks and the organisations in them.

pub mod add_organisation;
pub mod organisation;
pub mod repo;
pub mod settings;

pub use add_organisation::{OrganisationError, add_organisation};
pub use organisation::{Network, Organisation, OrganisationKind};
pub use repo::{Calendars, OrganisationReads, OrganisationWrites};
pub use settings::{Settings, SettingsVersion};
