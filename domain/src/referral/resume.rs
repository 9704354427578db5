//! Resume: back to where it was, with as much time left as when it was paused.

use jiff::Timestamp;

use super::rules::{Target, load};
use super::stage::HeldFrom;
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded};
use crate::policy::Action;

impl Referral {
    pub fn resume(self, now: Timestamp) -> Result<(Self, ReferralEvent), NotPossible> {
        let Stage::OnHold(hold) = self.stage else { return Err(self.not_possible(Command::Resume)) };
        let left = hold.due_before.duration_since(self.stage_since);
        let due = now.checked_add(left).unwrap_or(Timestamp::MAX);
        let stage = match hold.from {
            HeldFrom::Accepted => Stage::Accepted { worker: hold.worker, contact_by: due },
            HeldFrom::Active => Stage::Active { worker: hold.worker, review_by: due },
        };
        Ok(self.enter(stage, now, ReferralFact::Resumed))
    }
}

pub fn resume<S>(tx: &mut S, op: &OpContext, target: Target) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + ?Sized,
{
    let referral = load(tx, op, target)?;
    let permit = op.authorize(Action::ResumeReferral, &referral)?;
    let (resumed, event) = referral.resume(op.now())?;
    let saved = tx.save_referral(&resumed)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}
