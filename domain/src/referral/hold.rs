//! Hold: a pause with a reason and an until-date. The clock that was running is kept for resuming.

use jiff::Timestamp;

use super::codes::HoldReason;
use super::rules::{Target, load};
use super::stage::{HeldFrom, Hold};
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded};
use crate::policy::Action;

#[derive(Debug, Clone, Copy)]
pub struct Pause {
    pub target: Target,
    pub reason: HoldReason,
    pub until: Timestamp,
}

impl Referral {
    pub fn hold(
        self,
        reason: HoldReason,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(Self, ReferralEvent), NotPossible> {
        let (from, worker, due_before) = match self.stage {
            Stage::Accepted { worker, contact_by } => (HeldFrom::Accepted, worker, contact_by),
            Stage::Active { worker, review_by } => (HeldFrom::Active, worker, review_by),
            _ => return Err(self.not_possible(Command::Hold)),
        };
        let stage = Stage::OnHold(Hold { worker, from, reason, until, look_at: None, due_before });
        Ok(self.enter(stage, now, ReferralFact::Held { reason, until }))
    }
}

pub fn hold<S>(tx: &mut S, op: &OpContext, cmd: Pause) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + ?Sized,
{
    let referral = load(tx, op, cmd.target)?;
    let permit = op.authorize(Action::HoldReferral, &referral)?;
    if cmd.until <= op.now() {
        return Err(ReferralError::UntilInPast);
    }
    let (held, event) = referral.hold(cmd.reason, cmd.until, op.now())?;
    let saved = tx.save_referral(&held)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}
