//! Services and their places.

use diesel::prelude::*;
use jiff_diesel::Timestamp as Stored;
use serde_json::Value;
use trellis_domain::directory::{
    Capacity, CapacityState, Cost, IntakeRules, Service, ServiceReads, ServiceStatus, ServiceWrites, Targets,
};
use trellis_domain::kernel::{OrganisationId, Outcode, ServiceId, StoreError, TypedId};
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::schema::{service_places, services};
use super::time::{instant, stored};
use super::tx::{PgTx, ReadWrite};

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = services)]
pub(crate) struct ServiceRow {
    service_id: Uuid,
    organisation_id: Uuid,
    name: String,
    description: Option<String>,
    status: String,
    area: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    cost: String,
    step_free: Option<bool>,
    online: bool,
    languages: Vec<String>,
    intake: Value,
    targets: Value,
    capacity_state: String,
    capacity_as_of: Stored,
    places: Option<i32>,
    source: Option<String>,
    source_id: Option<String>,
    version: i32,
}

fn wrong(column: &'static str) -> StoreError {
    inconsistent("services", column)
}

pub(crate) fn service_from(row: ServiceRow, taken: i32) -> Result<Service, StoreError> {
    let places = row.places.map(u32::try_from).transpose().map_err(|_| wrong("places"))?;
    Ok(Service {
        id: ServiceId::from_uuid(row.service_id),
        organisation: OrganisationId::from_uuid(row.organisation_id),
        name: row.name,
        description: row.description,
        status: ServiceStatus::from_code(&row.status).ok_or_else(|| wrong("status"))?,
        area: row.area.map(|area| Outcode::parse(&area)).transpose().map_err(|_| wrong("area"))?,
        place: row.latitude.zip(row.longitude),
        cost: Cost::from_code(&row.cost).ok_or_else(|| wrong("cost"))?,
        step_free: row.step_free,
        online: row.online,
        languages: row.languages,
        intake: serde_json::from_value::<IntakeRules>(row.intake).map_err(|_| wrong("intake"))?,
        targets: serde_json::from_value::<Targets>(row.targets).map_err(|_| wrong("targets"))?,
        capacity: Capacity {
            state: CapacityState::from_code(&row.capacity_state).ok_or_else(|| wrong("capacity_state"))?,
            places,
            taken: u32::try_from(taken).map_err(|_| wrong("taken"))?,
            as_of: instant(row.capacity_as_of),
        },
        source: row.source.zip(row.source_id),
        version: row.version,
    })
}

impl<M> ServiceReads for PgTx<'_, M> {
    fn service(&mut self, id: ServiceId) -> Result<Option<Service>, StoreError> {
        use {service_places as p, services as s};
        let row: Option<(ServiceRow, i32)> = s::table
            .inner_join(p::table.on(p::network_id.eq(s::network_id).and(p::service_id.eq(s::service_id))))
            .filter(s::network_id.eq(self.network_uuid()))
            .filter(s::service_id.eq(id.uuid()))
            .select((ServiceRow::as_select(), p::taken))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(|(row, taken)| service_from(row, taken)).transpose()
    }
}

impl ServiceWrites for PgTx<'_, ReadWrite> {
    fn lock_service(&mut self, id: ServiceId) -> Result<Option<Service>, StoreError> {
        use {service_places as p, services as s};
        let taken: Option<i32> = p::table
            .filter(p::network_id.eq(self.network_uuid()))
            .filter(p::service_id.eq(id.uuid()))
            .select(p::taken)
            .for_update()
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        let Some(taken) = taken else { return Ok(None) };
        // Read after the lock, so that what the service says of its room is as fresh as the count.
        let row: ServiceRow = s::table
            .filter(s::network_id.eq(self.network_uuid()))
            .filter(s::service_id.eq(id.uuid()))
            .select(ServiceRow::as_select())
            .first(self.conn)
            .map_err(store_error)?;
        service_from(row, taken).map(Some)
    }

    fn insert_service(&mut self, service: &Service) -> Result<(), StoreError> {
        use {service_places as p, services as s};
        let network = self.network_uuid();
        diesel::insert_into(s::table)
            .values((
                s::network_id.eq(network),
                s::service_id.eq(service.id.uuid()),
                s::organisation_id.eq(service.organisation.uuid()),
                s::name.eq(&service.name),
                s::description.eq(&service.description),
                s::status.eq(service.status.code()),
                s::area.eq(service.area.as_ref().map(Outcode::as_str)),
                s::latitude.eq(service.place.map(|(latitude, _)| latitude)),
                s::longitude.eq(service.place.map(|(_, longitude)| longitude)),
                s::cost.eq(service.cost.code()),
                s::step_free.eq(service.step_free),
                s::online.eq(service.online),
                s::languages.eq(&service.languages),
                Changes::of(service)?,
                s::source.eq(service.source.as_ref().map(|(source, _)| source)),
                s::source_id.eq(service.source.as_ref().map(|(_, id)| id)),
                s::version.eq(service.version),
            ))
            .execute(self.conn)
            .map_err(store_error)?;
        let taken = i32::try_from(service.capacity.taken).map_err(|_| wrong("taken"))?;
        diesel::insert_into(p::table)
            .values((p::network_id.eq(network), p::service_id.eq(service.id.uuid()), p::taken.eq(taken)))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn save_service(&mut self, service: &Service) -> Result<(), StoreError> {
        use services as s;
        let rows = diesel::update(s::table)
            .filter(s::network_id.eq(self.network_uuid()))
            .filter(s::service_id.eq(service.id.uuid()))
            .filter(s::version.eq(service.version))
            .set((
                s::status.eq(service.status.code()),
                Changes::of(service)?,
                s::version.eq(service.version + 1),
            ))
            .execute(self.conn)
            .map_err(store_error)?;
        if rows == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    fn save_places_taken(&mut self, service: &Service) -> Result<(), StoreError> {
        use service_places as p;
        let taken = i32::try_from(service.capacity.taken).map_err(|_| wrong("taken"))?;
        diesel::update(p::table)
            .filter(p::network_id.eq(self.network_uuid()))
            .filter(p::service_id.eq(service.id.uuid()))
            .set(p::taken.eq(taken))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}

/// The part of a service that its owner changes.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = services, treat_none_as_null = true)]
struct Changes {
    needs: Vec<String>,
    intake: Value,
    targets: Value,
    capacity_state: &'static str,
    capacity_as_of: Stored,
    places: Option<i32>,
}

impl Changes {
    fn of(service: &Service) -> Result<Self, StoreError> {
        let places = service.capacity.places.map(i32::try_from).transpose().map_err(|_| wrong("places"))?;
        Ok(Self {
            needs: service.intake.needs.iter().map(|need| need.code().to_owned()).collect(),
            intake: serde_json::to_value(&service.intake).map_err(|_| wrong("intake"))?,
            targets: serde_json::to_value(service.targets).map_err(|_| wrong("targets"))?,
            capacity_state: service.capacity.state.code(),
            capacity_as_of: stored(service.capacity.as_of),
            places,
        })
    }
}
