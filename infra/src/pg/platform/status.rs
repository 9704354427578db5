//! How the installation stands, for whoever operates it: counts, ages and short names of networks. No person, and nobody who
//! works anywhere.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{NetworkId, StoreError, TypedId};
use trellis_domain::policy::Role;
use trellis_domain::tenancy::Network;
use uuid::Uuid;

use super::super::error::store_error;
use super::super::schema::{bank_holidays as b, memberships as m, networks as n, users as u};
use super::super::time::{instant_option, stored, stored_option};
use super::store::PlatformStore;

/// What waits, and what has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub networks: u64,
    /// Not closed.
    pub organisations: u64,
    pub queued_messages: u64,
    /// Since when the one that has waited longest waits.
    pub oldest_message: Option<Timestamp>,
    /// Given up on in the last seven days.
    pub dead_messages: u64,
    /// Organisations that have closed and hold something still.
    pub closings: u64,
}

/// One network, as a line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkLine {
    pub name: String,
    pub slug: String,
    /// It stands still since then.
    pub suspended_at: Option<Timestamp>,
    /// For good, since then.
    pub closed_at: Option<Timestamp>,
    pub organisations: u64,
    /// Members with a role in the network itself who have not left.
    pub coordinators: u64,
    pub queued_messages: u64,
}

#[derive(QueryableByName)]
struct StandingRow {
    #[diesel(sql_type = BigInt)]
    networks: i64,
    #[diesel(sql_type = BigInt)]
    organisations: i64,
    #[diesel(sql_type = BigInt)]
    queued: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    oldest: Option<Stored>,
    #[diesel(sql_type = BigInt)]
    dead: i64,
    #[diesel(sql_type = BigInt)]
    closings: i64,
}

#[derive(QueryableByName)]
struct LineRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    suspended: Option<Stored>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    closed: Option<Stored>,
    #[diesel(sql_type = BigInt)]
    organisations: i64,
    #[diesel(sql_type = BigInt)]
    coordinators: i64,
    #[diesel(sql_type = BigInt)]
    queued: i64,
}

#[derive(QueryableByName)]
struct VersionRow {
    #[diesel(sql_type = Nullable<Text>)]
    version: Option<String>,
}

const STANDING: &str = "SELECT (SELECT count(*) FROM networks WHERE closed_at IS NULL) AS networks,
  (SELECT count(*) FROM organisations WHERE closed_at IS NULL) AS organisations,
  (SELECT count(*) FROM outbox WHERE status = 'queued') AS queued,
  (SELECT min(created_at) FROM outbox WHERE status = 'queued') AS oldest,
  (SELECT count(*) FROM outbox WHERE status = 'dead' AND settled_at > $1::timestamptz - interval '7 days') AS dead,
  (SELECT count(*) FROM closings WHERE finished_at IS NULL) AS closings";

/// By short name, after one.
const LINES: &str = "SELECT n.name, n.slug, n.suspended_at AS suspended, n.closed_at AS closed,
  (SELECT count(*) FROM organisations o WHERE o.network_id = n.network_id AND o.closed_at IS NULL) AS organisations,
  (SELECT count(*) FROM memberships m WHERE m.network_id = n.network_id AND m.organisation_id IS NULL
     AND m.ended_at IS NULL AND 'network_coordinator' = ANY (m.roles)) AS coordinators,
  (SELECT count(*) FROM outbox x WHERE x.network_id = n.network_id AND x.status = 'queued') AS queued
  FROM networks n WHERE n.slug > $1 ORDER BY n.slug LIMIT $2";

fn counted(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

impl PlatformStore {
    pub async fn standing(&self, now: Timestamp) -> Result<Standing, StoreError> {
        self.look(move |conn| {
            let row: StandingRow = diesel::sql_query(STANDING)
                .bind::<Timestamptz, _>(stored(now))
                .get_result(conn)
                .map_err(store_error)?;
            Ok(Standing {
                networks: counted(row.networks),
                organisations: counted(row.organisations),
                queued_messages: counted(row.queued),
                oldest_message: instant_option(row.oldest),
                dead_messages: counted(row.dead),
                closings: counted(row.closings),
            })
        })
        .await
    }

    pub async fn network_lines(&self, after: &str, most: u16) -> Result<Vec<NetworkLine>, StoreError> {
        let after = after.to_owned();
        self.look(move |conn| {
            let rows: Vec<LineRow> = diesel::sql_query(LINES)
                .bind::<Text, _>(after)
                .bind::<BigInt, _>(i64::from(most))
                .load(conn)
                .map_err(store_error)?;
            let line = |row: LineRow| NetworkLine {
                name: row.name,
                slug: row.slug,
                suspended_at: instant_option(row.suspended),
                closed_at: instant_option(row.closed),
                organisations: counted(row.organisations),
                coordinators: counted(row.coordinators),
                queued_messages: counted(row.queued),
            };
            Ok(rows.into_iter().map(line).collect())
        })
        .await
    }

    /// The newest migration that ran.
    pub async fn schema_version(&self) -> Result<Option<String>, StoreError> {
        self.look(|conn| {
            let newest = "SELECT max(version) AS version FROM __diesel_schema_migrations";
            let row: VersionRow = diesel::sql_query(newest).get_result(conn).map_err(store_error)?;
            Ok(row.version)
        })
        .await
    }

    pub async fn network_by_slug(&self, slug: &str) -> Result<Option<Network>, StoreError> {
        let slug = slug.to_owned();
        self.look(move |conn| {
            let row: Option<(Uuid, String, String, String, String)> = n::table
                .filter(n::slug.eq(slug))
                .select((n::network_id, n::name, n::slug, n::zone, n::jurisdiction))
                .first(conn)
                .optional()
                .map_err(store_error)?;
            Ok(row.map(|(id, name, slug, zone, jurisdiction)| Network {
                id: NetworkId::from_uuid(id),
                name,
                slug,
                zone,
                jurisdiction,
            }))
        })
        .await
    }

    /// Those who can coordinate a network: members of it with that role who have not left, and whose login is good.
    pub async fn coordinators(&self, network: NetworkId) -> Result<u64, StoreError> {
        self.look(move |conn| {
            let count: i64 = m::table
                .inner_join(u::table.on(u::user_id.eq(m::user_id)))
                .filter(m::network_id.eq(network.uuid()))
                .filter(m::organisation_id.is_null())
                .filter(m::ended_at.is_null())
                .filter(m::roles.contains(vec![Role::NetworkCoordinator.code()]))
                .filter(u::disabled_at.is_null())
                .count()
                .get_result(conn)
                .map_err(store_error)?;
            Ok(counted(count))
        })
        .await
    }

    /// Whose bank holidays are known: without them a working day is nowhere to be had.
    pub async fn jurisdictions(&self) -> Result<Vec<String>, StoreError> {
        self.look(|conn| {
            let all = b::table.select(b::jurisdiction).distinct().order(b::jurisdiction);
            all.load(conn).map_err(store_error)
        })
        .await
    }

    /// From the next request nobody acts there, until it is let in again. False where that is so already, and where it has
    /// closed.
    pub async fn suspend_network(
        &self,
        network: NetworkId,
        since: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        self.look(move |conn| {
            let changed = diesel::update(n::table.find(network.uuid()))
                .filter(n::suspended_at.is_null().eq(since.is_some()))
                .filter(n::closed_at.is_null())
                .set(n::suspended_at.eq(stored_option(since)))
                .execute(conn)
                .map_err(store_error)?;
            Ok(changed > 0)
        })
        .await
    }

    /// Whom to phone about the network.
    pub async fn set_help_phone(&self, network: NetworkId, phone: &str) -> Result<(), StoreError> {
        let phone = phone.to_owned();
        self.look(move |conn| {
            diesel::sql_query("UPDATE networks SET help_phone = $2 WHERE network_id = $1")
                .bind::<SqlUuid, _>(network.uuid())
                .bind::<Text, _>(phone)
                .execute(conn)
                .map_err(store_error)
                .map(|_| ())
        })
        .await
    }
}
