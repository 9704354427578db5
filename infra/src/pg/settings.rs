//! What the acting organisation, or the network, has settled: its versions and the logos they name. What a version says is
//! never changed; one that does not hold yet can be withdrawn.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types;
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{BrandLine, BrandName, Page, PageRequest, StoreError, TypedId};
use trellis_domain::policy::Visibility;
use trellis_domain::tenancy::{
    Accent, Branding, Logo, LogoDigest, LogoWrites, Settings, SettingsVersion, SettingsWrites,
};
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::schema::{memberships as m, organisation_logos as logos, organisation_settings as kept};
use super::time::{instant, stored};
use super::tx::{PgTx, ReadWrite};

const TABLE: &str = "organisation_settings";
/// More changes than this are not planned at once.
const MOST_PLANNED: i64 = 50;

type Brand = (Option<String>, Option<String>, Option<String>, Option<Vec<u8>>);
type Row = (i32, Stored, (bool, i16, i16), Brand, Option<Stored>);
/// With the version whose place it takes.
type History = (Row, Option<i32>, Stored, Uuid, Option<Uuid>);

diesel::alias! { const earlier: Alias<Earlier> = kept as earlier; }

const LIMITS: (kept::second_factor_required, kept::idle_minutes, kept::session_hours) =
    (kept::second_factor_required, kept::idle_minutes, kept::session_hours);
const BRAND: (kept::display_name, kept::short_line, kept::accent, kept::logo) =
    (kept::display_name, kept::short_line, kept::accent, kept::logo);

/// One line of the history: who settled it, and what it takes the place of.
#[derive(Debug, Clone)]
pub struct SettingsEntry {
    pub kept: SettingsVersion,
    pub replaced: SettingsVersion,
    pub changed_at: Timestamp,
    pub changed_by: Option<String>,
    pub withdrawn_by: Option<String>,
}

/// The versions of the acting place.
macro_rules! own {
    ($tx:expr) => {
        kept::table
            .filter(kept::network_id.eq($tx.network_uuid()))
            .filter(kept::organisation_id.is_not_distinct_from($tx.settler()))
    };
}

macro_rules! version {
    () => {
        (kept::version, kept::takes_effect_at, LIMITS, BRAND, kept::withdrawn_at)
    };
}

/// The version that holds until this one does, as far as is settled now: it is no longer the same once another comes in
/// between, or that one is withdrawn.
macro_rules! replaced {
    () => {{
        let at = earlier.field(kept::takes_effect_at);
        let sooner = earlier.field(kept::version).lt(kept::version);
        earlier
            .filter(earlier.field(kept::network_id).eq(kept::network_id))
            .filter(earlier.field(kept::organisation_id).is_not_distinct_from(kept::organisation_id))
            .filter(earlier.field(kept::withdrawn_at).is_null())
            .filter(at.lt(kept::takes_effect_at).or(at.eq(kept::takes_effect_at).and(sooner)))
            .order((at.desc(), earlier.field(kept::version).desc()))
            .select(earlier.field(kept::version))
            .single_value()
    }};
}

macro_rules! history {
    () => {
        (version!(), replaced!(), kept::changed_at, kept::changed_by, kept::withdrawn_by)
    };
}

impl<M> PgTx<'_, M> {
    fn settler(&self) -> Option<Uuid> {
        self.op().organisation().map(TypedId::uuid)
    }

    /// What holds at an instant, as far as is settled now. Everybody who acts for the place works under it.
    pub fn settings_holding(&mut self, at: Timestamp) -> Result<SettingsVersion, StoreError> {
        let row: Option<Row> = own!(self)
            .filter(kept::takes_effect_at.le(stored(at)))
            .filter(kept::withdrawn_at.is_null())
            .order((kept::takes_effect_at.desc(), kept::version.desc()))
            .select(version!())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map_or_else(|| Ok(SettingsVersion::of_the_product()), version_from)
    }

    /// What holds until that version does, as far as is settled now.
    pub fn settings_before(&mut self, next: &SettingsVersion) -> Result<SettingsVersion, StoreError> {
        let at = stored(next.takes_effect_at);
        let sooner = kept::takes_effect_at.eq(at).and(kept::version.lt(next.version));
        let row: Option<Row> = own!(self)
            .filter(kept::withdrawn_at.is_null())
            .filter(kept::takes_effect_at.lt(at).or(sooner))
            .order((kept::takes_effect_at.desc(), kept::version.desc()))
            .select(version!())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map_or_else(|| Ok(SettingsVersion::of_the_product()), version_from)
    }

    /// 0 where nothing was settled yet.
    pub fn newest_version(&mut self, _seen: Visibility) -> Result<i32, StoreError> {
        self.newest()
    }

    fn newest(&mut self) -> Result<i32, StoreError> {
        let newest: Option<i32> = own!(self)
            .order(kept::version.desc())
            .select(kept::version)
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        Ok(newest.unwrap_or_default())
    }

    /// What is to hold after `now`, the next first.
    pub fn planned_settings(
        &mut self,
        _seen: Visibility,
        now: Timestamp,
    ) -> Result<Vec<SettingsEntry>, StoreError> {
        let rows: Vec<History> = own!(self)
            .filter(kept::takes_effect_at.gt(stored(now)))
            .filter(kept::withdrawn_at.is_null())
            .order((kept::takes_effect_at, kept::version))
            .limit(MOST_PLANNED)
            .select(history!())
            .load(self.conn)
            .map_err(store_error)?;
        self.entries(rows)
    }

    /// All that was settled, the newest first.
    pub fn settings_history(
        &mut self,
        _seen: Visibility,
        page: &PageRequest<i32>,
    ) -> Result<Page<SettingsEntry>, StoreError> {
        let before = page.after().copied().unwrap_or(i32::MAX);
        let rows: Vec<History> = own!(self)
            .filter(kept::version.lt(before))
            .order(kept::version.desc())
            .limit(i64::from(page.first()) + 1)
            .select(history!())
            .load(self.conn)
            .map_err(store_error)?;
        let fetched = Page::from_fetched(rows, page.first(), None);
        Ok(Page { rows: self.entries(fetched.rows)?, has_more: fetched.has_more, total: None })
    }

    /// With the names of people, and with what each took the place of.
    fn entries(&mut self, rows: Vec<History>) -> Result<Vec<SettingsEntry>, StoreError> {
        let replaced: Vec<i32> = rows.iter().filter_map(|(_, replaces, ..)| *replaces).collect();
        let replaced: Vec<Row> = own!(self)
            .filter(kept::version.eq_any(replaced))
            .select(version!())
            .load(self.conn)
            .map_err(store_error)?;
        let replaced = replaced.into_iter().map(version_from).collect::<Result<Vec<_>, _>>()?;
        let names = self.names_of(&rows)?;
        let entry = |(row, replaces, changed_at, changed_by, withdrawn_by): History| {
            let kept = version_from(row)?;
            let before = replaced.iter().find(|before| Some(before.version) == replaces);
            Ok(SettingsEntry {
                replaced: before.cloned().unwrap_or_else(SettingsVersion::of_the_product),
                kept,
                changed_at: instant(changed_at),
                changed_by: names.get(&changed_by).cloned(),
                withdrawn_by: withdrawn_by.and_then(|user| names.get(&user).cloned()),
            })
        };
        rows.into_iter().map(entry).collect()
    }

    /// Also of those who have left since.
    fn names_of(&mut self, rows: &[History]) -> Result<HashMap<Uuid, String>, StoreError> {
        let users: Vec<Uuid> = rows.iter().flat_map(|(.., by, gone)| [Some(*by), *gone]).flatten().collect();
        let named: Vec<(Uuid, String)> = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::organisation_id.is_not_distinct_from(self.settler()))
            .filter(m::user_id.eq_any(users))
            .select((m::user_id, m::name))
            .load(self.conn)
            .map_err(store_error)?;
        Ok(named.into_iter().collect())
    }

    fn one_version(&mut self, version: i32) -> Result<Option<SettingsVersion>, StoreError> {
        let row: Option<Row> = own!(self)
            .filter(kept::version.eq(version))
            .select(version!())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(version_from).transpose()
    }
}

fn version_from(row: Row) -> Result<SettingsVersion, StoreError> {
    let (version, takes_effect_at, limits, brand, withdrawn_at) = row;
    Ok(SettingsVersion {
        version,
        takes_effect_at: instant(takes_effect_at),
        settings: limits_from(limits)?,
        branding: brand_from(brand)?,
        withdrawn_at: withdrawn_at.map(instant),
    })
}

pub(super) fn limits_from(
    (second_factor_required, idle, hours): (bool, i16, i16),
) -> Result<Settings, StoreError> {
    let whole = |column, number: i16| u16::try_from(number).map_err(|_| inconsistent(TABLE, column));
    Ok(Settings {
        second_factor_required,
        idle_minutes: whole("idle_minutes", idle)?,
        session_hours: whole("session_hours", hours)?,
    })
}

fn brand_from((display_name, short_line, accent, logo): Brand) -> Result<Branding, StoreError> {
    let named = |_| inconsistent(TABLE, "display_name");
    let lined = |_| inconsistent(TABLE, "short_line");
    let accent = accent.map(|text| Accent::parse(&text)).transpose();
    let logo = logo.map(|bytes| <[u8; 32]>::try_from(bytes).map(LogoDigest::new)).transpose();
    Ok(Branding {
        display_name: BrandName::parse_optional(display_name.as_deref()).map_err(named)?,
        short_line: BrandLine::parse_optional(short_line.as_deref()).map_err(lined)?,
        accent: accent.map_err(|_| inconsistent(TABLE, "accent"))?,
        logo: logo.map_err(|_| inconsistent(TABLE, "logo"))?,
    })
}

impl SettingsWrites for PgTx<'_, ReadWrite> {
    fn newest_settings(&mut self) -> Result<i32, StoreError> {
        self.newest()
    }

    fn settings_at(&mut self, at: Timestamp) -> Result<SettingsVersion, StoreError> {
        self.settings_holding(at)
    }

    fn settings_version(&mut self, version: i32) -> Result<Option<SettingsVersion>, StoreError> {
        self.one_version(version)
    }

    fn insert_settings(&mut self, version: &SettingsVersion) -> Result<(), StoreError> {
        let small = |column, number: u16| i16::try_from(number).map_err(|_| inconsistent(TABLE, column));
        let Settings { second_factor_required, idle_minutes, session_hours } = version.settings;
        let brand = &version.branding;
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
                kept::display_name.eq(brand.display_name.as_ref().map(BrandName::as_str)),
                kept::short_line.eq(brand.short_line.as_ref().map(BrandLine::as_str)),
                kept::accent.eq(brand.accent.map(|accent| accent.to_string())),
                kept::logo.eq(brand.logo.as_ref().map(|logo| logo.as_bytes().as_slice())),
                kept::changed_at.eq(stored(self.op().now())),
                kept::changed_by.eq(by),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn withdraw_settings(&mut self, version: i32) -> Result<bool, StoreError> {
        let (now, by) = (stored(self.op().now()), self.op().user().map_or(Uuid::nil(), TypedId::uuid));
        let withdrawn = diesel::update(own!(self))
            .filter(kept::version.eq(version))
            .filter(kept::withdrawn_at.is_null())
            .filter(kept::takes_effect_at.gt(now))
            .set((kept::withdrawn_at.eq(now), kept::withdrawn_by.eq(by)))
            .execute(self.conn)
            .map_err(store_error)?;
        Ok(withdrawn == 1)
    }

    fn knows_logo(&mut self, digest: &LogoDigest) -> Result<bool, StoreError> {
        let known = logos::table
            .filter(logos::network_id.eq(self.network_uuid()))
            .filter(logos::organisation_id.is_not_distinct_from(self.settler()))
            .filter(logos::digest.eq(digest.as_bytes().as_slice()));
        diesel::select(diesel::dsl::exists(known)).get_result(self.conn).map_err(store_error)
    }
}

/// Pictures that somebody tries and no version names: so many of the newest are kept.
const LOGOS_TRIED: i64 = 10;
const TOO_MANY_LOGOS: &str = "DELETE FROM organisation_logos
  WHERE network_id = $1 AND organisation_id IS NOT DISTINCT FROM $2 AND digest IN (
    SELECT l.digest FROM organisation_logos l
     WHERE l.network_id = $1 AND l.organisation_id IS NOT DISTINCT FROM $2
       AND NOT EXISTS (SELECT FROM organisation_settings s WHERE s.network_id = l.network_id
         AND s.organisation_id IS NOT DISTINCT FROM l.organisation_id AND s.logo = l.digest)
     ORDER BY l.added_at DESC, l.digest OFFSET $3)";

impl LogoWrites for PgTx<'_, ReadWrite> {
    fn insert_logo(&mut self, logo: &Logo) -> Result<(), StoreError> {
        let by = self.op().user().map_or(Uuid::nil(), TypedId::uuid);
        diesel::insert_into(logos::table)
            .values((
                logos::network_id.eq(self.network_uuid()),
                logos::organisation_id.eq(self.settler()),
                logos::digest.eq(logo.digest.as_bytes().as_slice()),
                logos::png.eq(&logo.png),
                logos::added_at.eq(stored(self.op().now())),
                logos::added_by.eq(by),
            ))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .map_err(store_error)?;
        diesel::sql_query(TOO_MANY_LOGOS)
            .bind::<sql_types::Uuid, _>(self.network_uuid())
            .bind::<sql_types::Nullable<sql_types::Uuid>, _>(self.settler())
            .bind::<sql_types::BigInt, _>(LOGOS_TRIED)
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}
