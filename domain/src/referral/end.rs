//! End early: not reached or did not take part, only after the attempts that the service's own rule asks for.

use jiff::Timestamp;

use super::attempts::AttemptsMade;
use super::codes::EndReason;
use super::complete::free_place;
use super::rules::{Target, load};
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::directory::ServiceWrites;
use crate::kernel::{OpContext, Recorded};
use crate::policy::Action;

impl Referral {
    pub fn end(
        self,
        _attempts: &AttemptsMade,
        reason: EndReason,
        now: Timestamp,
    ) -> Result<(Self, ReferralEvent), NotPossible> {
        if self.stage.holds_place() {
            Ok(self.enter(Stage::Ended { reason }, now, ReferralFact::Ended { reason }))
        } else {
            Err(self.not_possible(Command::End))
        }
    }
}

pub fn end<S>(
    tx: &mut S,
    op: &OpContext,
    (target, reason): (Target, EndReason),
) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + ServiceWrites + ?Sized,
{
    let referral = load(tx, op, target)?;
    let permit = op.authorize(Action::EndReferral, &referral)?;
    if !referral.stage.holds_place() {
        return Err(referral.not_possible(Command::End).into());
    }
    let service = tx.service(referral.to.service)?.ok_or(ReferralError::ServiceNotFound)?;
    let recorded = tx.contacts_with(referral.id, reason.attempts())?;
    let attempts = AttemptsMade::check(recorded, service.targets.attempts_before_end)?;
    let (ended, event) = referral.end(&attempts, reason, op.now())?;
    free_place(tx, &ended)?;
    let saved = tx.save_referral(&ended)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}
