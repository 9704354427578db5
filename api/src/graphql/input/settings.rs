//! Changes of what a place has settled, and the picture that one may name.

use async_graphql::InputObject;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use trellis_domain::kernel::{BrandLine, BrandName};
use trellis_domain::tenancy::{Accent, Branding, ChangeSettings, LogoDigest, Settings, TakesEffect};

use super::{Check, Command};
use crate::graphql::refusal::Refusal;
use crate::graphql::scalars::{Date, DateTime};

/// How a place shows itself. What is left out is shown as the product does it by itself.
#[derive(InputObject, Clone, Default)]
pub struct BrandingInput {
    /// At most 60 characters.
    pub display_name: Option<String>,
    /// At most 100 characters.
    pub short_line: Option<String>,
    /// Such as `#0b4f4a`, dark enough for white words.
    pub accent: Option<String>,
    /// The digest that `addLogo` answered, or that the settings name.
    pub logo: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct ChangeSettingsInput {
    pub second_factor_required: bool,
    /// 10 to 60.
    pub idle_minutes: i32,
    /// 1 to 24.
    pub session_hours: i32,
    /// As a whole. Left out, the branding of the version whose place it takes stays.
    pub branding: Option<BrandingInput>,
    /// The instant from which it holds. Neither this nor a day: at once.
    pub takes_effect_at: Option<DateTime>,
    /// The day from whose beginning it holds, where the network is.
    pub takes_effect_on: Option<Date>,
    /// The newest version that was read; 0 where nothing was settled yet.
    pub after_version: i32,
    pub idempotency_key: Option<String>,
}

impl Command for ChangeSettingsInput {
    type Parsed = ChangeSettings;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<ChangeSettings, Refusal> {
        let mut check = Check::new();
        let minutes =
            check.field("idleMinutes", u16::try_from(self.idle_minutes).map_err(|_| "must be 10 to 60"));
        let hours =
            check.field("sessionHours", u16::try_from(self.session_hours).map_err(|_| "must be 1 to 24"));
        let branding = self.branding.as_ref().map(|given| branding(&mut check, given));
        let takes_effect = match (self.takes_effect_at, self.takes_effect_on) {
            (None, None) => TakesEffect::AtOnce,
            (Some(DateTime(at)), None) => TakesEffect::At(at),
            (None, Some(Date(day))) => TakesEffect::On(day),
            (Some(_), Some(_)) => {
                check.refuse("takesEffectOn", "must be left out where an instant is given");
                TakesEffect::AtOnce
            }
        };
        let second_factor_required = self.second_factor_required;
        let after_version = self.after_version.max(0);
        check.finish(minutes.zip(hours).map(|(idle_minutes, session_hours)| ChangeSettings {
            settings: Settings { second_factor_required, idle_minutes, session_hours },
            branding,
            takes_effect,
            after_version,
        }))
    }
}

fn branding(check: &mut Check, given: &BrandingInput) -> Branding {
    let check = check.within("branding.");
    let branding = Branding {
        display_name: check.optional("displayName", given.display_name.as_deref(), BrandName::parse),
        short_line: check.optional("shortLine", given.short_line.as_deref(), BrandLine::parse),
        accent: check.optional("accent", given.accent.as_deref(), Accent::parse),
        logo: check.optional("logo", given.logo.as_deref(), LogoDigest::parse),
    };
    check.within("");
    branding
}

#[derive(InputObject, Clone)]
pub struct WithdrawSettingsInput {
    /// One that does not hold yet.
    pub version: i32,
    pub idempotency_key: Option<String>,
}

impl Command for WithdrawSettingsInput {
    type Parsed = i32;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<i32, Refusal> {
        let mut check = Check::new();
        let version = check.version(self.version);
        check.finish(version)
    }
}

#[derive(InputObject, Clone)]
pub struct AddLogoInput {
    /// A PNG or JPEG file of at most 150 KB and 2,048 pixels each way, as base64. It is drawn anew; nothing else of the file is
    /// kept.
    pub image_base64: String,
    pub idempotency_key: Option<String>,
}

impl Command for AddLogoInput {
    /// The file as it was sent.
    type Parsed = Vec<u8>;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Vec<u8>, Refusal> {
        let mut check = Check::new();
        let file =
            check.field("imageBase64", STANDARD.decode(&self.image_base64).map_err(|_| "must be base64"));
        check.finish(file)
    }
}
