//! Cancel: by the one who asked, before anybody has accepted.

use jiff::Timestamp;

use super::codes::CancelReason;
use super::rules::{Target, load};
use super::transfer::let_go;
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded};
use crate::person::PersonWrites;
use crate::policy::Action;

impl Referral {
    pub fn cancel(self, reason: CancelReason, now: Timestamp) -> Result<(Self, ReferralEvent), NotPossible> {
        match self.stage {
            Stage::Draft { .. } | Stage::Sent { .. } | Stage::Waitlisted { .. } => {
                Ok(self.enter(Stage::Cancelled { reason }, now, ReferralFact::Cancelled { reason }))
            }
            _ => Err(self.not_possible(Command::Cancel)),
        }
    }
}

pub fn cancel<S>(
    tx: &mut S,
    op: &OpContext,
    (target, reason): (Target, CancelReason),
) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + PersonWrites + ?Sized,
{
    let referral = load(tx, op, target)?;
    let permit = op.authorize(Action::CancelReferral, &referral)?;
    referral.refuse_unheard(op, Command::Cancel)?;
    let (cancelled, event) = referral.cancel(reason, op.now())?;
    let_go(tx, &cancelled, "cancelled")?;
    let saved = tx.save_referral(&cancelled)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}
