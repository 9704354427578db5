//! End an opening before its time: by whoever opened it, a lead of theirs, or the custodian's privacy officer.

use super::{EmergencyError, EmergencyFact, EmergencyWrites, Opening};
use crate::audit::Event;
use crate::kernel::{EmergencyOpeningId, OpContext, Recorded};
use crate::policy::Action;

pub fn close<S>(
    tx: &mut S,
    op: &OpContext,
    id: EmergencyOpeningId,
) -> Result<Recorded<Opening>, EmergencyError>
where
    S: EmergencyWrites + ?Sized,
{
    let opening = tx.lock_opening(id)?.ok_or(EmergencyError::NotFound)?;
    let permit = op.authorize(Action::CloseEmergency, &opening)?;
    if !opening.is_open(op.now()) {
        return Err(EmergencyError::Ended);
    }
    let opening = Opening { closed_at: Some(op.now()), ..opening };
    tx.save_opening(&opening)?;
    let event = opening.event(EmergencyFact::Closed);
    Ok(Recorded::new(permit, opening, [Event::Emergency(event)]))
}
