//! Settle how people sign in here: a new version, from the instant on which it takes effect. What held before stays known.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Settings, SettingsVersion};
use crate::audit::Event;
use crate::kernel::{NetworkId, OpContext, OrganisationId, Recorded, StoreError, Subject, TypedId};
use crate::policy::{Action, Denied, Guarded, Side};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeSettings {
    pub settings: Settings,
    /// None: at once.
    pub takes_effect_at: Option<Timestamp>,
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
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The settings of the acting organisation, or of the network for a role in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingsOf {
    pub network: NetworkId,
    pub organisation: Option<OrganisationId>,
    pub version: SettingsVersion,
}

pub trait SettingsWrites {
    /// 0 where nothing was settled yet.
    fn newest_settings(&mut self) -> Result<i32, StoreError>;
    fn insert_settings(&mut self, version: &SettingsVersion) -> Result<(), StoreError>;
}

pub fn change_settings<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: ChangeSettings,
) -> Result<Recorded<SettingsOf>, SettingsError>
where
    S: SettingsWrites + ?Sized,
{
    let at = cmd.takes_effect_at.unwrap_or(op.now());
    let next = SettingsVersion {
        version: cmd.after_version.saturating_add(1),
        takes_effect_at: at,
        settings: cmd.settings,
    };
    let settled = SettingsOf { network: op.network(), organisation: op.organisation(), version: next };
    let permit = op.authorize(Action::ChangeSettings, &settled)?;
    if !cmd.settings.is_possible() {
        return Err(SettingsError::OutOfRange);
    }
    if at < op.now() {
        return Err(SettingsError::InThePast);
    }
    if tx.newest_settings()? != cmd.after_version {
        return Err(SettingsError::Stale);
    }
    tx.insert_settings(&next)?;
    let event = Event::SettingsChanged { network: op.network(), organisation: op.organisation() };
    Ok(Recorded::new(permit, settled, [event]))
}

impl Subject for SettingsOf {
    fn subject(&self) -> Uuid {
        self.organisation.map_or(self.network.uuid(), TypedId::uuid)
    }
}

impl Guarded for SettingsOf {
    const KIND: &'static str = "settings";

    fn subject(&self) -> Uuid {
        Subject::subject(self)
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        match side {
            Side::Owner => self.organisation.is_some() && op.organisation() == self.organisation,
            Side::Network => self.organisation.is_none() && op.network() == self.network,
            _ => false,
        }
    }

    fn is_own(&self, _op: &OpContext) -> bool {
        false
    }
}
