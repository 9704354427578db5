//! Offers of records as either side sees them, and who could take them. Numbers and names of organisations.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Uuid as SqlUuid};
use trellis_domain::custody::{CustodyOffer, CustodyReads};
use trellis_domain::kernel::{CustodyOfferId, OrganisationId, StoreError, TypedId};
use trellis_domain::policy::{Role, Visibility};
use trellis_domain::tenancy::OrganisationKind;
use uuid::Uuid;

use super::super::custody::{OfferRow, registering};
use super::super::error::{inconsistent, store_error};
use super::super::schema::{custody_offers as c, memberships as m, organisations as o};
use super::super::tx::PgTx;
use super::organisations::{CardRow, OrganisationCard};

/// More than a page can offer to choose among.
const MOST_RECEIVERS: i64 = 200;
/// More than anybody reads at once.
const MOST_OFFERS: i64 = 50;

/// An offer, between whom, and how far it is with it.
#[derive(Debug, Clone)]
pub struct CustodyEntry {
    pub offer: CustodyOffer,
    pub from_name: String,
    pub to_name: String,
    pub moved: u64,
    /// Still with whoever offers; none once it is over.
    pub left: u64,
    /// Of these, people for whom something has to be seen to first.
    pub held: u64,
}

#[derive(QueryableByName)]
struct LeftRow {
    #[diesel(sql_type = SqlUuid)]
    offer_id: Uuid,
    #[diesel(sql_type = BigInt)]
    people: i64,
    #[diesel(sql_type = BigInt)]
    held: i64,
}

/// Of all that are asked for at once.
const LEFT: &str = "SELECT asked.offer_id, counted.people, counted.held
  FROM unnest($1) AS asked (offer_id), LATERAL custody_left(asked.offer_id) AS counted";

impl<M> PgTx<'_, M> {
    /// Made and received, newest first.
    pub fn custody_offers(&mut self, _seen: Visibility) -> Result<Vec<CustodyEntry>, StoreError> {
        let rows: Vec<(OfferRow, i32)> = c::table
            .filter(c::network_id.eq(self.network_uuid()))
            .order((c::offered_at.desc(), c::offer_id.desc()))
            .limit(MOST_OFFERS)
            .select((OfferRow::as_select(), c::moved))
            .load(self.conn)
            .map_err(store_error)?;
        self.custody_entries(rows)
    }

    pub fn custody_entry(&mut self, id: CustodyOfferId) -> Result<Option<CustodyEntry>, StoreError> {
        let row: Option<(OfferRow, i32)> = c::table
            .find((self.network_uuid(), id.uuid()))
            .select((OfferRow::as_select(), c::moved))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        Ok(self.custody_entries(row.into_iter().collect())?.pop())
    }

    /// With names and numbers: one statement each, however many they are.
    fn custody_entries(&mut self, rows: Vec<(OfferRow, i32)>) -> Result<Vec<CustodyEntry>, StoreError> {
        let known = |(row, moved)| {
            let moved: i32 = moved;
            Ok((CustodyOffer::try_from(row)?, u64::try_from(moved).unwrap_or_default()))
        };
        let offers: Vec<(CustodyOffer, u64)> =
            rows.into_iter().map(known).collect::<Result<_, StoreError>>()?;
        let ids: Vec<Uuid> = offers.iter().map(|(offer, _)| offer.id.uuid()).collect();
        let left: Vec<LeftRow> =
            diesel::sql_query(LEFT).bind::<Array<SqlUuid>, _>(ids).load(self.conn).map_err(store_error)?;
        let places: Vec<Uuid> =
            offers.iter().flat_map(|(offer, _)| [offer.from.uuid(), offer.to.uuid()]).collect();
        let names: Vec<(Uuid, String)> = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::organisation_id.eq_any(places))
            .select((o::organisation_id, o::name))
            .load(self.conn)
            .map_err(store_error)?;
        let name = |of: OrganisationId| {
            let known = names.iter().find(|(id, _)| *id == of.uuid()).map(|(_, name)| name.clone());
            known.ok_or_else(|| inconsistent("custody_offers", "organisation_id"))
        };
        let counted = |count: i64| u64::try_from(count).unwrap_or_default();
        let entry = |(offer, moved): (CustodyOffer, u64)| {
            let left = left.iter().find(|row| row.offer_id == offer.id.uuid());
            Ok(CustodyEntry {
                from_name: name(offer.from)?,
                to_name: name(offer.to)?,
                moved,
                left: left.map_or(0, |row| counted(row.people)),
                held: left.map_or(0, |row| counted(row.held)),
                offer,
            })
        };
        offers.into_iter().map(entry).collect()
    }

    /// Of how many people the acting organisation keeps the record.
    pub fn custody_of(&mut self, _seen: Visibility) -> Result<u64, StoreError> {
        self.people_kept()
    }

    /// By name: those that may keep records, with somebody who signs and somebody who does the work.
    pub fn possible_keepers(&mut self, _seen: Visibility) -> Result<Vec<OrganisationCard>, StoreError> {
        let kinds = OrganisationKind::ALL.iter().filter(|kind| kind.may_keep_records());
        let kinds: Vec<&str> = kinds.map(|kind| kind.code()).collect();
        let officers = m::table
            .filter(m::network_id.eq(o::network_id))
            .filter(m::organisation_id.eq(o::organisation_id.nullable()))
            .filter(m::ended_at.is_null())
            .filter(m::roles.contains(vec![Role::PrivacyOfficer.code()]));
        let workers = m::table
            .filter(m::network_id.eq(o::network_id))
            .filter(m::organisation_id.eq(o::organisation_id.nullable()))
            .filter(m::ended_at.is_null())
            .filter(m::roles.overlaps_with(registering()));
        let rows: Vec<CardRow> = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::organisation_id.ne(self.organisation_uuid()))
            .filter(o::kind.eq_any(kinds))
            .filter(o::suspended_at.is_null())
            .filter(o::closed_at.is_null())
            .filter(exists(officers))
            .filter(exists(workers))
            .order((o::name, o::organisation_id))
            .limit(MOST_RECEIVERS)
            .select((o::organisation_id, (o::name, o::kind, o::help_phone)))
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(|(id, words)| OrganisationCard::from_columns(id, words)).collect()
    }
}
