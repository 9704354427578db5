//! What an organisation has settled: how its people sign in, and how it shows itself. The network has the same for its own
//! roles. A change is a new version with the instant from which it holds; what a version says is never changed, and one
//! that does not hold yet can be withdrawn.

use jiff::Timestamp;
use uuid::Uuid;

use super::Branding;
use crate::kernel::{NetworkId, OpContext, OrganisationId, Subject, TypedId};
use crate::policy::{Guarded, Side};

/// Limits of a session and what it takes to sign in. The defaults are those of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Nobody acts for the organisation with one factor alone.
    pub second_factor_required: bool,
    /// Minutes without a sign of life after which a session locks; 10 to 60.
    pub idle_minutes: u16,
    /// Hours after which a session ends whatever happens; 1 to 24.
    pub session_hours: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self { second_factor_required: false, idle_minutes: 30, session_hours: 12 }
    }
}

impl Settings {
    /// Short enough to protect a desk that was left, long enough to work.
    pub fn is_possible(&self) -> bool {
        (10..=60).contains(&self.idle_minutes) && (1..=24).contains(&self.session_hours)
    }
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsVersion {
    /// From 1; 0 is what the product does by itself.
    pub version: i32,
    pub takes_effect_at: Timestamp,
    pub settings: Settings,
    pub branding: Branding,
    pub withdrawn_at: Option<Timestamp>,
}

impl SettingsVersion {
    /// What holds where nothing was settled.
    pub fn of_the_product() -> Self {
        Self {
            version: 0,
            takes_effect_at: Timestamp::UNIX_EPOCH,
            settings: Settings::default(),
            branding: Branding::default(),
            withdrawn_at: None,
        }
    }

    pub fn is_planned(&self, now: Timestamp) -> bool {
        self.withdrawn_at.is_none() && self.takes_effect_at > now
    }
}

/// The settings of the acting organisation, or of the network for a role in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsOf {
    pub network: NetworkId,
    pub organisation: Option<OrganisationId>,
    pub version: SettingsVersion,
}

impl SettingsOf {
    /// Whoever acts settles for the place they act for.
    pub fn acting(op: &OpContext, version: SettingsVersion) -> Self {
        Self { network: op.network(), organisation: op.organisation(), version }
    }
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
