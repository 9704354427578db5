//! Decline, with a coded reason: whoever asked has it as a task in the same transaction (E4). Where they have closed, somebody
//! else who stands behind the request has it; where there is nobody, it cannot be declined: the person would be lost.

use jiff::Timestamp;

use super::codes::DeclineReason;
use super::rules::{Target, home, load};
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded};
use crate::person::PersonWrites;
use crate::policy::Action;
use crate::tenancy::OrganisationReads;

impl Referral {
    pub fn decline(
        self,
        reason: DeclineReason,
        now: Timestamp,
    ) -> Result<(Self, ReferralEvent), NotPossible> {
        match self.stage {
            Stage::Sent { .. } | Stage::Waitlisted { .. } => {
                Ok(self.enter(Stage::Declined { reason }, now, ReferralFact::Declined { reason }))
            }
            _ => Err(self.not_possible(Command::Decline)),
        }
    }
}

pub fn decline<S>(
    tx: &mut S,
    op: &OpContext,
    (target, reason): (Target, DeclineReason),
) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + PersonWrites + OrganisationReads + ?Sized,
{
    let referral = load(tx, op, target)?;
    let permit = op.authorize(Action::DeclineReferral, &referral)?;
    // An arrow that does not exist is not there for want of a home.
    let (declined, event) = referral.decline(reason, op.now())?;
    let home = home(tx, &declined)?.ok_or(ReferralError::AskerClosed { known: false })?;
    tx.end_referral_access(declined.id, "declined")?;
    let saved = tx.save_referral(&declined)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event.back_to(home))]))
}
