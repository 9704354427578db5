//! Complete: it is finished, with an outcome and the close-out summary (F3). The place is free again.

use jiff::Timestamp;

use super::close_out::CloseOut;
use super::codes::Outcome;
use super::rules::{Target, load};
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::directory::ServiceWrites;
use crate::kernel::{OpContext, Recorded};
use crate::policy::Action;

#[derive(Debug, Clone)]
pub struct Complete {
    pub target: Target,
    pub outcome: Outcome,
    pub close_out: CloseOut,
}

impl Referral {
    pub fn complete(self, outcome: Outcome, now: Timestamp) -> Result<(Self, ReferralEvent), NotPossible> {
        match self.stage {
            Stage::Active { .. } => {
                Ok(self.enter(Stage::Completed { outcome }, now, ReferralFact::Completed { outcome }))
            }
            _ => Err(self.not_possible(Command::Complete)),
        }
    }
}

pub fn complete<S>(tx: &mut S, op: &OpContext, cmd: Complete) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + ServiceWrites + ?Sized,
{
    let Complete { target, outcome, close_out } = cmd;
    let referral = load(tx, op, target)?;
    let permit = op.authorize(Action::CompleteReferral, &referral)?;
    let (completed, event) = referral.complete(outcome, op.now())?;
    free_place(tx, &completed)?;
    tx.save_close_out(completed.id, &close_out)?;
    let saved = tx.save_referral(&completed)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}

/// Gives the place back that the referral held.
pub(super) fn free_place<S>(tx: &mut S, referral: &Referral) -> Result<(), ReferralError>
where
    S: ServiceWrites + ?Sized,
{
    let mut service = tx.lock_service(referral.to.service)?.ok_or(ReferralError::ServiceNotFound)?;
    service.capacity.give_back();
    tx.save_places_taken(&service)?;
    Ok(())
}
