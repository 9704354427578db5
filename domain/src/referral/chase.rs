//! Chase: what is overdue comes before whoever has it, a working day later before their lead, and, where an answer is
//! awaited, another day later before whoever asked, who can look elsewhere (E2). Nothing is ever declined by a clock.
//!
//! Each step waits for the one before it and not for the clock alone, so after an outage nobody's lead hears of what its
//! owner was never reminded of.

use jiff::Timestamp;

use super::referral::Sender;
use super::rules::{Target, home, load};
use super::{FeedbackChoice, Referral, ReferralError, ReferralFact, ReferralWrites, Stage};
use crate::audit::Event;
use crate::define_codes;
use crate::identity::RoleHolders;
use crate::kernel::{OpContext, Recorded, ReferralId, StoreError};
use crate::policy::{Action, Role};
use crate::tenancy::{Calendars, OrganisationReads};

/// Working days from one step to the next.
const BETWEEN: u16 = 1;

define_codes! {
    ChaseStep {
        Owner = "owner", "Whoever has it was reminded";
        Lead = "lead", "Their lead was told";
        Sender = "sender", "Whoever asked was told that nobody takes it up";
    }
}

/// How far a referral was chased. For this due time only: with another one it begins anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chase {
    pub due: Timestamp,
    pub step: ChaseStep,
    /// Not before. None: there is nobody left to tell.
    pub next_at: Option<Timestamp>,
}

/// Who is there to hear of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Around {
    /// Somebody works at the organisation that has it.
    pub there: bool,
    /// Who would find somebody else.
    pub home: Option<Sender>,
}

pub trait ChaseWrites {
    fn chase(&mut self, referral: ReferralId) -> Result<Option<Chase>, StoreError>;
    fn save_chase(&mut self, referral: ReferralId, chase: &Chase) -> Result<(), StoreError>;
}

impl Referral {
    /// Who hears next that it is overdue.
    pub fn chased_next(&self, so_far: Option<&Chase>, around: &Around, now: Timestamp) -> Option<ChaseStep> {
        let due = self.stage.due().filter(|due| *due <= now)?;
        let so_far = so_far.filter(|chase| chase.due == due);
        if so_far.is_some_and(|chase| chase.next_at.is_none_or(|next| next > now)) {
            return None;
        }
        match so_far.map(|chase| chase.step) {
            Some(step) if around.there => self.step_after(step, around),
            None if around.there => Some(ChaseStep::Owner),
            Some(ChaseStep::Sender) => None,
            _ => self.looked_elsewhere(around),
        }
    }

    fn step_after(&self, step: ChaseStep, around: &Around) -> Option<ChaseStep> {
        match step {
            ChaseStep::Owner => Some(ChaseStep::Lead),
            ChaseStep::Lead => self.looked_elsewhere(around),
            ChaseStep::Sender => None,
        }
    }

    /// Only where an answer is awaited, by another organisation, and the person lets it hear of it: else the silence
    /// would tell that it was taken up.
    fn looked_elsewhere(&self, around: &Around) -> Option<ChaseStep> {
        let awaits = matches!(self.stage, Stage::Sent { .. } | Stage::Waitlisted { .. });
        let asker = around.home.map(|home| home.organisation).filter(|home| *home != self.to.organisation)?;
        (awaits && self.hears(Some(asker)) != FeedbackChoice::Nothing).then_some(ChaseStep::Sender)
    }
}

/// By the worker, for whoever has it. Nothing changes where it is not overdue (any more), or somebody has just been told.
pub fn chase<S>(
    tx: &mut S,
    op: &OpContext,
    id: ReferralId,
) -> Result<Recorded<Option<ChaseStep>>, ReferralError>
where
    S: ReferralWrites + ChaseWrites + OrganisationReads + RoleHolders + Calendars + ?Sized,
{
    let referral = load(tx, op, Target { referral: id, version: None })?;
    let (Some((owner, _)), Some(due)) = (referral.owner(), referral.stage.due()) else {
        return Ok(Recorded::unchanged(None));
    };
    // It has gone to somebody else since it was found to be due; it is found again.
    if op.organisation() != Some(owner) {
        return Ok(Recorded::unchanged(None));
    }
    let permit = op.authorize(Action::ChaseReferral, &referral)?;
    let there = tx.organisation(owner)?.is_some_and(|owner| !owner.suspended);
    let around = Around { there, home: home(tx, &referral)? };
    let so_far = tx.chase(id)?;
    let Some(step) = referral.chased_next(so_far.as_ref(), &around, op.now()) else {
        return Ok(Recorded::unchanged(None));
    };
    let next_at = referral.step_after(step, &around).map(|_| tx.calendar().after(op.now(), BETWEEN));
    tx.save_chase(id, &Chase { due, step, next_at })?;
    let event = match step {
        ChaseStep::Owner => referral.event(ReferralFact::Reminded),
        ChaseStep::Lead => {
            let leads = tx.holders(Role::TeamLead, owner)?;
            referral.event(ReferralFact::LeadTold { leads })
        }
        ChaseStep::Sender => {
            let unanswered = referral.event(ReferralFact::Unanswered);
            match around.home {
                Some(home) => unanswered.back_to(home),
                None => unanswered,
            }
        }
    };
    Ok(Recorded::new(permit, Some(step), [Event::Referral(event)]))
}

/// A due time that had passed holds again, because what moved it was taken back: whoever leads has the line that ended then
/// once more.
pub(crate) fn due_again<S>(tx: &mut S, op: &OpContext, referral: &Referral) -> Result<(), StoreError>
where
    S: ChaseWrites + ?Sized,
{
    match tx.chase(referral.id)? {
        Some(chase) if chase.step == ChaseStep::Lead && Some(chase.due) == referral.stage.due() => {
            let again = Chase { step: ChaseStep::Owner, next_at: Some(op.now()), ..chase };
            tx.save_chase(referral.id, &again)
        }
        _ => Ok(()),
    }
}

/// Whoever asked was told that nobody takes it up, and somebody else asks now: they have not heard.
pub fn tell_again<S>(tx: &mut S, op: &OpContext, id: ReferralId) -> Result<(), StoreError>
where
    S: ChaseWrites + ?Sized,
{
    match tx.chase(id)? {
        Some(chase) if chase.step == ChaseStep::Sender => {
            tx.save_chase(id, &Chase { step: ChaseStep::Lead, next_at: Some(op.now()), ..chase })
        }
        _ => Ok(()),
    }
}
