//! Review an opening, once, as a privacy officer of the custodian. One that is not justified ends.

use super::{EmergencyError, EmergencyFact, EmergencyWrites, Opening, Review, ReviewVerdict};
use crate::audit::Event;
use crate::kernel::{EmergencyOpeningId, OpContext, Recorded, TypedId};
use crate::policy::{Action, Denied, Guarded};

#[derive(Debug, Clone, Copy)]
pub struct ReviewOpening {
    pub opening: EmergencyOpeningId,
    pub verdict: ReviewVerdict,
}

pub fn review<S>(tx: &mut S, op: &OpContext, cmd: ReviewOpening) -> Result<Recorded<Opening>, EmergencyError>
where
    S: EmergencyWrites + ?Sized,
{
    let opening = tx.lock_opening(cmd.opening)?.ok_or(EmergencyError::NotFound)?;
    let permit = op.authorize(Action::ReviewEmergency, &opening)?;
    // Nobody says of their own act that it was justified.
    if op.user() == Some(opening.user) {
        return Err(Denied::by_role(Action::ReviewEmergency, Opening::KIND, cmd.opening.uuid()).into());
    }
    if opening.review.is_some() {
        return Err(EmergencyError::ReviewedAlready);
    }
    let nobody = Denied::by_role(Action::ReviewEmergency, Opening::KIND, cmd.opening.uuid());
    let review = Review { at: op.now(), by: op.user().ok_or(nobody)?, verdict: cmd.verdict };
    let ends = cmd.verdict == ReviewVerdict::NotJustified && opening.is_open(op.now());
    let closed_at = if ends { Some(op.now()) } else { opening.closed_at };
    let opening = Opening { closed_at, review: Some(review), ..opening };
    tx.save_opening(&opening)?;
    let event = opening.event(EmergencyFact::Reviewed { verdict: cmd.verdict });
    Ok(Recorded::new(permit, opening, [Event::Emergency(event)]))
}
