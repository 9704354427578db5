//! Add an organisation to the network.

use super::{Organisation, OrganisationWrites};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded, StoreError};
use crate::policy::{Action, Denied};

#[derive(Debug, thiserror::Error)]
pub enum OrganisationError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub fn add_organisation<S>(
    tx: &mut S,
    op: &OpContext,
    organisation: Organisation,
) -> Result<Recorded<Organisation>, OrganisationError>
where
    S: OrganisationWrites + ?Sized,
{
    let permit = op.authorize(Action::AddOrganisation, &organisation)?;
    tx.insert_organisation(&organisation)?;
    let event = Event::OrganisationAdded(organisation.clone());
    Ok(Recorded::new(permit, organisation, [event]))
}
