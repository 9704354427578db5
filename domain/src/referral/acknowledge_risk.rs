//! Acknowledge a risk (X6): the named worker says that they know of it. Only then is it started; whoever gets it later says so
//! too.

use super::rules::{Target, load};
use super::{Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded, TypedId, UserId};
use crate::policy::{Action, Denied, Guarded};

impl Referral {
    /// Stays where it is, and due when it was.
    pub fn acknowledge_risk(mut self, by: UserId) -> Result<(Self, ReferralEvent), NotPossible> {
        if self.stage.worker() != Some(by) {
            return Err(self.not_possible(Command::AcknowledgeRisk));
        }
        self.risk_acknowledged = Some(by);
        let event = self.event(ReferralFact::RiskAcknowledged);
        Ok((self, event))
    }

    /// A risk that demands it has a named worker, and that worker knows of it.
    pub fn is_answered_for(&self) -> bool {
        let worker = self.stage.worker();
        !self.risk.demands_named_owner() || (worker.is_some() && worker == self.risk_acknowledged)
    }
}

pub fn acknowledge_risk<S>(
    tx: &mut S,
    op: &OpContext,
    target: Target,
) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + ?Sized,
{
    let referral = load(tx, op, target)?;
    let permit = op.authorize(Action::AcknowledgeRisk, &referral)?;
    if !referral.stage.holds_place() || !referral.risk.demands_named_owner() {
        return Err(referral.not_possible(Command::AcknowledgeRisk).into());
    }
    let worker = referral.stage.worker().ok_or(ReferralError::NeedsNamedWorker)?;
    // Nobody knows of a risk on behalf of somebody else.
    if op.user() != Some(worker) {
        let subject = referral.id.uuid();
        return Err(Denied::by_role(Action::AcknowledgeRisk, Referral::KIND, subject).into());
    }
    if referral.is_answered_for() {
        return Ok(Recorded::unchanged(referral));
    }
    let (known, event) = referral.acknowledge_risk(worker)?;
    let saved = tx.save_referral(&known)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}
