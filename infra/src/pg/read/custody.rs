//! Offers of records as either side sees them, and who could take them. Numbers and names of organisations.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use trellis_domain::custody::{CustodyOffer, CustodyReads};
use trellis_domain::kernel::{CustodyOfferId, StoreError, TypedId};
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
    #[diesel(sql_type = BigInt)]
    people: i64,
    #[diesel(sql_type = BigInt)]
    held: i64,
}

impl<M> PgTx<'_, M> {
    /// Made and received, newest first.
    pub fn custody_offers(&mut self, _seen: Visibility) -> Result<Vec<CustodyEntry>, StoreError> {
        let ids: Vec<Uuid> = c::table
            .filter(c::network_id.eq(self.network_uuid()))
            .order((c::offered_at.desc(), c::offer_id.desc()))
            .limit(MOST_OFFERS)
            .select(c::offer_id)
            .load(self.conn)
            .map_err(store_error)?;
        let entries = ids.into_iter().map(|id| self.custody_entry(CustodyOfferId::from_uuid(id)));
        entries.filter_map(Result::transpose).collect()
    }

    pub fn custody_entry(&mut self, id: CustodyOfferId) -> Result<Option<CustodyEntry>, StoreError> {
        let row: Option<(OfferRow, i32)> = c::table
            .find((self.network_uuid(), id.uuid()))
            .select((OfferRow::as_select(), c::moved))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        let Some((row, moved)) = row else { return Ok(None) };
        let offer = CustodyOffer::try_from(row)?;
        let left: LeftRow = diesel::sql_query("SELECT * FROM custody_left($1)")
            .bind::<SqlUuid, _>(id.uuid())
            .get_result(self.conn)
            .map_err(store_error)?;
        let names: Vec<(Uuid, String)> = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::organisation_id.eq_any([offer.from.uuid(), offer.to.uuid()]))
            .select((o::organisation_id, o::name))
            .load(self.conn)
            .map_err(store_error)?;
        let name = |of: Uuid| {
            let known = names.iter().find(|(id, _)| *id == of).map(|(_, name)| name.clone());
            known.ok_or_else(|| inconsistent("custody_offers", "organisation_id"))
        };
        let counted = |count: i64| u64::try_from(count).unwrap_or_default();
        Ok(Some(CustodyEntry {
            from_name: name(offer.from.uuid())?,
            to_name: name(offer.to.uuid())?,
            moved: u64::try_from(moved).unwrap_or_default(),
            left: counted(left.people),
            held: counted(left.held),
            offer,
        }))
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
