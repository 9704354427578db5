//! Say how much room there is. The as-of date is the instant it was said.

use super::publish::ServiceError;
use super::{Capacity, CapacityState, Service, ServiceEvent, ServiceWrites};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded, ServiceId};
use crate::policy::Action;

#[derive(Debug, Clone, Copy)]
pub struct SetCapacity {
    pub service: ServiceId,
    pub state: CapacityState,
    pub places: Option<u32>,
}

pub fn set_capacity<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: SetCapacity,
) -> Result<Recorded<Service>, ServiceError>
where
    S: ServiceWrites + ?Sized,
{
    let service = tx.lock_service(cmd.service)?.ok_or(ServiceError::NotFound)?;
    let permit = op.authorize(Action::SetCapacity, &service)?;
    if cmd.places.is_some_and(|places| places < service.capacity.taken) {
        return Err(ServiceError::FewerThanTaken);
    }
    let capacity =
        Capacity { state: cmd.state, places: cmd.places, taken: service.capacity.taken, as_of: op.now() };
    let service = Service { capacity, ..service };
    tx.save_service(&service)?;
    let event = ServiceEvent {
        service: service.id,
        organisation: service.organisation,
        name: "service.capacity_set",
    };
    Ok(Recorded::new(permit, service, [Event::Service(event)]))
}
