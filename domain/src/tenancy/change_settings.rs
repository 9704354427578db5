//! Settle something: a new version, from the instant on which it takes effect. What held before stays known.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Branding, Calendars, LogoDigest, Settings, SettingsOf, SettingsVersion};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded, StoreError, WorkingCalendar};
use crate::policy::{Action, Denied};

/// From when it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakesEffect {
    AtOnce,
    At(Timestamp),
    /// When the day begins where the network is.
    On(Date),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSettings {
    pub settings: Settings,
    /// None: that of the version whose place it takes.
    pub branding: Option<Branding>,
    pub takes_effect: TakesEffect,
    /// The newest version that was read; 0 where there was none.
    pub after_version: i32,
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("somebody else has settled something since")]
    Stale,
    #[error("minutes or hours are outside of what is possible")]
    OutOfRange,
    #[error("a change cannot take effect in the past")]
    InThePast,
    #[error("white words cannot be read on the colour")]
    TooLight,
    #[error("there is no such logo here")]
    NoSuchLogo,
    #[error("there is no such version")]
    NotFound,
    #[error("the version holds already, held before, or was withdrawn")]
    NotPlanned,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub trait SettingsWrites: Calendars {
    /// 0 where nothing was settled yet.
    fn newest_settings(&mut self) -> Result<i32, StoreError>;
    /// What holds at that instant, as far as is settled now; what the product does by itself where nothing is.
    fn settings_at(&mut self, instant: Timestamp) -> Result<SettingsVersion, StoreError>;
    fn settings_version(&mut self, version: i32) -> Result<Option<SettingsVersion>, StoreError>;
    fn insert_settings(&mut self, version: &SettingsVersion) -> Result<(), StoreError>;
    /// False when it holds by now, or was withdrawn already.
    fn withdraw_settings(&mut self, version: i32) -> Result<bool, StoreError>;
    fn knows_logo(&mut self, digest: &LogoDigest) -> Result<bool, StoreError>;
}

pub fn change_settings<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: ChangeSettings,
) -> Result<Recorded<SettingsOf>, SettingsError>
where
    S: SettingsWrites + ?Sized,
{
    let at = cmd.takes_effect.instant(op.now(), tx.calendar()).ok_or(SettingsError::InThePast)?;
    let replaced = tx.settings_at(at)?;
    let next = SettingsVersion {
        version: cmd.after_version.saturating_add(1),
        takes_effect_at: at,
        settings: cmd.settings,
        branding: cmd.branding.unwrap_or(replaced.branding),
        withdrawn_at: None,
    };
    let settled = SettingsOf::acting(op, next);
    let permit = op.authorize(Action::ChangeSettings, &settled)?;
    settled.version.check(op.now())?;
    if let Some(logo) = &settled.version.branding.logo
        && !tx.knows_logo(logo)?
    {
        return Err(SettingsError::NoSuchLogo);
    }
    if tx.newest_settings()? != cmd.after_version {
        return Err(SettingsError::Stale);
    }
    tx.insert_settings(&settled.version)?;
    let event = Event::SettingsChanged { network: op.network(), organisation: op.organisation() };
    Ok(Recorded::new(permit, settled, [event]))
}

impl SettingsVersion {
    fn check(&self, now: Timestamp) -> Result<(), SettingsError> {
        if !self.settings.is_possible() {
            return Err(SettingsError::OutOfRange);
        }
        if !self.branding.is_readable() {
            return Err(SettingsError::TooLight);
        }
        if self.takes_effect_at < now {
            return Err(SettingsError::InThePast);
        }
        Ok(())
    }
}

impl TakesEffect {
    /// None for a day that no calendar has.
    fn instant(self, now: Timestamp, calendar: &WorkingCalendar) -> Option<Timestamp> {
        match self {
            Self::AtOnce => Some(now),
            Self::At(instant) => Some(instant),
            Self::On(day) => Some(day.to_zoned(calendar.zone().clone()).ok()?.timestamp()),
        }
    }
}
