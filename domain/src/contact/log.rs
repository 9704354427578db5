//! Log a contact in one call (W4). Reaching somebody starts an accepted referral; a next step is what is due then.

use jiff::Timestamp;

use super::undo::event_of;
use super::{Contact, ContactError, ContactResult, ContactWrites, NextStep};
use crate::audit::Event;
use crate::directory::ServiceReads;
use crate::kernel::{OpContext, Prose, Recorded};
use crate::person::{Channel, Person, PersonReads};
use crate::policy::Action;
use crate::referral::next_step::latest_step;
use crate::referral::rules::{Target, load};
use crate::referral::start::begin;
use crate::referral::undo::{Before, Undo, UndoWrites, Undoable};
use crate::referral::{Command, Referral, ReferralWrites, Stage};
use crate::tenancy::Calendars;

#[derive(Debug, Clone)]
pub struct LogContact {
    pub target: Target,
    pub channel: Channel,
    pub result: ContactResult,
    pub minutes: u16,
    pub note: Option<Prose>,
    pub next: Option<(NextStep, Timestamp)>,
}

pub fn log<S>(tx: &mut S, op: &OpContext, cmd: LogContact) -> Result<Recorded<Contact>, ContactError>
where
    S: ContactWrites + ReferralWrites + PersonReads + ServiceReads + Calendars + UndoWrites + ?Sized,
{
    let referral = load(tx, op, cmd.target)?;
    let permit = op.authorize(Action::LogContact, &referral)?;
    let person = tx.person(referral.person)?.ok_or(ContactError::PersonNotFound)?;
    check(&cmd, &person, &referral, op.now())?;
    let contact = made(op, &referral, cmd);
    let before = Before::of(&referral);
    let mut events = vec![Event::Contact(event_of(&contact))];
    let mut now_stands = referral;
    if contact.result.reached() && matches!(now_stands.stage, Stage::Accepted { .. }) {
        let (begun, event) = begin(tx, op, now_stands)?;
        events.push(Event::Referral(event));
        now_stands = begun;
    }
    tx.insert_contact(&contact)?;
    if let Some((step, at)) = contact.next {
        let latest = latest_step(tx, op, &now_stands)?;
        now_stands = tx.save_next_step(&now_stands.plan_next(step, at, latest)?)?;
    }
    if let Some(undo) = Undo::of(op, &now_stands, Undoable::Contact(contact.id), before) {
        tx.keep_undo(&undo)?;
    }
    Ok(Recorded::new(permit, contact, events))
}

fn check(cmd: &LogContact, person: &Person, referral: &Referral, now: Timestamp) -> Result<(), ContactError> {
    if !referral.stage.holds_place() {
        return Err(referral.not_possible(Command::Start).into());
    }
    if cmd.channel != Channel::Visit && !person.preferences.allows(cmd.channel) {
        return Err(ContactError::ChannelNotAllowed);
    }
    if cmd.result == ContactResult::LeftMessage && person.preferences.no_voicemail {
        return Err(ContactError::NoVoicemail);
    }
    if cmd.next.is_some_and(|(_, due)| due < now) {
        return Err(ContactError::NextStepInPast);
    }
    if cmd.minutes > 24 * 60 { Err(ContactError::TooLong) } else { Ok(()) }
}

fn made(op: &OpContext, referral: &Referral, cmd: LogContact) -> Contact {
    Contact {
        id: op.new_id(),
        person: referral.person,
        referral: referral.id,
        organisation: referral.to.organisation,
        user: op.user(),
        at: op.now(),
        channel: cmd.channel,
        result: cmd.result,
        minutes: cmd.minutes,
        note: cmd.note,
        next: cmd.next,
        taken_back_at: None,
    }
}
