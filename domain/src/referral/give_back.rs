//! Return: back to whoever asked, with a coded reason. (`return` is a word of the language.)

use jiff::Timestamp;

use super::codes::ReturnReason;
use super::rules::{Target, due, home, load};
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded};
use crate::policy::Action;
use crate::tenancy::{Calendars, OrganisationReads};

/// Working days for the one who asked to answer.
const ANSWER_DAYS: u16 = 5;

impl Referral {
    pub fn give_back(
        self,
        reason: ReturnReason,
        answer_by: Timestamp,
        now: Timestamp,
    ) -> Result<(Self, ReferralEvent), NotPossible> {
        match self.stage {
            Stage::Sent { .. } | Stage::Waitlisted { .. } => {
                let stage = Stage::Returned { reason, answer_by };
                Ok(self.enter(stage, now, ReferralFact::Returned { reason }))
            }
            _ => Err(self.not_possible(Command::Return)),
        }
    }
}

pub fn give_back<S>(
    tx: &mut S,
    op: &OpContext,
    (target, reason): (Target, ReturnReason),
) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + OrganisationReads + Calendars + ?Sized,
{
    let referral = load(tx, op, target)?;
    let permit = op.authorize(Action::ReturnReferral, &referral)?;
    // Only whoever asked can answer. Declined, it goes to whoever else stands behind it.
    let home = home(tx, &referral)?;
    if home != Some(referral.from) {
        return Err(ReferralError::AskerClosed { known: home.is_some() });
    }
    let answer_by = due(tx.calendar(), op, ANSWER_DAYS);
    let (returned, event) = referral.give_back(reason, answer_by, op.now())?;
    let saved = tx.save_referral(&returned)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}
