//! Shut an organisation out, and let it in again. Both hold from everybody's next request; doing either twice is no
//! mistake.

use super::{Organisation, OrganisationError, OrganisationEvent, OrganisationFact, OrganisationWrites};
use crate::audit::Event;
use crate::define_codes;
use crate::kernel::{OpContext, OrganisationId, Recorded};
use crate::policy::Action;

define_codes! {
    SuspensionReason {
        AgreementEnded = "agreement_ended", "An agreement has ended";
        Safeguarding = "safeguarding", "A safeguarding concern";
        DataProtection = "data_protection", "A data protection concern";
        TheirWish = "their_wish", "They asked for it";
        Other = "other", "Another reason";
    }
}

pub fn suspend<S>(
    tx: &mut S,
    op: &OpContext,
    (id, reason): (OrganisationId, SuspensionReason),
) -> Result<Recorded<Organisation>, OrganisationError>
where
    S: OrganisationWrites + ?Sized,
{
    set_suspended(tx, op, id, (true, OrganisationFact::Suspended { reason }))
}

pub fn let_in<S>(
    tx: &mut S,
    op: &OpContext,
    id: OrganisationId,
) -> Result<Recorded<Organisation>, OrganisationError>
where
    S: OrganisationWrites + ?Sized,
{
    set_suspended(tx, op, id, (false, OrganisationFact::LetIn))
}

fn set_suspended<S>(
    tx: &mut S,
    op: &OpContext,
    id: OrganisationId,
    (suspended, fact): (bool, OrganisationFact),
) -> Result<Recorded<Organisation>, OrganisationError>
where
    S: OrganisationWrites + ?Sized,
{
    let seen = tx.organisation(id)?.ok_or(OrganisationError::NotFound)?;
    let permit = op.authorize(Action::SuspendOrganisation, &seen)?;
    let organisation = tx.lock_organisation(id)?.ok_or(OrganisationError::NotFound)?;
    if organisation.suspended == suspended {
        return Ok(Recorded::unchanged(organisation));
    }
    tx.save_suspended(id, suspended)?;
    let event = Event::Organisation(OrganisationEvent { organisation: id, fact });
    Ok(Recorded::new(permit, Organisation { suspended, ..organisation }, [event]))
}
