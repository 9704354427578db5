//! The settings that hold for a membership at an instant: how long its sessions last, and what it takes to open one. And the
//! logos of organisations, for whoever has their digest.

use diesel::prelude::*;
use jiff::Timestamp;
use trellis_domain::kernel::{NetworkId, OrganisationId, StoreError, TypedId};
use trellis_domain::tenancy::{LogoDigest, Settings};

use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::schema::{organisation_logos, organisation_settings as kept};
use super::super::settings::limits_from;
use super::super::time::stored;
use super::store::PlatformStore;

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
        .filter(kept::withdrawn_at.is_null())
        .order((kept::takes_effect_at.desc(), kept::version.desc()))
        .select((kept::second_factor_required, kept::idle_minutes, kept::session_hours))
        .first(conn)
        .optional()
        .map_err(store_error)?;
    row.map_or_else(|| Ok(Settings::default()), limits_from)
}

impl PlatformStore {
    /// The picture itself, as PNG. Whoever asks knows its digest; whose it is, is not told.
    pub async fn logo(&self, digest: LogoDigest) -> Result<Option<Vec<u8>>, StoreError> {
        self.look(move |conn| {
            organisation_logos::table
                .filter(organisation_logos::digest.eq(digest.as_bytes().as_slice()))
                .select(organisation_logos::png)
                .first(conn)
                .optional()
                .map_err(store_error)
        })
        .await
    }
}
