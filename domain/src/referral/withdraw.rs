//! Withdraw: by the person or their supporter, from any open stage, at once.

use jiff::Timestamp;

use super::codes::WithdrawnBy;
use super::complete::free_place;
use super::rules::{Target, load};
use super::transfer::let_go;
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::directory::ServiceWrites;
use crate::kernel::{OpContext, Recorded, StoreError};
use crate::person::PersonWrites;
use crate::policy::Action;

impl Referral {
    pub fn withdraw(self, by: WithdrawnBy, now: Timestamp) -> Result<(Self, ReferralEvent), NotPossible> {
        if self.stage.is_open() {
            Ok(self.enter(Stage::Withdrawn { by }, now, ReferralFact::Withdrawn { by }))
        } else {
            Err(self.not_possible(Command::Withdraw))
        }
    }
}

pub fn withdraw<S>(
    tx: &mut S,
    op: &OpContext,
    (target, by): (Target, WithdrawnBy),
) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + ServiceWrites + PersonWrites + ?Sized,
{
    let referral = load(tx, op, target)?;
    let permit = op.authorize(Action::WithdrawReferral, &referral)?;
    referral.refuse_unheard(op, Command::Withdraw)?;
    let helped = referral.stage.holds_place();
    let (withdrawn, event) = take_back(tx, op, referral, by)?;
    let ended = tx.end_referral_access(withdrawn.id, "withdrawn")?;
    if helped && !ended {
        // Whoever helps sees the person. Saying "withdrawn" while they still do is worse than not saying it.
        return Err(StoreError::Inconsistent { table: "person_access", column: "referral_id" }.into());
    }
    let_go(tx, &withdrawn, "withdrawn")?;
    let saved = tx.save_referral(&withdrawn)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}

/// Withdraws it and frees the place it held. Also used when a decision is withdrawn, which has its own way to save it.
pub(crate) fn take_back<S>(
    tx: &mut S,
    op: &OpContext,
    referral: Referral,
    by: WithdrawnBy,
) -> Result<(Referral, ReferralEvent), ReferralError>
where
    S: ServiceWrites + ?Sized,
{
    let held_place = referral.stage.holds_place();
    let (withdrawn, event) = referral.withdraw(by, op.now())?;
    if held_place {
        free_place(tx, &withdrawn)?;
    }
    Ok((withdrawn, event))
}
