//! Organisations as whoever manages them sees them: how they stand, how many people they have, and what they have signed.

use diesel::dsl::count_star;
use diesel::prelude::*;
use jiff::Timestamp;
use jiff_diesel::Date as StoredDate;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{AgreementId, Line, OrganisationId, Page, PageRequest, StoreError, TypedId};
use trellis_domain::policy::visibility::Scope;
use trellis_domain::policy::{Role, Visibility};
use trellis_domain::tenancy::{Agreement, AgreementEntry, AgreementKind};
use uuid::Uuid;

use super::super::error::{inconsistent, store_error};
use super::super::schema::{agreements as a, invitations as i, memberships as m, organisations as o};
use super::super::time::instant_option;
use super::super::tx::PgTx;
use super::listed::{NameKey, coded, counted};
use super::organisations::{CardRow, OrganisationCard};

#[derive(Debug, Clone)]
pub struct ManagedOrganisation {
    pub card: OrganisationCard,
    pub email: Option<String>,
    pub postcode: Option<String>,
    pub suspended_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub members: u64,
    pub administrators: u64,
    pub invited: u64,
    /// The ones that end first come first.
    pub agreements: Vec<AgreementEntry>,
}

impl ManagedOrganisation {
    pub fn key(&self) -> NameKey {
        self.card.key()
    }
}

type Row = (CardRow, Option<String>, Option<String>, Option<Stored>, Option<Stored>);
type AgreementRow = (Uuid, Uuid, String, String, StoredDate, Option<StoredDate>);

impl<M> PgTx<'_, M> {
    /// By name: the network's, or one's own. Closed ones come too, so that nothing vanishes without a word.
    pub fn managed_organisations(
        &mut self,
        seen: Visibility,
        words: Option<&str>,
        page: &PageRequest<NameKey>,
    ) -> Result<Page<ManagedOrganisation>, StoreError> {
        let mut query = o::table.filter(o::network_id.eq(self.network_uuid())).into_boxed();
        if let Scope::Organisation { organisation } | Scope::Own { organisation, .. } = seen.scope() {
            query = query.filter(o::organisation_id.eq(organisation.uuid()));
        }
        if let Some(words) = words.filter(|words| !words.trim().is_empty()) {
            query = query.filter(o::name.ilike(super::staff::part_of(words)));
        }
        if let Some(after) = page.after() {
            let name = after.name.clone();
            query = query
                .filter(o::name.gt(name.clone()).or(o::name.eq(name).and(o::organisation_id.gt(after.id))));
        }
        let rows: Vec<Row> = query
            .order((o::name, o::organisation_id))
            .limit(i64::from(page.first()) + 1)
            .select((
                (o::organisation_id, (o::name, o::kind, o::help_phone)),
                o::email,
                o::postcode,
                o::suspended_at,
                o::closed_at,
            ))
            .load(self.conn)
            .map_err(store_error)?;
        let fetched = Page::from_fetched(rows, page.first(), None);
        let rows = self.surrounded(fetched.rows)?;
        Ok(Page { rows, has_more: fetched.has_more, total: None })
    }

    pub fn managed_organisation(
        &mut self,
        seen: Visibility,
        id: OrganisationId,
    ) -> Result<Option<ManagedOrganisation>, StoreError> {
        if let Scope::Organisation { organisation } | Scope::Own { organisation, .. } = seen.scope()
            && organisation != id
        {
            return Ok(None);
        }
        let row: Option<Row> = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::organisation_id.eq(id.uuid()))
            .select((
                (o::organisation_id, (o::name, o::kind, o::help_phone)),
                o::email,
                o::postcode,
                o::suspended_at,
                o::closed_at,
            ))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        Ok(self.surrounded(row.into_iter().collect())?.pop())
    }

    /// With what is counted and signed, one question each for the whole page.
    fn surrounded(&mut self, rows: Vec<Row>) -> Result<Vec<ManagedOrganisation>, StoreError> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.0.0).collect();
        let network = self.network_uuid();
        let members = m::table
            .filter(m::network_id.eq(network))
            .filter(m::organisation_id.eq_any(ids.clone()))
            .filter(m::ended_at.is_null())
            .group_by(m::organisation_id)
            .select((m::organisation_id, count_star()))
            .load(self.conn)
            .map_err(store_error)?;
        let administrators = m::table
            .filter(m::network_id.eq(network))
            .filter(m::organisation_id.eq_any(ids.clone()))
            .filter(m::ended_at.is_null())
            .filter(m::roles.contains(vec![Role::OrganisationAdmin.code()]))
            .group_by(m::organisation_id)
            .select((m::organisation_id, count_star()))
            .load(self.conn)
            .map_err(store_error)?;
        let invited = i::table
            .filter(i::network_id.eq(network))
            .filter(i::organisation_id.eq_any(ids.clone()))
            .filter(i::accepted_at.is_null())
            .filter(i::withdrawn_at.is_null())
            .group_by(i::organisation_id)
            .select((i::organisation_id, count_star()))
            .load(self.conn)
            .map_err(store_error)?;
        let agreements = self.agreements_of(ids)?;
        let managed = |row: Row| {
            let ((id, words), email, postcode, suspended_at, closed_at) = row;
            let own = agreements.iter().filter(|(of, _)| *of == id);
            Ok(ManagedOrganisation {
                card: OrganisationCard::from_columns(id, words)?,
                email,
                postcode,
                suspended_at: instant_option(suspended_at),
                closed_at: instant_option(closed_at),
                members: number(&members, id),
                administrators: number(&administrators, id),
                invited: number(&invited, id),
                agreements: own.map(|(_, entry)| entry.clone()).collect(),
            })
        };
        rows.into_iter().map(managed).collect()
    }

    fn agreements_of(&mut self, ids: Vec<Uuid>) -> Result<Vec<(Uuid, AgreementEntry)>, StoreError> {
        let rows: Vec<AgreementRow> = a::table
            .filter(a::network_id.eq(self.network_uuid()))
            .filter(a::organisation_id.eq_any(ids))
            .order((a::ends_on.asc().nulls_last(), a::agreement_id))
            .select((a::organisation_id, a::agreement_id, a::kind, a::version, a::agreed_on, a::ends_on))
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(agreement_from).collect()
    }
}

fn number(counts: &[(Option<Uuid>, i64)], id: Uuid) -> u64 {
    counts.iter().find(|(of, _)| *of == Some(id)).map_or(0, |(_, count)| counted(*count))
}

fn agreement_from(row: AgreementRow) -> Result<(Uuid, AgreementEntry), StoreError> {
    let (of, id, kind, version, agreed_on, ends_on) = row;
    let agreement = Agreement {
        kind: coded("agreements", "kind", &kind, AgreementKind::from_code)?,
        version: Line::parse(&version).map_err(|_| inconsistent("agreements", "version"))?,
        agreed_on: agreed_on.to_jiff(),
        ends_on: ends_on.map(StoredDate::to_jiff),
    };
    Ok((of, AgreementEntry { id: AgreementId::from_uuid(id), agreement }))
}
