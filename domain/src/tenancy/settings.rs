//! What an organisation has settled about how its people sign in. The network has the same for its own roles.
//! A change is a new version with the instant from which it holds; versions are never changed.

use jiff::Timestamp;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingsVersion {
    /// From 1.
    pub version: i32,
    pub takes_effect_at: Timestamp,
    pub settings: Settings,
}
