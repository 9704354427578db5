//! Start: the first successful contact or first attendance. Whoever starts an unallocated referral becomes its worker.

use jiff::Timestamp;

use super::rules::{Target, due, load};
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::directory::ServiceReads;
use crate::kernel::{OpContext, Recorded, UserId};
use crate::policy::Action;
use crate::tenancy::Calendars;

impl Referral {
    pub fn start(
        self,
        by: Option<UserId>,
        review_by: Timestamp,
        now: Timestamp,
    ) -> Result<(Self, ReferralEvent), NotPossible> {
        match self.stage {
            // A risk that demands a named owner has one who knows of it before anything else happens (X6).
            Stage::Accepted { worker, .. } if self.is_answered_for() => {
                let stage = Stage::Active { worker: worker.or(by), review_by };
                Ok(self.enter(stage, now, ReferralFact::Started))
            }
            _ => Err(self.not_possible(Command::Start)),
        }
    }
}

pub fn start<S>(tx: &mut S, op: &OpContext, target: Target) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + ServiceReads + Calendars + ?Sized,
{
    let referral = load(tx, op, target)?;
    let permit = op.authorize(Action::StartReferral, &referral)?;
    let (saved, event) = begin(tx, op, referral)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}

/// Also used when a logged contact reaches the person.
pub(crate) fn begin<S>(
    tx: &mut S,
    op: &OpContext,
    referral: Referral,
) -> Result<(Referral, ReferralEvent), ReferralError>
where
    S: ReferralWrites + ServiceReads + Calendars + ?Sized,
{
    let unnamed = referral.risk.demands_named_owner() && referral.stage.worker().is_none();
    if unnamed && matches!(referral.stage, Stage::Accepted { .. }) {
        return Err(ReferralError::NeedsNamedWorker);
    }
    if !referral.is_answered_for() && matches!(referral.stage, Stage::Accepted { .. }) {
        return Err(ReferralError::RiskNotAcknowledged);
    }
    let service = tx.service(referral.to.service)?.ok_or(ReferralError::ServiceNotFound)?;
    let review_by = due(tx.calendar(), op, service.targets.review_days);
    let (started, event) = referral.start(op.user(), review_by, op.now())?;
    Ok((tx.save_referral(&started)?, event))
}
