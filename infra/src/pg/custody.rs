//! Offers of records, and the record that changes hands. What a function of the database does for both sides at once is
//! in the migration `hand_over`.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Uuid as SqlUuid};
use jiff_diesel::Timestamp as Stored;
use trellis_domain::custody::{
    CustodyDecline, CustodyOffer, CustodyReads, CustodyReason, CustodyStage, CustodyWrites, Standing,
};
use trellis_domain::kernel::{
    AuditId, CustodyOfferId, OrganisationId, PersonId, ReferralId, StoreError, TypedId, UserId,
};
use trellis_domain::person::PersonAccess;
use trellis_domain::policy::{Action, Role};
use trellis_domain::referral::Referral;
use trellis_domain::tenancy::CustodyOutlook;
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::referral_row::ReferralRow;
use super::schema::{custody_offers as c, memberships as m, persons as p, referrals as r};
use super::time::{instant, instant_option, stored, stored_option};
use super::tx::{PgTx, ReadWrite};

#[derive(Queryable, Selectable)]
#[diesel(table_name = c)]
pub(crate) struct OfferRow {
    offer_id: Uuid,
    from_organisation_id: Uuid,
    to_organisation_id: Uuid,
    reason: String,
    people: i32,
    stage: String,
    offered_at: Stored,
    offered_by: Uuid,
    settled_at: Option<Stored>,
    decline_reason: Option<String>,
    finished_at: Option<Stored>,
}

impl TryFrom<OfferRow> for CustodyOffer {
    type Error = StoreError;

    fn try_from(row: OfferRow) -> Result<Self, StoreError> {
        let wrong = |column| move || inconsistent("custody_offers", column);
        let stage = CustodyStage::from_code(&row.stage).ok_or_else(wrong("stage"))?;
        let settled = || instant_option(row.settled_at).ok_or_else(wrong("settled_at"));
        let standing = match stage {
            CustodyStage::Offered => Standing::Offered,
            CustodyStage::Withdrawn => Standing::Withdrawn { at: settled()? },
            CustodyStage::Declined => {
                let why = row.decline_reason.as_deref().and_then(CustodyDecline::from_code);
                Standing::Declined { at: settled()?, why: why.ok_or_else(wrong("decline_reason"))? }
            }
            CustodyStage::Moving => Standing::Moving { since: settled()? },
            CustodyStage::Moved => Standing::Moved {
                since: settled()?,
                at: instant_option(row.finished_at).ok_or_else(wrong("finished_at"))?,
            },
        };
        Ok(Self {
            id: CustodyOfferId::from_uuid(row.offer_id),
            from: OrganisationId::from_uuid(row.from_organisation_id),
            to: OrganisationId::from_uuid(row.to_organisation_id),
            reason: CustodyReason::from_code(&row.reason).ok_or_else(wrong("reason"))?,
            people: u64::try_from(row.people).unwrap_or_default(),
            offered_at: instant(row.offered_at),
            offered_by: UserId::from_uuid(row.offered_by),
            standing,
        })
    }
}

/// The roles that register people, as they are stored.
pub(crate) fn registering() -> Vec<&'static str> {
    let roles = Role::ALL
        .iter()
        .filter(|role| Action::RegisterPerson.rule().roles.iter().any(|(registers, _)| registers == *role));
    roles.map(|role| role.code()).collect()
}

#[derive(QueryableByName)]
pub(super) struct OutlookRow {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    receiver_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Bool>)]
    moving: Option<bool>,
    #[diesel(sql_type = BigInt)]
    pub(super) coming: i64,
}

impl OutlookRow {
    pub(super) fn handing_over(&self) -> Option<CustodyOutlook> {
        let to = OrganisationId::from_uuid(self.receiver_id?);
        Some(CustodyOutlook { to, moving: self.moving.unwrap_or_default() })
    }
}

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Bool)]
    said: bool,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    gone: i64,
}

impl<M> PgTx<'_, M> {
    /// See the migration `hand_over`.
    pub(super) fn custody_outlook(&mut self, id: OrganisationId) -> Result<OutlookRow, StoreError> {
        diesel::sql_query("SELECT * FROM custody_outlook($1)")
            .bind::<SqlUuid, _>(id.uuid())
            .get_result(self.conn)
            .map_err(store_error)
    }

    /// People whose record the acting organisation keeps, in the order of their ids, after one.
    pub(crate) fn records_kept(
        &mut self,
        after: Option<PersonId>,
        most: i64,
    ) -> Result<Vec<PersonId>, StoreError> {
        let ids: Vec<Uuid> = p::table
            .filter(p::network_id.eq(self.network_uuid()))
            .filter(p::custodian_organisation_id.eq(self.organisation_uuid()))
            .filter(p::person_id.gt(after.map_or(Uuid::nil(), TypedId::uuid)))
            .order(p::person_id)
            .limit(most)
            .select(p::person_id)
            .load(self.conn)
            .map_err(store_error)?;
        Ok(ids.into_iter().map(PersonId::from_uuid).collect())
    }
}

impl PgTx<'_, ReadWrite> {
    /// See the migration `asked_for_goes_along`.
    fn move_requests(
        &mut self,
        offer: CustodyOfferId,
        person: PersonId,
        along: &[ReferralId],
    ) -> Result<(), StoreError> {
        if along.is_empty() {
            return Ok(());
        }
        let ids: Vec<Uuid> = along.iter().map(|id| id.uuid()).collect();
        let row: Counted = diesel::sql_query("SELECT hand_over_requests($1, $2, $3) AS gone")
            .bind::<SqlUuid, _>(offer.uuid())
            .bind::<SqlUuid, _>(person.uuid())
            .bind::<Array<SqlUuid>, _>(&ids)
            .get_result(self.conn)
            .map_err(store_error)?;
        if usize::try_from(row.gone) == Ok(along.len()) { Ok(()) } else { Err(StoreError::Conflict) }
    }
}

impl<M> CustodyReads for PgTx<'_, M> {
    fn custody_offer(&mut self, id: CustodyOfferId) -> Result<Option<CustodyOffer>, StoreError> {
        let row: Option<OfferRow> = c::table
            .find((self.network_uuid(), id.uuid()))
            .select(OfferRow::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(CustodyOffer::try_from).transpose()
    }

    fn people_kept(&mut self) -> Result<u64, StoreError> {
        let count: i64 = p::table
            .filter(p::network_id.eq(self.network_uuid()))
            .filter(p::custodian_organisation_id.eq(self.organisation_uuid()))
            .count()
            .get_result(self.conn)
            .map_err(store_error)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    fn has_open_offer(&mut self) -> Result<bool, StoreError> {
        let open = c::table
            .filter(c::network_id.eq(self.network_uuid()))
            .filter(c::from_organisation_id.eq(self.organisation_uuid()))
            .filter(c::stage.eq_any([CustodyStage::Offered.code(), CustodyStage::Moving.code()]));
        diesel::select(diesel::dsl::exists(open)).get_result(self.conn).map_err(store_error)
    }

    fn awaits_records(&mut self) -> Result<bool, StoreError> {
        let coming = c::table
            .filter(c::network_id.eq(self.network_uuid()))
            .filter(c::to_organisation_id.eq(self.organisation_uuid()))
            .filter(c::stage.eq(CustodyStage::Moving.code()));
        diesel::select(diesel::dsl::exists(coming)).get_result(self.conn).map_err(store_error)
    }

    fn waits_for_custodian(&mut self, person: PersonId) -> Result<bool, StoreError> {
        let row: Said = diesel::sql_query("SELECT waits_for_custodian($1, $2, $3) AS said")
            .bind::<SqlUuid, _>(self.network_uuid())
            .bind::<SqlUuid, _>(person.uuid())
            .bind::<SqlUuid, _>(self.organisation_uuid())
            .get_result(self.conn)
            .map_err(store_error)?;
        Ok(row.said)
    }

    fn somebody_registers_at(&mut self, organisation: OrganisationId) -> Result<bool, StoreError> {
        let workers = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::organisation_id.eq(organisation.uuid()))
            .filter(m::ended_at.is_null())
            .filter(m::roles.overlaps_with(registering()));
        diesel::select(diesel::dsl::exists(workers)).get_result(self.conn).map_err(store_error)
    }
}

impl CustodyWrites for PgTx<'_, ReadWrite> {
    fn insert_custody_offer(&mut self, offer: &CustodyOffer) -> Result<(), StoreError> {
        diesel::insert_into(c::table)
            .values((
                c::network_id.eq(self.network_uuid()),
                c::offer_id.eq(offer.id.uuid()),
                c::from_organisation_id.eq(offer.from.uuid()),
                c::to_organisation_id.eq(offer.to.uuid()),
                c::reason.eq(offer.reason.code()),
                c::people.eq(i32::try_from(offer.people).unwrap_or(i32::MAX)),
                c::stage.eq(offer.standing.stage().code()),
                c::offered_at.eq(stored(offer.offered_at)),
                c::offered_by.eq(offer.offered_by.uuid()),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn lock_custody_offer(&mut self, id: CustodyOfferId) -> Result<Option<CustodyOffer>, StoreError> {
        let row: Option<OfferRow> = c::table
            .find((self.network_uuid(), id.uuid()))
            .select(OfferRow::as_select())
            .for_update()
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(CustodyOffer::try_from).transpose()
    }

    fn save_custody_offer(&mut self, offer: &CustodyOffer) -> Result<(), StoreError> {
        let one = c::table.find((self.network_uuid(), offer.id.uuid()));
        let standing = (
            c::stage.eq(offer.standing.stage().code()),
            c::finished_at.eq(stored_option(offer.standing.finished_at())),
        );
        // Whoever settles it is kept; that it is done is said by nobody.
        let saved = match self.op().user() {
            Some(user) => diesel::update(one)
                .set((
                    standing,
                    c::settled_at.eq(stored_option(offer.standing.settled_at())),
                    c::settled_by.eq(user.uuid()),
                    c::decline_reason.eq(offer.standing.declined().map(CustodyDecline::code)),
                    c::next_try_at.eq(offer.is_moving().then(|| stored(self.op().now()))),
                ))
                .execute(self.conn),
            None => diesel::update(one).set(standing).execute(self.conn),
        };
        if saved.map_err(store_error)? == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    fn lock_asked_for(&mut self, person: PersonId) -> Result<Vec<Referral>, StoreError> {
        let ours = self.organisation_uuid();
        let rows: Vec<ReferralRow> = r::table
            .filter(r::network_id.eq(self.network_uuid()))
            .filter(r::person_id.eq(person.uuid()))
            .filter(r::from_organisation_id.eq(ours).or(r::asker_organisation_id.eq(ours)))
            .order((r::service_id, r::referral_id))
            .select(ReferralRow::as_select())
            .for_update()
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(Referral::try_from).collect()
    }

    fn lock_record(&mut self, person: PersonId) -> Result<bool, StoreError> {
        let kept: Option<Uuid> = p::table
            .filter(p::network_id.eq(self.network_uuid()))
            .filter(p::person_id.eq(person.uuid()))
            .filter(p::custodian_organisation_id.eq(self.organisation_uuid()))
            .select(p::person_id)
            .for_update()
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        Ok(kept.is_some())
    }

    fn move_record(
        &mut self,
        offer: CustodyOfferId,
        access: &PersonAccess,
        along: &[ReferralId],
    ) -> Result<(), StoreError> {
        self.move_requests(offer, access.person, along)?;
        let audit: AuditId = self.op().new_id();
        let row: Said = diesel::sql_query("SELECT hand_over_record($1, $2, $3, $4, $5) AS said")
            .bind::<SqlUuid, _>(offer.uuid())
            .bind::<SqlUuid, _>(access.person.uuid())
            .bind::<SqlUuid, _>(access.id.uuid())
            .bind::<SqlUuid, _>(audit.uuid())
            .bind::<SqlUuid, _>(self.op().request().uuid())
            .get_result(self.conn)
            .map_err(store_error)?;
        if row.said { Ok(()) } else { Err(StoreError::Conflict) }
    }
}
