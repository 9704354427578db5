//! Take back a contact that was logged by mistake. It stays on the record, marked; it counts as no attempt any more, and what
//! it had changed of the referral is put back: the next step, and the start, where it was this contact that started it.

use super::{Contact, ContactError, ContactEvent, ContactWrites};
use crate::audit::Event;
use crate::kernel::{ContactId, OpContext, Recorded};
use crate::policy::Action;
use crate::referral::ReferralWrites;
use crate::referral::chase::{ChaseWrites, due_again};
use crate::referral::rules::{Target, load};
use crate::referral::undo::{Undo, UndoWrites, Undoable};

pub fn undo<S>(tx: &mut S, op: &OpContext, id: ContactId) -> Result<Recorded<Contact>, ContactError>
where
    S: ContactWrites + ReferralWrites + UndoWrites + ChaseWrites + ?Sized,
{
    let contact = tx.contact(id)?.ok_or(ContactError::NotFound)?;
    let referral = load(tx, op, Target { referral: contact.referral, version: None })?;
    let permit = op.authorize(Action::UndoContact, &referral)?;
    let kept = tx.undo(referral.id)?;
    let asked = (op, Action::UndoContact);
    let Some(undo) = Undo::to_carry_out(kept, Undoable::Contact(id), &referral, asked)? else {
        return Ok(Recorded::unchanged(contact));
    };
    let due = referral.stage.due();
    let (back, start) = referral.undo_contact(&undo.before)?;
    if back.stage.due() != due {
        due_again(tx, op, &back)?;
    }
    // A start is news to whoever asked, and so is taking it back; a next step is not.
    let saved = if start.is_some() { tx.save_referral(&back)? } else { tx.save_next_step(&back)? };
    let contact = Contact { taken_back_at: Some(op.now()), ..contact };
    tx.save_taken_back(&contact)?;
    tx.keep_undo(&undo.carried_out(&saved))?;
    let taken_back = Event::Contact(ContactEvent { taken_back: true, has_next: false, ..event_of(&contact) });
    let events = [taken_back].into_iter().chain(start.map(Event::Referral));
    Ok(Recorded::new(permit, contact, events))
}

pub(super) fn event_of(contact: &Contact) -> ContactEvent {
    ContactEvent {
        contact: contact.id,
        person: contact.person,
        referral: contact.referral,
        organisation: contact.organisation,
        result: contact.result,
        has_next: contact.next.is_some(),
        taken_back: false,
    }
}
