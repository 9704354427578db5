//! About what an organisation settles, and the picture it shows itself with.

use trellis_domain::tenancy::SettingsError;
use trellis_infra::picture::PictureError;

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
            SettingsError::TooLight => {
                let message =
                    "White words cannot be read on this colour: the contrast is less than 4.5 to 1.";
                Refusal::new(RefusalCode::ContrastTooLow, message, "Choose a darker colour.")
                    .about("branding.accent")
                    .into()
            }
            SettingsError::NoSuchLogo => {
                let message = "This picture is not here.";
                Refusal::new(RefusalCode::PictureNotUsable, message, "Send it again.")
                    .about("branding.logo")
                    .into()
            }
            SettingsError::NotFound => Refusal::not_found("version").into(),
            SettingsError::NotPlanned => {
                let message = "Only a change that does not hold yet can be withdrawn, and only once.";
                let next = "Look at what holds now; make a new change if it has to be another.";
                Refusal::new(RefusalCode::NotPlanned, message, next).about("version").into()
            }
            SettingsError::Denied(denied) => denied.into(),
            SettingsError::Store(store) => store.into(),
        }
    }
}

impl From<PictureError> for Verdict {
    fn from(error: PictureError) -> Self {
        let (message, next) = match error {
            PictureError::TooLarge => ("The file is larger than 150 KB.", "Send a smaller one."),
            PictureError::OtherFormat => {
                ("The file is neither a PNG nor a JPEG picture.", "Save it as PNG, then send that.")
            }
            PictureError::TooManyPixels => {
                ("The picture is more than 2,048 pixels wide or high.", "Make it smaller, then send it.")
            }
            PictureError::Unreadable => {
                ("The picture cannot be read.", "Save it again as PNG, then send that.")
            }
        };
        Refusal::new(RefusalCode::PictureNotUsable, message, next).about("imageBase64").into()
    }
}
