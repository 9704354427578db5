//! Say that it is done, by the worker, when the offering organisation answers for nobody any more.

use super::{CustodyError, CustodyFact, CustodyOffer, CustodyWrites, Standing};
use crate::audit::Event;
use crate::kernel::{CustodyOfferId, OpContext, Recorded};
use crate::policy::Action;

pub fn finish<S>(
    tx: &mut S,
    op: &OpContext,
    id: CustodyOfferId,
) -> Result<Recorded<CustodyOffer>, CustodyError>
where
    S: CustodyWrites + ?Sized,
{
    let offer = tx.lock_custody_offer(id)?.ok_or(CustodyError::NotFound)?;
    let permit = op.authorize(Action::HandOverRecord, &offer)?;
    let Standing::Moving { since } = offer.standing else { return Ok(Recorded::unchanged(offer)) };
    if tx.people_kept()? > 0 {
        return Ok(Recorded::unchanged(offer));
    }
    let offer = CustodyOffer { standing: Standing::Moved { since, at: op.now() }, ..offer };
    tx.save_custody_offer(&offer)?;
    let event = offer.event(CustodyFact::Finished);
    Ok(Recorded::new(permit, offer, [Event::Custody(event)]))
}
