//! The directory as people choose from it: words, need, access, cost, room and distance in one statement.

use diesel::pg::Pg;
use diesel::prelude::*;
use trellis_domain::directory::Service;
use trellis_domain::kernel::{Page, PageRequest, ServiceId, StoreError, TypedId};
use trellis_domain::policy::Visibility;
use trellis_domain::referral::Need;
use trellis_domain::tenancy::OrganisationKind;
use uuid::Uuid;

use super::super::directory::{ServiceRow, service_from};
use super::super::error::store_error;
use super::super::schema::organisations;
use super::super::tx::PgTx;
use super::listed::counted;
use super::organisations::OrganisationCard;
use super::views::{TsVector, has_words, kilometres_between, service_entries as e};

/// A circle on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    pub latitude: f64,
    pub longitude: f64,
    pub within_km: f64,
}

#[derive(Debug, Clone, Default)]
pub struct ServiceFilter {
    pub words: Option<String>,
    pub need: Option<Need>,
    pub near: Option<Near>,
    pub step_free: bool,
    pub free: bool,
    pub online: Option<bool>,
    pub takes_requests: bool,
    pub organisation_kind: Option<OrganisationKind>,
}

/// Where a page of services begins: after a distance and a name.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceKey {
    /// Only in a list by distance.
    pub distance: Option<f64>,
    pub name: String,
    pub id: Uuid,
}

/// A service with whose it is.
#[derive(Debug, Clone)]
pub struct ServiceEntry {
    pub service: Service,
    pub organisation: OrganisationCard,
    /// How long the network believes what a service says of its room.
    pub interval_days: u16,
    pub distance_km: Option<f64>,
}

impl ServiceEntry {
    pub fn key(&self) -> ServiceKey {
        ServiceKey { distance: self.distance_km, name: self.service.name.clone(), id: self.service.id.uuid() }
    }
}

pub(super) type EntryColumns = (
    (
        e::service_id,
        e::organisation_id,
        e::name,
        e::description,
        e::status,
        e::area,
        e::latitude,
        e::longitude,
        e::cost,
        e::step_free,
        e::online,
        e::languages,
        e::intake,
        e::targets,
        e::capacity_state,
        e::capacity_as_of,
        e::places,
        e::source,
        e::source_id,
        e::version,
    ),
    e::taken,
    e::organisation_id,
    (e::organisation_name, e::organisation_kind, e::organisation_help_phone),
    e::capacity_interval_days,
);

pub(super) const ENTRY: EntryColumns = (
    (
        e::service_id,
        e::organisation_id,
        e::name,
        e::description,
        e::status,
        e::area,
        e::latitude,
        e::longitude,
        e::cost,
        e::step_free,
        e::online,
        e::languages,
        e::intake,
        e::targets,
        e::capacity_state,
        e::capacity_as_of,
        e::places,
        e::source,
        e::source_id,
        e::version,
    ),
    e::taken,
    e::organisation_id,
    (e::organisation_name, e::organisation_kind, e::organisation_help_phone),
    e::capacity_interval_days,
);

pub(super) type EntryRow = (ServiceRow, i32, Uuid, (String, String, String), i16);

pub(super) fn entry_from(row: EntryRow, distance_km: Option<f64>) -> Result<ServiceEntry, StoreError> {
    let (service, taken, organisation, words, interval) = row;
    Ok(ServiceEntry {
        service: service_from(service, taken)?,
        organisation: OrganisationCard::from_columns(organisation, words)?,
        interval_days: u16::try_from(interval).unwrap_or_default(),
        distance_km,
    })
}

impl<M> PgTx<'_, M> {
    /// Nearest first where a place was named, else by name. Services that are not running are left out.
    pub fn services(
        &mut self,
        _seen: Visibility,
        filter: &ServiceFilter,
        page: &PageRequest<ServiceKey>,
        count: bool,
    ) -> Result<Page<ServiceEntry>, StoreError> {
        let network = self.network_uuid();
        let query = chosen(network, filter);
        let rows = match filter.near {
            Some(near) => self.nearest(query, near, page)?,
            None => self.by_name(query, page)?,
        };
        let total = if count {
            Some(chosen(network, filter).count().get_result(self.conn).map_err(store_error)?)
        } else {
            None
        };
        Ok(Page::from_fetched(rows, page.first(), total.map(counted)))
    }

    fn by_name(
        &mut self,
        mut query: e::BoxedQuery<'static, Pg>,
        page: &PageRequest<ServiceKey>,
    ) -> Result<Vec<ServiceEntry>, StoreError> {
        if let Some(after) = page.after() {
            let name = after.name.clone();
            let later = e::name.gt(name.clone()).or(e::name.eq(name.clone()).and(e::service_id.gt(after.id)));
            query = query.filter(e::name.ge(name)).filter(later);
        }
        let rows: Vec<EntryRow> = query
            .order((e::name, e::service_id))
            .limit(i64::from(page.first()) + 1)
            .select(ENTRY)
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(|row| entry_from(row, None)).collect()
    }

    fn nearest(
        &mut self,
        mut query: e::BoxedQuery<'static, Pg>,
        near: Near,
        page: &PageRequest<ServiceKey>,
    ) -> Result<Vec<ServiceEntry>, StoreError> {
        let distance = || kilometres_between(near.latitude, near.longitude, e::latitude, e::longitude);
        if let Some(ServiceKey { distance: Some(from), id, .. }) = page.after() {
            query = query.filter(distance().gt(*from).or(distance().eq(*from).and(e::service_id.gt(*id))));
        }
        let rows: Vec<(EntryRow, Option<f64>)> = query
            .order((distance(), e::service_id))
            .limit(i64::from(page.first()) + 1)
            .select((ENTRY, distance()))
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(|(row, distance)| entry_from(row, distance)).collect()
    }

    pub fn service_entry(&mut self, id: ServiceId) -> Result<Option<ServiceEntry>, StoreError> {
        let row: Option<EntryRow> = e::table
            .filter(e::network_id.eq(self.network_uuid()))
            .filter(e::service_id.eq(id.uuid()))
            .select(ENTRY)
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(|row| entry_from(row, None)).transpose()
    }
}

fn chosen(network: Uuid, filter: &ServiceFilter) -> e::BoxedQuery<'static, Pg> {
    let mut query = e::table.filter(e::network_id.eq(network)).filter(e::status.eq("active")).into_boxed();
    if let Some(words) = filter.words.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        query = query.filter(has_words(e::search, words.to_owned()).or(offered_by(network, words)));
    }
    if let Some(need) = filter.need {
        // A service without a list of needs takes them all.
        let all: Vec<String> = Vec::new();
        query = query.filter(e::needs.contains(vec![need.code().to_owned()]).or(e::needs.eq(all)));
    }
    if filter.step_free {
        query = query.filter(e::step_free.eq(true));
    }
    if filter.free {
        query = query.filter(e::cost.eq("free"));
    }
    if let Some(online) = filter.online {
        query = query.filter(e::online.eq(online));
    }
    if filter.takes_requests {
        query = query.filter(e::capacity_state.ne_all(["paused", "closed"]));
    }
    if let Some(kind) = filter.organisation_kind {
        query = query.filter(e::organisation_kind.eq(kind.code()));
    }
    match filter.near {
        Some(near) => within(query, near),
        None => query,
    }
}

/// People know the group before they know what it offers: its name finds all of its services. Groups are few, so their
/// names need no index; the services' own words keep theirs.
fn offered_by(
    network: Uuid,
    words: &str,
) -> Box<dyn BoxableExpression<e::table, Pg, SqlType = diesel::sql_types::Bool>> {
    let name = diesel::dsl::sql::<TsVector>("to_tsvector('english', organisations.name)");
    let named = organisations::table
        .filter(organisations::network_id.eq(network))
        .filter(has_words(name, words.to_owned()))
        .select(organisations::organisation_id);
    Box::new(e::organisation_id.eq_any(named))
}

/// A box that the index knows, and in it the circle.
fn within(query: e::BoxedQuery<'static, Pg>, near: Near) -> e::BoxedQuery<'static, Pg> {
    const KM_A_DEGREE: f64 = 111.195;
    let tall = near.within_km / KM_A_DEGREE;
    // Away from the poles; the box is only ever too wide.
    let wide = tall / near.latitude.to_radians().cos().abs().max(0.01);
    let far = kilometres_between(near.latitude, near.longitude, e::latitude, e::longitude);
    query
        .filter(e::latitude.between(near.latitude - tall, near.latitude + tall))
        .filter(e::longitude.between(near.longitude - wide, near.longitude + wide))
        .filter(far.le(near.within_km))
}
