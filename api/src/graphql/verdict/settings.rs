//! About how an organisation settles that its people sign in.

use trellis_domain::tenancy::SettingsError;

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<SettingsError> for Verdict {
    fn from(error: SettingsError) -> Self {
        match error {
            SettingsError::Stale => Refusal::stale().into(),
            SettingsError::OutOfRange => {
                let message = "A session locks after 10 to 60 minutes and ends after 1 to 24 hours.";
                Refusal::new(RefusalCode::InvalidInput, message, "Choose within these.")
                    .about("idleMinutes")
                    .into()
            }
            SettingsError::InThePast => {
                let message = "A change cannot take effect in the past.";
                Refusal::new(RefusalCode::DateInPast, message, "Choose a later day, or none.")
                    .about("takesEffectAt")
                    .into()
            }
            SettingsError::Denied(denied) => denied.into(),
            SettingsError::Store(store) => store.into(),
        }
    }
}
