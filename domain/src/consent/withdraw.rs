//! Withdraw a decision, in one transaction: open referrals under it are withdrawn, whoever they are between, access ends,
//! queued messages stop, each recipient is told, and the person gets a receipt.

use super::record::{DecisionError, event};
use super::{Decision, DecisionFact, DecisionWrites, Held, Known, SharingEnded, Withdrawal};
use crate::audit::Event;
use crate::directory::ServiceWrites;
use crate::kernel::{DecisionId, OpContext, Recorded, ReferralId, StoreError};
use crate::person::PersonReads;
use crate::policy::Action;
use crate::referral::withdraw::take_back;
use crate::referral::{Referral, ReferralError, ReferralEvent, WithdrawnBy};

pub fn withdraw<S>(tx: &mut S, op: &OpContext, id: DecisionId) -> Result<Recorded<Withdrawal>, DecisionError>
where
    S: DecisionWrites + ServiceWrites + PersonReads + ?Sized,
{
    let decision = tx.decision(id)?.ok_or(DecisionError::NotFound)?;
    let person = tx.person(decision.person)?;
    let known = Known { decision: &decision, person: person.as_ref() };
    let permit = op.authorize(Action::WithdrawDecision, &known)?;
    let withdrawn = decision.clone().withdraw(op.now())?;
    tx.save_decision(&withdrawn)?;
    let taken_back = take_back_under(tx, op, id)?;
    tx.stop_messages_under(id)?;
    // Last, because the access of whoever withdraws may be among it.
    let ended = tx.end_access_under(id, "decision withdrawn")?;
    let receipt = receipt(&taken_back, &ended);
    let fact = DecisionFact::Withdrawn { by: op.organisation(), receipt: receipt.clone() };
    let first = Event::Decision(event(&withdrawn, fact));
    let mut whole = Recorded::new(permit, Withdrawal { decision: withdrawn, receipt }, [first]);
    for (referral, told) in told(&decision, taken_back, &ended) {
        let permit = op.authorize(Action::WithdrawDecision, &known.shared_by(referral))?;
        whole = whole.and(Recorded::new(permit, (), [told]));
    }
    Ok(whole)
}

impl Decision {
    pub fn withdraw(self, now: jiff::Timestamp) -> Result<Self, DecisionError> {
        match self.withdrawn_at {
            Some(_) => Err(DecisionError::AlreadyWithdrawn),
            None => Ok(Self { withdrawn_at: Some(now), ..self }),
        }
    }
}

fn take_back_under<S>(
    tx: &mut S,
    op: &OpContext,
    id: DecisionId,
) -> Result<Vec<(Referral, ReferralEvent)>, DecisionError>
where
    S: DecisionWrites + ServiceWrites + ?Sized,
{
    let mut all = Vec::new();
    for referral in tx.lock_referrals_under(id)? {
        let (referral, event) = take_back(tx, op, referral, WithdrawnBy::Decision).map_err(fault)?;
        tx.save_taken_back(&referral)?;
        all.push((referral, event));
    }
    Ok(all)
}

/// Whoever could see the person, and whoever had been asked without being told who it was.
fn receipt(taken_back: &[(Referral, ReferralEvent)], ended: &[Held]) -> Vec<Held> {
    let unseen = taken_back.iter().filter(|(asked, _)| ended.iter().all(|held| held.referral != asked.id));
    let asked = unseen.filter_map(|(referral, _)| {
        let (organisation, since) = (referral.to.organisation, referral.sent_at?);
        Some(Held { organisation, referral: referral.id, level: None, since })
    });
    let mut all: Vec<Held> = asked.chain(ended.iter().cloned()).collect();
    all.sort_by_key(|held| (held.since, held.referral));
    all
}

/// What each recipient hears, referral by referral.
fn told(
    decision: &Decision,
    taken_back: Vec<(Referral, ReferralEvent)>,
    ended: &[Held],
) -> Vec<(ReferralId, Event)> {
    let open: Vec<ReferralId> = taken_back.iter().map(|(referral, _)| referral.id).collect();
    let finished = ended.iter().filter(|held| !open.contains(&held.referral)).map(|held| {
        let (referral, organisation) = (held.referral, held.organisation);
        (referral, Event::SharingEnded(SharingEnded { person: decision.person, referral, organisation }))
    });
    let withdrawn = taken_back.into_iter().map(|(referral, event)| (referral.id, Event::Referral(event)));
    withdrawn.chain(finished).collect()
}

/// An open referral can always be withdrawn, so what is left is the store's.
fn fault(error: ReferralError) -> DecisionError {
    match error {
        ReferralError::Store(store) => DecisionError::Store(store),
        other => DecisionError::Store(StoreError::Fault(Box::new(other))),
    }
}
