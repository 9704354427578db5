//! Add an organisation to the network.

use super::{CannotSucceed, Organisation, OrganisationEvent, OrganisationFact, OrganisationWrites, Outlook};
use crate::audit::Event;
use crate::directory::publish::ServiceError;
use crate::identity::InvitationError;
use crate::kernel::{OpContext, Recorded, StoreError};
use crate::policy::{Action, Denied, Refused};

#[derive(Debug, thiserror::Error)]
pub enum OrganisationError {
    #[error("there is no such organisation")]
    NotFound,
    #[error("an agreement ends before it begins")]
    EndsBeforeItBegins,
    /// People would be lost.
    #[error("people depend on the organisation")]
    StillNeeded(Outlook),
    /// There is nothing that anybody could take over.
    #[error("all that it held is settled")]
    AllSettled,
    #[error(transparent)]
    CannotSucceed(#[from] CannotSucceed),
    #[error(transparent)]
    Service(#[from] ServiceError),
    #[error(transparent)]
    Invitation(#[from] InvitationError),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Refused for OrganisationError {
    fn denied(&self) -> Option<Denied> {
        match self {
            Self::Denied(denied) => Some(*denied),
            Self::Service(error) => error.denied(),
            Self::Invitation(error) => error.denied(),
            _ => None,
        }
    }
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
    let event = OrganisationEvent { organisation: organisation.id, fact: OrganisationFact::Added };
    Ok(Recorded::new(permit, organisation, [Event::Organisation(event)]))
}
