//! Networks and the organisations in them.

pub mod add_logo;
pub mod add_organisation;
pub mod agreement;
pub mod branding;
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
pub mod withdraw_settings;

pub use add_logo::{Logo, LogoOf, LogoWrites, add_logo};
pub use add_organisation::{OrganisationError, add_organisation};
pub use agreement::{Agreement, AgreementEntry, AgreementKind, AgreementStanding};
pub use branding::{Accent, Branding, LogoDigest};
pub use change_settings::{ChangeSettings, SettingsError, SettingsWrites, TakesEffect, change_settings};
pub use close::{CannotSucceed, Closing, ClosingReads, ClosingWrites, CustodyOutlook, Outlook};
pub use event::{OrganisationEvent, OrganisationFact};
pub use organisation::{Network, Organisation, OrganisationKind};
pub use repo::{Calendars, OrganisationReads, OrganisationWrites};
pub use settings::{Settings, SettingsOf, SettingsVersion};
pub use suspend::SuspensionReason;
pub use withdraw_settings::withdraw_settings;
