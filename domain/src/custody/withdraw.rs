//! Take an offer back, until it is answered.

use super::{CustodyError, CustodyFact, CustodyOffer, CustodyWrites, Standing};
use crate::audit::Event;
use crate::kernel::{CustodyOfferId, OpContext, Recorded};
use crate::policy::Action;

pub fn withdraw<S>(
    tx: &mut S,
    op: &OpContext,
    id: CustodyOfferId,
) -> Result<Recorded<CustodyOffer>, CustodyError>
where
    S: CustodyWrites + ?Sized,
{
    let seen = tx.custody_offer(id)?.ok_or(CustodyError::NotFound)?;
    let permit = op.authorize(Action::WithdrawCustodyOffer, &seen)?;
    let offer = tx.lock_custody_offer(id)?.ok_or(CustodyError::Over)?;
    let offer = offer.settle(Standing::Withdrawn { at: op.now() })?;
    tx.save_custody_offer(&offer)?;
    let event = offer.event(CustodyFact::Withdrawn);
    Ok(Recorded::new(permit, offer, [Event::Custody(event)]))
}
