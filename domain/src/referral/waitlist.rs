//! Waitlist: no place now. The one who asked is told, so that somebody tells the person.

use jiff::Timestamp;

use super::rules::{Target, due, load};
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::directory::ServiceReads;
use crate::kernel::{OpContext, Recorded};
use crate::policy::Action;
use crate::tenancy::Calendars;

impl Referral {
    pub fn waitlist(
        self,
        review_by: Timestamp,
        now: Timestamp,
    ) -> Result<(Self, ReferralEvent), NotPossible> {
        match self.stage {
            Stage::Sent { .. } => {
                Ok(self.enter(Stage::Waitlisted { review_by }, now, ReferralFact::Waitlisted))
            }
            _ => Err(self.not_possible(Command::Waitlist)),
        }
    }
}

pub fn waitlist<S>(tx: &mut S, op: &OpContext, target: Target) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + ServiceReads + Calendars + ?Sized,
{
    let referral = load(tx, op, target)?;
    let permit = op.authorize(Action::WaitlistReferral, &referral)?;
    let service = tx.service(referral.to.service)?.ok_or(ReferralError::ServiceNotFound)?;
    let review_by = due(tx.calendar(), op, service.targets.review_days);
    let (waiting, event) = referral.waitlist(review_by, op.now())?;
    let saved = tx.save_referral(&waiting)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}
