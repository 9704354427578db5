//! What proved a session, as its row keeps it.

use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::identity::{Factor, Factors};
use trellis_domain::kernel::StoreError;
use trellis_domain::tenancy::Settings;

use super::super::error::inconsistent;
use super::super::time::instant;
use super::session::SessionKind;

/// Who knocks: a browser or a program, and on what.
#[derive(Debug, Clone)]
pub struct Visit {
    pub kind: SessionKind,
    /// Coarse words, from [`crate::auth::device_words`].
    pub device: String,
}

impl From<SessionKind> for Visit {
    fn from(kind: SessionKind) -> Self {
        Self { kind, device: String::new() }
    }
}

/// All that proved a session, and the instant of the last proof.
#[derive(Debug, Clone)]
pub(super) struct Proof {
    pub(super) factors: Factors,
    pub(super) proved_at: Timestamp,
    pub(super) device: String,
}

impl Proof {
    /// For the demo's invented past, in which nobody signs in.
    pub(super) fn made_up(now: Timestamp) -> Self {
        let factors = Factors::default().and(Factor::Passkey);
        Self { factors, proved_at: now, device: String::new() }
    }
}

/// Factors, when they were proved, when the session was created, and its device.
pub(super) type ProofColumns = (Vec<String>, Option<Stored>, Stored, String);

/// The columns of [`ProofColumns`].
macro_rules! proved_by {
    () => {
        (sessions::factors, sessions::proved_at, sessions::created_at, sessions::device)
    };
}
pub(super) use proved_by;

pub(super) fn proof_of((factors, proved, created, device): ProofColumns) -> Result<Proof, StoreError> {
    let factors = factors_from(&factors, "sessions")?;
    Ok(Proof { factors, proved_at: instant(proved.unwrap_or(created)), device })
}

pub(super) fn factors_from(codes: &[String], table: &'static str) -> Result<Factors, StoreError> {
    let known = codes.iter().map(|code| Factor::from_code(code));
    known.collect::<Option<Factors>>().ok_or_else(|| inconsistent(table, "factors"))
}

pub(super) fn stored_factors(factors: &Factors) -> Vec<&'static str> {
    factors.iter().map(Factor::code).collect()
}

/// Whether these may act where these settings are in force.
pub(super) fn is_enough(factors: &Factors, settings: Settings) -> bool {
    factors.are_strong() || !settings.second_factor_required
}
