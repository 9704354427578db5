//! What the acting organisation, or the network, has settled: its versions, the newest first. They are never changed.

use diesel::prelude::*;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{StoreError, TypedId};
use trellis_domain::policy::Visibility;
use trellis_domain::tenancy::{Settings, SettingsVersion, SettingsWrites};
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::schema::organisation_settings as kept;
use super::time::{instant, stored};
use super::tx::{PgTx, ReadWrite};

/// As many as a page shows.
const MOST: i64 = 50;

type Row = (i32, Stored, bool, i16, i16);

impl<M> PgTx<'_, M> {
    fn settler(&self) -> Option<Uuid> {
        self.op().organisation().map(TypedId::uuid)
    }

    /// The newest first, those to come among them.
    pub fn settings_versions(&mut self, _seen: Visibility) -> Result<Vec<SettingsVersion>, StoreError> {
        let rows: Vec<Row> = kept::table
            .filter(kept::network_id.eq(self.network_uuid()))
            .filter(kept::organisation_id.is_not_distinct_from(self.settler()))
            .order(kept::version.desc())
            .limit(MOST)
            .select((
                kept::version,
                kept::takes_effect_at,
                kept::second_factor_required,
                kept::idle_minutes,
                kept::session_hours,
            ))
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(version_from).collect()
    }
}

fn version_from(row: Row) -> Result<SettingsVersion, StoreError> {
    let (version, takes_effect_at, second_factor_required, idle, hours) = row;
    let whole = |column, number: i16| {
        u16::try_from(number).map_err(|_| inconsistent("organisation_settings", column))
    };
    let settings = Settings {
        second_factor_required,
        idle_minutes: whole("idle_minutes", idle)?,
        session_hours: whole("session_hours", hours)?,
    };
    Ok(SettingsVersion { version, takes_effect_at: instant(takes_effect_at), settings })
}

impl SettingsWrites for PgTx<'_, ReadWrite> {
    fn newest_settings(&mut self) -> Result<i32, StoreError> {
        let newest: Option<i32> = kept::table
            .filter(kept::network_id.eq(self.network_uuid()))
            .filter(kept::organisation_id.is_not_distinct_from(self.settler()))
            .order(kept::version.desc())
            .select(kept::version)
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        Ok(newest.unwrap_or_default())
    }

    fn insert_settings(&mut self, version: &SettingsVersion) -> Result<(), StoreError> {
        let small = |column, number: u16| {
            i16::try_from(number).map_err(|_| inconsistent("organisation_settings", column))
        };
        let Settings { second_factor_required, idle_minutes, session_hours } = version.settings;
        let by = self.op().user().map_or(Uuid::nil(), TypedId::uuid);
        diesel::insert_into(kept::table)
            .values((
                kept::network_id.eq(self.network_uuid()),
                kept::organisation_id.eq(self.settler()),
                kept::version.eq(version.version),
                kept::takes_effect_at.eq(stored(version.takes_effect_at)),
                kept::second_factor_required.eq(second_factor_required),
                kept::idle_minutes.eq(small("idle_minutes", idle_minutes)?),
                kept::session_hours.eq(small("session_hours", session_hours)?),
                kept::changed_at.eq(stored(self.op().now())),
                kept::changed_by.eq(by),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}
