//! The settings that hold for a membership at an instant: how long its sessions last, and what it takes to open one.

use diesel::prelude::*;
use jiff::Timestamp;
use trellis_domain::kernel::{NetworkId, OrganisationId, StoreError, TypedId};
use trellis_domain::tenancy::Settings;

use super::super::error::{inconsistent, store_error};
use super::super::lanes::PgConn;
use super::super::schema::organisation_settings as kept;
use super::super::time::stored;

/// `organisation`: none for a role in the network itself.
pub(super) fn in_force(
    conn: &mut PgConn,
    network: NetworkId,
    organisation: Option<OrganisationId>,
    now: Timestamp,
) -> Result<Settings, StoreError> {
    let row: Option<(bool, i16, i16)> = kept::table
        .filter(kept::network_id.eq(network.uuid()))
        .filter(kept::organisation_id.is_not_distinct_from(organisation.map(TypedId::uuid)))
        .filter(kept::takes_effect_at.le(stored(now)))
        .order((kept::takes_effect_at.desc(), kept::version.desc()))
        .select((kept::second_factor_required, kept::idle_minutes, kept::session_hours))
        .first(conn)
        .optional()
        .map_err(store_error)?;
    let Some((second_factor_required, idle, hours)) = row else { return Ok(Settings::default()) };
    let whole = |column, number: i16| {
        u16::try_from(number).map_err(|_| inconsistent("organisation_settings", column))
    };
    Ok(Settings {
        second_factor_required,
        idle_minutes: whole("idle_minutes", idle)?,
        session_hours: whole("session_hours", hours)?,
    })
}
