//! Networks and the organisations in them.

pub mod add_organisation;
pub mod agreement;
pub mod change_settings;
pub mod close;
pub mod configure;
pub mod create_organisation;
pub mod event;
pub mod kinds;
pub mod organisation;
pub mod repo;
pub mod settings;
pub mod suspend;

pub use add_organisation::{OrganisationError, add_organisation};
pub use agreement::{Agreement, AgreementEntry, AgreementKind, AgreementStanding};
pub use change_settings::{SettingsError, SettingsOf, SettingsWrites};
pub use close::{Burden, CannotSucceed, Closing, ClosingReads, ClosingWrites, Outlook};
pub use event::{OrganisationEvent, OrganisationFact};
pub use organisation::{Network, Organisation, OrganisationKind};
pub use repo::{Calendars, OrganisationReads, OrganisationWrites};
pub use settings::{Settings, SettingsVersion};
pub use suspend::SuspensionReason;
