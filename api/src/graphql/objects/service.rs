//! Something that people can be referred to, with its room.

use async_graphql::{Context, ID, Object};
use jiff::Timestamp;
use tokio::sync::OnceCell;
use trellis_domain::directory::{Capacity, Service};
use trellis_domain::kernel::Outcode;
use trellis_domain::policy::Action;
use trellis_infra::pg::read::ServiceEntry;

use super::look::look;
use super::organisation::OrganisationObject;
use crate::graphql::context::gql;
use crate::graphql::enums::{CapacityState, Cost, Need};
use crate::graphql::error::{Answer, Fault, FaultCode};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

/// Something that people can be referred to.
#[derive(Debug, Clone)]
pub struct ServiceObject {
    service: Service,
    entry: OnceCell<ServiceEntry>,
}

impl ServiceObject {
    pub fn new(service: Service) -> Self {
        Self { service, entry: OnceCell::new() }
    }

    pub fn from_entry(entry: ServiceEntry) -> Self {
        Self { service: entry.service.clone(), entry: OnceCell::new_with(Some(entry)) }
    }

    async fn entry(&self, ctx: &Context<'_>) -> Answer<&ServiceEntry> {
        let (gql, id) = (gql(ctx)?, self.service.id);
        let read = || async move {
            let entry = look(gql, move |tx, _| Ok(tx.service_entry(id)?)).await?;
            entry.ok_or_else(|| Fault::new(FaultCode::NotFound, "there is no such service any more"))
        };
        self.entry.get_or_try_init(read).await
    }
}

#[Object(name = "Service", directive = rule::apply(Rule::By(Action::ViewDirectory).into()))]
impl ServiceObject {
    pub async fn id(&self) -> ID {
        self.service.id.to_string().into()
    }

    async fn name(&self) -> &str {
        &self.service.name
    }

    async fn description(&self) -> Option<&str> {
        self.service.description.as_deref()
    }

    async fn organisation(&self, ctx: &Context<'_>) -> Answer<OrganisationObject> {
        Ok(OrganisationObject(self.entry(ctx).await?.organisation.clone()))
    }

    async fn area(&self) -> Option<&str> {
        self.service.area.as_ref().map(Outcode::as_str)
    }

    async fn cost(&self) -> Cost {
        self.service.cost.into()
    }

    async fn step_free(&self) -> Option<bool> {
        self.service.step_free
    }

    async fn online(&self) -> bool {
        self.service.online
    }

    async fn languages(&self) -> &[String] {
        &self.service.languages
    }

    async fn needs(&self) -> Vec<Need> {
        self.service.intake.needs.iter().copied().map(Need::from).collect()
    }

    async fn capacity(&self, ctx: &Context<'_>) -> Answer<CapacityObject> {
        let interval_days = self.entry(ctx).await?.interval_days;
        let now = gql(ctx)?.now();
        Ok(CapacityObject { capacity: self.service.capacity.clone(), interval_days, now })
    }

    async fn takes_requests(&self) -> bool {
        self.service.capacity.takes_requests()
    }

    /// Kilometres from the middle of the area asked about, about.
    async fn distance_km(&self) -> Option<f64> {
        let distance = self.entry.get().and_then(|entry| entry.distance_km);
        distance.map(|km| (km * 10.0).round() / 10.0)
    }
}

#[derive(Debug, Clone)]
pub struct CapacityObject {
    capacity: Capacity,
    interval_days: u16,
    now: Timestamp,
}

#[Object(name = "Capacity", directive = rule::apply(Rule::NothingMore.into()))]
impl CapacityObject {
    async fn state(&self) -> CapacityState {
        self.capacity.state.into()
    }

    async fn places(&self) -> Option<u32> {
        self.capacity.places
    }

    async fn taken(&self) -> u32 {
        self.capacity.taken
    }

    async fn free(&self) -> Option<u32> {
        self.capacity.free()
    }

    async fn as_of(&self) -> DateTime {
        self.capacity.as_of.into()
    }

    /// Older than the network's interval.
    async fn unconfirmed(&self) -> bool {
        self.capacity.is_unconfirmed(self.now, self.interval_days)
    }
}
