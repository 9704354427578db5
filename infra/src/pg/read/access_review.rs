//! Who has what, since when it was last looked at and by whom: one statement a page, for whoever answers for a place. Nothing
//! here is about a person who is helped, and nothing says what somebody proves themselves with.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::access_review::{LONG_AGO, ReviewedAccess};
use trellis_domain::kernel::{MembershipId, OrganisationId, Page, PageRequest, StoreError, TypedId, UserId};
use trellis_domain::policy::Visibility;
use trellis_domain::policy::visibility::Scope;
use uuid::Uuid;

use super::super::error::store_error;
use super::super::time::{instant, instant_option, stored, stored_option};
use super::super::tx::PgTx;
use super::listed::{TimeKey, counted};
use super::organisations::roles_from;

/// Whose access, and whose of theirs.
#[derive(Debug, Clone, Copy, Default)]
pub struct AccessReviewFilter {
    /// One organisation of those that may be seen.
    pub organisation: Option<OrganisationId>,
    /// Nobody has looked for as long as [`LONG_AGO`], or at these roles at all.
    pub unconfirmed: bool,
    /// Not seen for as long, and a member for longer.
    pub unseen: bool,
    pub without_second_factor: bool,
}

/// Where a review stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewStanding {
    pub people: u64,
    pub unconfirmed: u64,
    pub unseen: u64,
    pub without_second_factor: u64,
    /// Everybody was looked at since then; none while somebody was not.
    pub everybody_since: Option<Timestamp>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    membership_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    user_id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Array<Text>)]
    roles: Vec<String>,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Timestamptz)]
    created_at: Stored,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    organisation_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    organisation_name: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_seen_at: Option<Stored>,
    #[diesel(sql_type = Bool)]
    second_factor: bool,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    confirmed_at: Option<Stored>,
    #[diesel(sql_type = Nullable<Text>)]
    confirmed_by: Option<String>,
}

#[derive(QueryableByName)]
struct Counts {
    #[diesel(sql_type = BigInt)]
    people: i64,
    #[diesel(sql_type = BigInt)]
    unconfirmed: i64,
    #[diesel(sql_type = BigInt)]
    unseen: i64,
    #[diesel(sql_type = BigInt)]
    without_second_factor: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    everybody_since: Option<Stored>,
}

/// $1 network, $2 organisation, $3 the instant that is long ago.
const ACCESSES: &str = "
WITH here AS (
  SELECT m.* FROM memberships m
   WHERE m.network_id = $1 AND m.ended_at IS NULL AND ($2 IS NULL OR m.organisation_id = $2)
), known AS (
  SELECT h.membership_id, h.user_id, h.name, h.email, h.roles, h.version, h.created_at, h.organisation_id,
    o.name AS organisation_name, s.last_seen_at, f.membership_id IS NOT NULL AS second_factor,
    c.confirmed_at, c.name AS confirmed_by
  FROM here h
  LEFT JOIN organisations o ON o.network_id = h.network_id AND o.organisation_id = h.organisation_id
  LEFT JOIN members_seen(ARRAY(SELECT membership_id FROM here)) s ON s.membership_id = h.membership_id
  LEFT JOIN members_with_second_factor(ARRAY(SELECT membership_id FROM here)) f ON f.membership_id = h.membership_id
  LEFT JOIN LATERAL (
    SELECT k.confirmed_at, b.name FROM access_confirmations k
      JOIN memberships b ON b.network_id = k.network_id AND b.membership_id = k.confirmed_by
     WHERE k.network_id = h.network_id AND k.membership_id = h.membership_id AND k.membership_version = h.version
     ORDER BY k.confirmed_at DESC LIMIT 1) c ON true
), judged AS (
  SELECT known.*, confirmed_at IS NULL OR confirmed_at < $3 AS unconfirmed,
    created_at < $3 AND (last_seen_at IS NULL OR last_seen_at < $3) AS unseen
  FROM known
)";

/// $4 to $6 the filters, $7 and $8 the place in the list, $9 how many; whoever has waited longest first, counted from their
/// joining where nobody has looked yet.
const LISTED: &str = "
SELECT * FROM judged
 WHERE (NOT $4 OR unconfirmed) AND (NOT $5 OR unseen) AND (NOT $6 OR NOT second_factor)
   AND ($7 IS NULL OR (coalesce(confirmed_at, created_at), membership_id) > ($7, $8))
 ORDER BY coalesce(confirmed_at, created_at), membership_id LIMIT $9";

const COUNTED: &str = "
SELECT count(*) AS people, count(*) FILTER (WHERE unconfirmed) AS unconfirmed, count(*) FILTER (WHERE unseen) AS unseen,
  count(*) FILTER (WHERE NOT second_factor) AS without_second_factor,
  CASE WHEN bool_and(confirmed_at IS NOT NULL) THEN min(confirmed_at) END AS everybody_since
FROM judged";

/// Of a row, for the page after it.
pub fn review_key(row: &ReviewedAccess) -> TimeKey {
    let at = row.confirmed.as_ref().map_or(row.joined_at, |(at, _)| *at);
    TimeKey { at, id: row.membership.uuid() }
}

impl<M> PgTx<'_, M> {
    pub fn access_review(
        &mut self,
        seen: Visibility,
        filter: AccessReviewFilter,
        page: &PageRequest<TimeKey>,
    ) -> Result<Page<ReviewedAccess>, StoreError> {
        let Ok(organisation) = within(seen, filter.organisation) else { return Ok(nobody()) };
        let rows =
            self.accesses(organisation, filter, page.after().copied(), Some(i64::from(page.first()) + 1))?;
        Ok(Page::from_fetched(rows, page.first(), None))
    }

    pub fn review_standing(
        &mut self,
        seen: Visibility,
        organisation: Option<OrganisationId>,
    ) -> Result<ReviewStanding, StoreError> {
        // What one may not see is counted like what does not exist.
        let organisation =
            within(seen, organisation).unwrap_or_else(|NotSeen| Some(OrganisationId::from_uuid(Uuid::nil())));
        let counts: Counts = diesel::sql_query(format!("{ACCESSES}{COUNTED}"))
            .bind::<SqlUuid, _>(self.network_uuid())
            .bind::<Nullable<SqlUuid>, _>(organisation.map(TypedId::uuid))
            .bind::<Timestamptz, _>(stored(self.long_ago()))
            .get_result(self.conn)
            .map_err(store_error)?;
        Ok(ReviewStanding {
            people: counted(counts.people),
            unconfirmed: counted(counts.unconfirmed),
            unseen: counted(counts.unseen),
            without_second_factor: counted(counts.without_second_factor),
            everybody_since: instant_option(counts.everybody_since),
        })
    }

    pub(in super::super) fn all_accesses(
        &mut self,
        organisation: Option<OrganisationId>,
    ) -> Result<Vec<ReviewedAccess>, StoreError> {
        self.accesses(organisation, AccessReviewFilter::default(), None, None)
    }

    fn accesses(
        &mut self,
        organisation: Option<OrganisationId>,
        filter: AccessReviewFilter,
        after: Option<TimeKey>,
        most: Option<i64>,
    ) -> Result<Vec<ReviewedAccess>, StoreError> {
        let rows: Vec<Row> = diesel::sql_query(format!("{ACCESSES}{LISTED}"))
            .bind::<SqlUuid, _>(self.network_uuid())
            .bind::<Nullable<SqlUuid>, _>(organisation.map(TypedId::uuid))
            .bind::<Timestamptz, _>(stored(self.long_ago()))
            .bind::<Bool, _>(filter.unconfirmed)
            .bind::<Bool, _>(filter.unseen)
            .bind::<Bool, _>(filter.without_second_factor)
            .bind::<Nullable<Timestamptz>, _>(stored_option(after.map(|key| key.at)))
            .bind::<Nullable<SqlUuid>, _>(after.map(|key| key.id))
            .bind::<Nullable<BigInt>, _>(most)
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(reviewed).collect()
    }

    fn long_ago(&self) -> Timestamp {
        self.op().now().checked_sub(LONG_AGO).unwrap_or(Timestamp::MIN)
    }
}

/// Another organisation than one's own was asked for.
struct NotSeen;

/// Which organisation is looked at; none is all of the network.
fn within(seen: Visibility, asked: Option<OrganisationId>) -> Result<Option<OrganisationId>, NotSeen> {
    match seen.scope() {
        Scope::Network => Ok(asked),
        Scope::Organisation { organisation } | Scope::Own { organisation, .. } => {
            if asked.is_none_or(|asked| asked == organisation) {
                Ok(Some(organisation))
            } else {
                Err(NotSeen)
            }
        }
    }
}

fn nobody() -> Page<ReviewedAccess> {
    Page { rows: Vec::new(), has_more: false, total: None }
}

fn reviewed(row: Row) -> Result<ReviewedAccess, StoreError> {
    Ok(ReviewedAccess {
        membership: MembershipId::from_uuid(row.membership_id),
        user: UserId::from_uuid(row.user_id),
        name: row.name,
        email: row.email,
        roles: roles_from(&row.roles)?,
        version: row.version,
        organisation: row.organisation_id.map(OrganisationId::from_uuid).zip(row.organisation_name),
        joined_at: instant(row.created_at),
        last_seen_at: instant_option(row.last_seen_at),
        second_factor: row.second_factor,
        confirmed: instant_option(row.confirmed_at).zip(row.confirmed_by),
    })
}
