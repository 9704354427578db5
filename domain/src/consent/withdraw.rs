//! Withdraw a decision, in one transaction: open referrals under it are withdrawn, access ends,
//! queued messages stop, and each recipient is told.

use super::record::{DecisionError, event};
use super::{Decision, DecisionWrites};
use crate::audit::Event;
use crate::directory::ServiceWrites;
use crate::kernel::{DecisionId, OpContext, Recorded, StoreError};
use crate::person::PersonWrites;
use crate::policy::Action;
use crate::referral::withdraw::take_back;
use crate::referral::{ReferralError, ReferralWrites, WithdrawnBy};

pub fn withdraw<S>(tx: &mut S, op: &OpContext, id: DecisionId) -> Result<Recorded<Decision>, DecisionError>
where
    S: DecisionWrites + ReferralWrites + ServiceWrites + PersonWrites + ?Sized,
{
    let decision = tx.decision(id)?.ok_or(DecisionError::NotFound)?;
    let permit = op.authorize(Action::WithdrawDecision, &decision)?;
    if decision.withdrawn_at.is_some() {
        return Err(DecisionError::AlreadyWithdrawn);
    }
    let withdrawn = Decision { withdrawn_at: Some(op.now()), ..decision };
    tx.save_decision(&withdrawn)?;
    let mut events = vec![Event::Decision(event(&withdrawn))];
    for referral in tx.open_referrals_under(id)? {
        let Some(referral) = tx.lock_referral(referral)? else { continue };
        let recipient = referral.to.organisation;
        let (_, told) = take_back(tx, op, referral, WithdrawnBy::Decision).map_err(fault)?;
        tx.stop_messages(withdrawn.person, recipient)?;
        events.push(Event::Referral(told));
    }
    // What is finished under it gave access too. What goes on under another decision keeps its own.
    tx.end_access_under(id, "decision withdrawn")?;
    Ok(Recorded::new(permit, withdrawn, events))
}

/// An open referral can always be withdrawn, so what is left is the store's.
fn fault(error: ReferralError) -> DecisionError {
    match error {
        ReferralError::Store(store) => DecisionError::Store(store),
        other => DecisionError::Store(StoreError::Fault(Box::new(other))),
    }
}
