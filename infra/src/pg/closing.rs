//! Organisations that close: what would become of what is open, to whom they leave it, and what is still to be settled.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{OrganisationId, PersonId, ReferralId, ServiceId, StoreError, TypedId};
use trellis_domain::policy::{Role, Visibility};
use trellis_domain::referral::wind_up::SuccessionReads;
use trellis_domain::tenancy::{Closing, ClosingReads, ClosingWrites, Outlook};
use uuid::Uuid;

use super::error::store_error;
use super::read::organisations::{CardRow, OrganisationCard};
use super::schema::{closings, events, memberships, organisations, referrals, services};
use super::time::{instant_option, stored, stored_option};
use super::tx::{PgTx, ReadWrite};

/// More than anybody reads at once.
const MOST: i64 = 50;

/// Whoever answers requests, or sends them.
pub(crate) const WORKERS: [Role; 4] =
    [Role::Referrer, Role::LinkWorker, Role::TeamLead, Role::ProviderWorker];

#[derive(QueryableByName)]
struct OutlookRow {
    #[diesel(sql_type = BigInt)]
    people: i64,
    #[diesel(sql_type = BigInt)]
    passed_on: i64,
    #[diesel(sql_type = BigInt)]
    sent_back: i64,
    #[diesel(sql_type = BigInt)]
    left_with_others: i64,
    #[diesel(sql_type = BigInt)]
    dropped: i64,
    #[diesel(sql_type = BigInt)]
    only_here: i64,
    #[diesel(sql_type = BigInt)]
    emergencies: i64,
    #[diesel(sql_type = BigInt)]
    unanswered: i64,
}

#[derive(QueryableByName)]
struct OpenRow {
    #[diesel(sql_type = SqlUuid)]
    referral_id: Uuid,
}

/// What the acting organisation has not settled: what it holds, what waits for it, and what others hold for it without
/// knowing yet that it is gone.
const UNSETTLED: &str = "SELECT r.referral_id FROM referrals r
  WHERE r.network_id = $1 AND r.due_at IS NOT NULL AND r.referral_id > $3
    AND ((r.to_organisation_id = $2 AND r.stage NOT IN ('draft', 'returned'))
      OR (r.from_organisation_id = $2 AND (r.stage IN ('draft', 'returned')
        OR NOT EXISTS (SELECT FROM events e WHERE e.network_id = r.network_id AND e.referral_id = r.referral_id
          AND e.name = 'referral.asker_closed'))))
  ORDER BY r.referral_id LIMIT $4";

impl<M> PgTx<'_, M> {
    /// In the order of their ids, after one.
    pub(crate) fn unsettled(
        &mut self,
        after: Option<ReferralId>,
        most: i64,
    ) -> Result<Vec<ReferralId>, StoreError> {
        let rows: Vec<OpenRow> = diesel::sql_query(UNSETTLED)
            .bind::<SqlUuid, _>(self.network_uuid())
            .bind::<SqlUuid, _>(self.organisation_uuid())
            .bind::<SqlUuid, _>(after.map_or(Uuid::nil(), TypedId::uuid))
            .bind::<BigInt, _>(most)
            .load(self.conn)
            .map_err(store_error)?;
        Ok(rows.into_iter().map(|row| ReferralId::from_uuid(row.referral_id)).collect())
    }

    pub fn closing(&mut self, id: OrganisationId) -> Result<Option<Closing>, StoreError> {
        use closings as c;
        let row: Option<ClosingRow> = c::table
            .filter(c::network_id.eq(self.network_uuid()))
            .filter(c::organisation_id.eq(id.uuid()))
            .select((c::successor_id, c::finished_at, c::waiting))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        Ok(row.map(|row| closing_from(id, row)))
    }

    /// Those that hold what nobody could take, the longest closed first; none for whoever holds no role in the network.
    pub fn waiting_closings(
        &mut self,
        _seen: Visibility,
    ) -> Result<Vec<(Closing, OrganisationCard)>, StoreError> {
        use {closings as c, organisations as o};
        let whose = o::network_id.eq(c::network_id).and(o::organisation_id.eq(c::organisation_id));
        let rows: Vec<(CardRow, ClosingRow)> = c::table
            .inner_join(o::table.on(whose))
            .filter(c::network_id.eq(self.network_uuid()))
            .filter(c::finished_at.is_null())
            .filter(c::waiting.gt(0))
            .order((c::closed_at, c::organisation_id))
            .limit(MOST)
            .select((
                (o::organisation_id, (o::name, o::kind, o::help_phone)),
                (c::successor_id, c::finished_at, c::waiting),
            ))
            .load(self.conn)
            .map_err(store_error)?;
        let found = |((id, words), row): (CardRow, ClosingRow)| {
            let closing = closing_from(OrganisationId::from_uuid(id), row);
            Ok((closing, OrganisationCard::from_columns(id, words)?))
        };
        rows.into_iter().map(found).collect()
    }
}

type ClosingRow = (Option<Uuid>, Option<Stored>, i32);

fn closing_from(organisation: OrganisationId, (successor, finished, waiting): ClosingRow) -> Closing {
    let successor = successor.map(OrganisationId::from_uuid);
    let waiting = u64::try_from(waiting).unwrap_or_default();
    Closing { organisation, successor, finished_at: instant_option(finished), waiting }
}

impl<M> ClosingReads for PgTx<'_, M> {
    fn outlook(
        &mut self,
        id: OrganisationId,
        successor: Option<OrganisationId>,
    ) -> Result<Outlook, StoreError> {
        let row: OutlookRow = diesel::sql_query("SELECT * FROM closing_outlook($1, $2, $3)")
            .bind::<SqlUuid, _>(id.uuid())
            .bind::<Nullable<SqlUuid>, _>(successor.map(TypedId::uuid))
            .bind::<Timestamptz, _>(stored(self.op().now()))
            .get_result(self.conn)
            .map_err(store_error)?;
        let counted = |count: i64| u64::try_from(count).unwrap_or_default();
        let custody = self.custody_outlook(id)?;
        Ok(Outlook {
            custody: custody.handing_over(),
            coming: counted(custody.coming),
            people: counted(row.people),
            passed_on: counted(row.passed_on),
            sent_back: counted(row.sent_back),
            left_with_others: counted(row.left_with_others),
            dropped: counted(row.dropped),
            only_here: counted(row.only_here),
            emergencies: counted(row.emergencies),
            unanswered: counted(row.unanswered),
        })
    }

    fn somebody_works_for(&mut self, id: OrganisationId) -> Result<bool, StoreError> {
        use memberships as m;
        let workers = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::organisation_id.eq(id.uuid()))
            .filter(m::ended_at.is_null())
            .filter(m::roles.overlaps_with(WORKERS.map(Role::code).to_vec()));
        diesel::select(diesel::dsl::exists(workers)).get_result(self.conn).map_err(store_error)
    }
}

impl ClosingWrites for PgTx<'_, ReadWrite> {
    fn end_access_of_closed(&mut self, id: OrganisationId, reason: &'static str) -> Result<(), StoreError> {
        diesel::sql_query("SELECT end_access_of_closed($1, $2, $3)")
            .bind::<SqlUuid, _>(id.uuid())
            .bind::<Timestamptz, _>(stored(self.op().now()))
            .bind::<Text, _>(reason)
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn insert_closing(&mut self, closing: &Closing) -> Result<(), StoreError> {
        use closings as c;
        let now = stored(self.op().now());
        diesel::insert_into(c::table)
            .values((
                c::network_id.eq(self.network_uuid()),
                c::organisation_id.eq(closing.organisation.uuid()),
                c::successor_id.eq(closing.successor.map(TypedId::uuid)),
                c::closed_at.eq(now),
                c::closed_by.eq(self.op().user().map(TypedId::uuid)),
                c::next_try_at.eq(now),
                c::finished_at.eq(stored_option(closing.finished_at)),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn lock_closing(&mut self, id: OrganisationId) -> Result<Option<Closing>, StoreError> {
        use closings as c;
        let row: Option<ClosingRow> = c::table
            .filter(c::network_id.eq(self.network_uuid()))
            .filter(c::organisation_id.eq(id.uuid()))
            .select((c::successor_id, c::finished_at, c::waiting))
            .for_update()
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        Ok(row.map(|row| closing_from(id, row)))
    }

    fn save_closing(&mut self, closing: &Closing) -> Result<(), StoreError> {
        use closings as c;
        let rows = diesel::update(c::table)
            .filter(c::network_id.eq(self.network_uuid()))
            .filter(c::organisation_id.eq(closing.organisation.uuid()))
            .set((
                c::successor_id.eq(closing.successor.map(TypedId::uuid)),
                c::next_try_at.eq(stored(self.op().now())),
                c::finished_at.eq(stored_option(closing.finished_at)),
            ))
            .execute(self.conn)
            .map_err(store_error)?;
        if rows == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }
}

impl<M> SuccessionReads for PgTx<'_, M> {
    fn services_of(&mut self, organisation: OrganisationId) -> Result<Vec<ServiceId>, StoreError> {
        use services as s;
        let ids: Vec<Uuid> = s::table
            .filter(s::network_id.eq(self.network_uuid()))
            .filter(s::organisation_id.eq(organisation.uuid()))
            .filter(s::status.eq("active"))
            .order((s::name, s::service_id))
            .select(s::service_id)
            .load(self.conn)
            .map_err(store_error)?;
        Ok(ids.into_iter().map(ServiceId::from_uuid).collect())
    }

    fn holds_more_of(&mut self, person: PersonId, besides: ReferralId) -> Result<bool, StoreError> {
        use referrals as r;
        let more = r::table
            .filter(r::network_id.eq(self.network_uuid()))
            .filter(r::to_organisation_id.eq(self.organisation_uuid()))
            .filter(r::person_id.eq(person.uuid()))
            .filter(r::referral_id.ne(besides.uuid()))
            .filter(r::due_at.is_not_null())
            .filter(r::stage.ne_all(["draft", "returned"]));
        diesel::select(diesel::dsl::exists(more)).get_result(self.conn).map_err(store_error)
    }

    fn asker_closed_told(&mut self, referral: ReferralId) -> Result<bool, StoreError> {
        use events as e;
        let told = e::table
            .filter(e::network_id.eq(self.network_uuid()))
            .filter(e::referral_id.eq(referral.uuid()))
            .filter(e::name.eq("referral.asker_closed"));
        diesel::select(diesel::dsl::exists(told)).get_result(self.conn).map_err(store_error)
    }
}
