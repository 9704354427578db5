//! Offer all records that the acting organisation answers for to another one. Nothing is shown or moved by it.

use uuid::Uuid;

use super::{CannotKeep, CustodyError, CustodyFact, CustodyOffer, CustodyReason, CustodyWrites, Standing};
use crate::audit::Event;
use crate::kernel::{OpContext, OrganisationId, Recorded, UserId};
use crate::policy::{Action, Denied, Guarded, Role};

#[derive(Debug, Clone, Copy)]
pub struct OfferRecords {
    pub to: OrganisationId,
    pub reason: CustodyReason,
}

pub fn offer<S>(tx: &mut S, op: &OpContext, cmd: OfferRecords) -> Result<Recorded<CustodyOffer>, CustodyError>
where
    S: CustodyWrites + ?Sized,
{
    let nobody = || Denied::by_role(Action::OfferCustody, CustodyOffer::KIND, Uuid::nil());
    let offer = CustodyOffer {
        id: op.new_id(),
        from: op.organisation().ok_or_else(nobody)?,
        to: cmd.to,
        reason: cmd.reason,
        people: 0,
        offered_at: op.now(),
        offered_by: op.user().ok_or_else(nobody)?,
        standing: Standing::Offered,
    };
    let permit = op.authorize(Action::OfferCustody, &offer)?;
    let officers = may_keep(tx, &offer)?;
    // One at a time: what is offered here and what is accepted here wait for each other.
    tx.lock_organisation(offer.from)?.ok_or(CustodyError::NoSuchOrganisation)?;
    if tx.has_open_offer()? {
        return Err(CustodyError::OfferedAlready);
    }
    if tx.awaits_records()? {
        return Err(CustodyError::UnderWay);
    }
    let people = tx.people_kept()?;
    if people == 0 {
        return Err(CustodyError::NobodyToHandOver);
    }
    let offer = CustodyOffer { people, ..offer };
    tx.insert_custody_offer(&offer)?;
    let event = offer.event(CustodyFact::Offered { reason: offer.reason, officers });
    Ok(Recorded::new(permit, offer, [Event::Custody(event)]))
}

/// Whoever may register people may keep records. Somebody has to be there to sign, and somebody to do the work.
fn may_keep<S>(tx: &mut S, offer: &CustodyOffer) -> Result<Vec<UserId>, CustodyError>
where
    S: CustodyWrites + ?Sized,
{
    let receiver = tx.organisation(offer.to)?.ok_or(CustodyError::NoSuchOrganisation)?;
    if receiver.id == offer.from {
        return Err(CannotKeep::Itself.into());
    }
    if receiver.suspended {
        return Err(CannotKeep::Suspended.into());
    }
    if !receiver.kind.may_keep_records() {
        return Err(CannotKeep::OtherKind.into());
    }
    let officers = tx.holders(Role::PrivacyOfficer, receiver.id)?;
    if officers.is_empty() || !tx.somebody_registers_at(receiver.id)? {
        return Err(CannotKeep::Nobody.into());
    }
    Ok(officers)
}
