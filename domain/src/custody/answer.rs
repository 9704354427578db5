//! The receiver signs, or declines. From the first on, one record after another goes over.

use super::{CannotKeep, CustodyDecline, CustodyError, CustodyFact, CustodyOffer, CustodyWrites, Standing};
use crate::audit::Event;
use crate::kernel::{CustodyOfferId, OpContext, Recorded};
use crate::policy::{Action, Role};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustodyAnswer {
    Accept,
    Decline(CustodyDecline),
}

#[derive(Debug, Clone, Copy)]
pub struct AnswerOffer {
    pub offer: CustodyOfferId,
    pub answer: CustodyAnswer,
}

pub fn answer<S>(tx: &mut S, op: &OpContext, cmd: AnswerOffer) -> Result<Recorded<CustodyOffer>, CustodyError>
where
    S: CustodyWrites + ?Sized,
{
    let seen = tx.custody_offer(cmd.offer)?.ok_or(CustodyError::NotFound)?;
    let permit = op.authorize(Action::AnswerCustodyOffer, &seen)?;
    // Before the offer: whoever closes this organisation, or offers its records to others, waits for this or is seen here.
    tx.lock_organisation(seen.to)?.ok_or(CustodyError::Over)?;
    let offer = tx.lock_custody_offer(cmd.offer)?.ok_or(CustodyError::Over)?;
    let officers = tx.holders(Role::PrivacyOfficer, offer.from)?;
    let (standing, fact) = match cmd.answer {
        CustodyAnswer::Accept => (Standing::Moving { since: op.now() }, CustodyFact::Accepted { officers }),
        CustodyAnswer::Decline(why) => {
            (Standing::Declined { at: op.now(), why }, CustodyFact::Declined { why, officers })
        }
    };
    let settled = offer.settle(standing)?;
    if settled.is_moving() && op.user() == Some(settled.offered_by) {
        return Err(CustodyError::OwnOffer);
    }
    if settled.is_moving() {
        may_begin(tx, &settled)?;
    }
    tx.save_custody_offer(&settled)?;
    let event = settled.event(fact);
    Ok(Recorded::new(permit, settled, [Event::Custody(event)]))
}

/// Whoever hands over what it has does not take over at the same time: people agreed with one keeper would reach another.
fn may_begin<S>(tx: &mut S, offer: &CustodyOffer) -> Result<(), CustodyError>
where
    S: CustodyWrites + ?Sized,
{
    tx.organisation(offer.from)?.ok_or(CustodyError::Over)?;
    if !tx.somebody_registers_at(offer.to)? {
        return Err(CannotKeep::Nobody.into());
    }
    if tx.has_open_offer()? { Err(CustodyError::UnderWay) } else { Ok(()) }
}
