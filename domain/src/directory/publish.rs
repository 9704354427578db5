//! Publish a service in the network's directory, by hand or by import.

use super::{Service, ServiceEvent, ServiceWrites};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded, StoreError};
use crate::policy::{Action, Denied};

#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error("there is no such service")]
    NotFound,
    #[error("the service has changed since it was opened")]
    Stale,
    #[error("fewer places than are taken")]
    FewerThanTaken,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub fn publish<S>(tx: &mut S, op: &OpContext, service: Service) -> Result<Recorded<Service>, ServiceError>
where
    S: ServiceWrites + ?Sized,
{
    let permit = op.authorize(Action::PublishService, &service)?;
    tx.insert_service(&service)?;
    let event =
        ServiceEvent { service: service.id, organisation: service.organisation, name: "service.published" };
    Ok(Recorded::new(permit, service, [Event::Service(event)]))
}
