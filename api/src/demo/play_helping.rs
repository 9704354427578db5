//! The helping side of a story: answers, meetings, pauses, and how it ended.

use jiff::SignedDuration;
use trellis_domain::contact::log::{LogContact, log};
use trellis_domain::kernel::{OpContext, Prose};
use trellis_domain::referral::acknowledge_risk::acknowledge_risk;
use trellis_domain::referral::close_out::CloseOut;
use trellis_domain::referral::complete::{Complete, complete};
use trellis_domain::referral::hold::{Pause, hold};
use trellis_domain::referral::offer_place::{OfferPlace, offer_place};
use trellis_domain::referral::{
    OutOfTurnReason, accept, allocate, decline, end, give_back, resume, waitlist,
};

use super::error::DemoError;
use super::history::{Act, Deed, Meeting, Words};
use super::play::{Playing, prose};

impl Playing<'_> {
    pub(super) async fn answer(&self, op: &OpContext, act: &Act) -> Result<(), DemoError> {
        let (store, target) = (&self.ground.store, self.target(act.on)?);
        match act.deed {
            Deed::Accept => store.write(op, move |tx, op| accept::accept(tx, op, target)).await,
            Deed::Waitlist => store.write(op, move |tx, op| waitlist::waitlist(tx, op, target)).await,
            // The order of this queue depends on who is written first, so the story gives a reason.
            Deed::OfferPlace => {
                let cmd = OfferPlace { target, out_of_turn: Some(OutOfTurnReason::NextCannotCome) };
                store.write(op, move |tx, op| offer_place(tx, op, cmd)).await
            }
            Deed::GiveBack(reason) => {
                store.write(op, move |tx, op| give_back::give_back(tx, op, (target, reason))).await
            }
            Deed::Decline(reason) => {
                store.write(op, move |tx, op| decline::decline(tx, op, (target, reason))).await
            }
            Deed::Allocate { worker } => {
                let session = self.ground.sessions.get(worker);
                let user = session.ok_or(DemoError::Absent { what: "worker" })?.user;
                let given = store.write(op, move |tx, op| allocate::allocate(tx, op, (target, user))).await;
                match given {
                    Ok(given) if given.risk.demands_named_owner() => {
                        let their = self.op(op.now(), worker)?;
                        store.write(&their, move |tx, op| acknowledge_risk(tx, op, target)).await
                    }
                    given => given,
                }
            }
            _ => return Ok(()),
        }
        .map(drop)
        .map_err(DemoError::refused("an answer"))
    }

    pub(super) async fn help(&self, op: &OpContext, act: &Act) -> Result<(), DemoError> {
        let (store, target) = (&self.ground.store, self.target(act.on)?);
        match act.deed {
            Deed::Meet(meeting) => return self.meet(op, act.on, meeting).await,
            Deed::Hold { reason, days } => {
                let until = op.now().checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(op.now());
                let cmd = Pause { target, reason, until };
                store.write(op, move |tx, op| hold(tx, op, cmd)).await
            }
            Deed::Resume => store.write(op, move |tx, op| resume::resume(tx, op, target)).await,
            Deed::Complete { outcome, words } => {
                let cmd = Complete { target, outcome, close_out: close_out(words)? };
                store.write(op, move |tx, op| complete(tx, op, cmd)).await
            }
            Deed::End(reason) => store.write(op, move |tx, op| end::end(tx, op, (target, reason))).await,
            _ => return Ok(()),
        }
        .map(drop)
        .map_err(DemoError::refused("help"))
    }

    async fn meet(&self, op: &OpContext, slot: usize, meeting: Meeting) -> Result<(), DemoError> {
        let cmd = LogContact {
            target: self.target(slot)?,
            channel: meeting.channel,
            result: meeting.result,
            minutes: meeting.minutes,
            note: prose(meeting.note)?,
            next: meeting.next.map(|(step, due)| (step, self.due(op.now(), due))),
        };
        let kept = self.ground.store.write(op, move |tx, op| log(tx, op, cmd)).await;
        kept.map(drop).map_err(DemoError::refused("log a contact"))
    }
}

fn close_out(words: Words) -> Result<CloseOut, DemoError> {
    let text = |text: &str| Prose::parse(text).map_err(DemoError::made("text"));
    Ok(CloseOut {
        support_offered: text(words.offered)?,
        outcomes: prose(words.outcome)?,
        actions_for_referrer: prose(words.asked)?,
    })
}
