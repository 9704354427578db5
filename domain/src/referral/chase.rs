//! Chase: what is overdue comes before whoever has it, a working day later before their lead, and, where an answer is
//! awaited, another day later before whoever asked, who can look elsewhere (E2). Nothing is ever declined by a clock.
//!
//! Each step waits for the one before it and not for the clock alone, so after an outage nobody's lead hears of what its
//! owner was never reminded of.

use jiff::Timestamp;

use super::rules::{Target, home, load};
use super::{Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage};
use crate::audit::Event;
use crate::define_codes;
use crate::identity::RoleHolders;
use crate::kernel::{OpContext, OrganisationId, Recorded, ReferralId, StoreError};
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

pub trait ChaseWrites {
    fn chase(&mut self, referral: ReferralId) -> Result<Option<Chase>, StoreError>;
    fn save_chase(&mut self, referral: ReferralId, chase: &Chase) -> Result<(), StoreError>;
}

impl Referral {
    /// Who hears next that it is overdue. `there`: somebody works at the organisation that has it.
    pub fn chased_next(&self, so_far: Option<&Chase>, there: bool, now: Timestamp) -> Option<ChaseStep> {
        let due = self.stage.due().filter(|due| *due <= now)?;
        let next = match so_far.filter(|chase| chase.due == due) {
            None if there => ChaseStep::Owner,
            None => ChaseStep::Sender,
            Some(chase) => {
                chase.next_at.filter(|next| *next <= now)?;
                self.step_after(chase.step)?
            }
        };
        (next != ChaseStep::Sender || self.awaits_an_answer()).then_some(next)
    }

    fn step_after(&self, step: ChaseStep) -> Option<ChaseStep> {
        match step {
            ChaseStep::Owner => Some(ChaseStep::Lead),
            ChaseStep::Lead if self.awaits_an_answer() => Some(ChaseStep::Sender),
            ChaseStep::Lead | ChaseStep::Sender => None,
        }
    }

    /// Has whoever asked, in another organisation, reason to look elsewhere?
    fn awaits_an_answer(&self) -> bool {
        matches!(self.stage, Stage::Sent { .. } | Stage::Waitlisted { .. })
            && self.from.organisation != self.to.organisation
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
    let so_far = tx.chase(id)?;
    let Some(step) = referral.chased_next(so_far.as_ref(), there, op.now()) else {
        return Ok(Recorded::unchanged(None));
    };
    let next_at = referral.step_after(step).map(|_| tx.calendar().after(op.now(), BETWEEN));
    tx.save_chase(id, &Chase { due, step, next_at })?;
    let event = told(tx, &referral, owner, step)?;
    Ok(Recorded::new(permit, Some(step), [Event::Referral(event)]))
}

fn told<S>(
    tx: &mut S,
    referral: &Referral,
    owner: OrganisationId,
    step: ChaseStep,
) -> Result<ReferralEvent, ReferralError>
where
    S: OrganisationReads + RoleHolders + ?Sized,
{
    Ok(match step {
        ChaseStep::Owner => referral.event(ReferralFact::Reminded),
        ChaseStep::Lead => {
            let leads = tx.holders(Role::TeamLead, owner)?;
            referral.event(ReferralFact::LeadTold { leads })
        }
        ChaseStep::Sender => {
            let unanswered = referral.event(ReferralFact::Unanswered);
            match home(tx, referral)? {
                Some(home) => unanswered.back_to(home),
                None => unanswered,
            }
        }
    })
}
