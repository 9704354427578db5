//! Hand over one record, by the worker, after both have signed. Acts for whoever answers for it until now. What they have
//! asked for goes along. What a referral opens to either side is another access, and stays; so do the person's decisions
//! about sharing.

use uuid::Uuid;

use super::{CustodyError, CustodyFact, CustodyOffer, CustodyWrites};
use crate::audit::Event;
use crate::kernel::{CustodyOfferId, OpContext, PersonId, Recorded, ReferralId, StoreError, TypedId};
use crate::person::{AccessBasis, AccessLevel, PersonAccess};
use crate::policy::{Action, Guarded, Side};
use crate::referral::chase::{ChaseWrites, tell_again};
use crate::referral::go_along::is_part_of_helping;
use crate::referral::{Referral, ReferralEvent, ReferralReads};

#[derive(Debug, Clone, Copy)]
pub struct HandOver {
    pub offer: CustodyOfferId,
    pub person: PersonId,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandedOver {
    Moved,
    /// Something about the person is to be seen to first.
    Held,
    /// The receiver is suspended, or the offer is not being carried out.
    NotNow,
    /// It went before.
    Gone,
}

pub fn hand_over<S>(tx: &mut S, op: &OpContext, cmd: HandOver) -> Result<Recorded<HandedOver>, CustodyError>
where
    S: CustodyWrites + ReferralReads + ChaseWrites + ?Sized,
{
    let offer = tx.custody_offer(cmd.offer)?.ok_or(CustodyError::NotFound)?;
    let record = Kept { offer: &offer, person: cmd.person };
    let permit = op.authorize(Action::HandOverRecord, &record)?;
    let receiver = tx.organisation(offer.to)?.filter(|receiver| !receiver.suspended);
    let Some(receiver) = receiver.filter(|_| offer.is_moving()) else {
        return Ok(Recorded::unchanged(HandedOver::NotNow));
    };
    tx.lock_asked_for(cmd.person)?;
    if !tx.lock_record(cmd.person)? {
        return Ok(Recorded::unchanged(HandedOver::Gone));
    }
    if tx.waits_for_custodian(cmd.person)? {
        return Ok(Recorded::unchanged(HandedOver::Held));
    }
    let access = PersonAccess {
        id: op.new_id(),
        person: cmd.person,
        organisation: receiver.id,
        basis: AccessBasis::Custodian,
        level: AccessLevel::Full,
        referral: None,
    };
    // Once more: from here on nothing begins about the person, and until here something may have begun.
    let asked_for = tx.lock_asked_for(cmd.person)?;
    let along = going_along(tx, op, &offer, asked_for)?;
    let requests: Vec<ReferralId> = along.iter().map(|(referral, _)| referral.id).collect();
    tx.move_record(offer.id, &access, &requests)?;
    let event = offer.event(CustodyFact::HandedOver { person: cmd.person });
    let events = along.into_iter().map(|(_, event)| Event::Referral(event));
    Ok(Recorded::new(permit, HandedOver::Moved, events.chain([Event::Custody(event)])))
}

fn going_along<S>(
    tx: &mut S,
    op: &OpContext,
    offer: &CustodyOffer,
    asked_for: Vec<Referral>,
) -> Result<Vec<(Referral, ReferralEvent)>, StoreError>
where
    S: ReferralReads + ChaseWrites + ?Sized,
{
    let mut along = Vec::new();
    for referral in asked_for {
        if is_part_of_helping(tx, &referral, offer.from)? {
            continue;
        }
        let Some(moved) = referral.go_along(offer.from, offer.to) else { continue };
        tell_again(tx, op, moved.0.id)?;
        along.push(moved);
    }
    Ok(along)
}

/// One record of those that are offered.
struct Kept<'a> {
    offer: &'a CustodyOffer,
    person: PersonId,
}

impl Guarded for Kept<'_> {
    const KIND: &'static str = "person";

    fn subject(&self) -> Uuid {
        self.person.uuid()
    }

    fn person(&self) -> Option<Uuid> {
        Some(self.person.uuid())
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        self.offer.stands(side, op)
    }

    fn is_own(&self, _op: &OpContext) -> bool {
        false
    }
}
