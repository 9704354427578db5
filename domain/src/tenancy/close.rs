//! Close an organisation for good. It must be needed by nobody: no person without somebody who answers for the record, no
//! open referral without an owner. What is in the way is counted, and the counts are all that is said.

use super::{Organisation, OrganisationError, OrganisationEvent, OrganisationFact, OrganisationWrites};
use crate::audit::Event;
use crate::kernel::{OpContext, OrganisationId, Recorded};
use crate::policy::Action;

/// What still depends on an organisation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Burden {
    /// People whose record it answers for.
    pub people: u64,
    /// Open referrals that it has asked for.
    pub asked: u64,
    /// Open referrals that it was asked to take, or has taken.
    pub taken: u64,
}

impl Burden {
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

pub fn close<S>(
    tx: &mut S,
    op: &OpContext,
    id: OrganisationId,
) -> Result<Recorded<Organisation>, OrganisationError>
where
    S: OrganisationWrites + ?Sized,
{
    let seen = tx.organisation(id)?.ok_or(OrganisationError::NotFound)?;
    let permit = op.authorize(Action::CloseOrganisation, &seen)?;
    let organisation = tx.lock_organisation(id)?.ok_or(OrganisationError::NotFound)?;
    let burden = tx.burden(id)?;
    if !burden.is_none() {
        return Err(OrganisationError::StillNeeded(burden));
    }
    tx.close_organisation(id)?;
    let fact = OrganisationFact::Closed;
    let event = Event::Organisation(OrganisationEvent { organisation: id, fact });
    Ok(Recorded::new(permit, organisation, [event]))
}
