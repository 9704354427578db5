//! Send: an active decision for this recipient and purpose, an open service, a reply-by time.

use jiff::Timestamp;

use super::rules::{Target, due, load};
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::consent::{ActiveDecision, Decision, DecisionReads, NoActiveDecision, OrganisationFacts, Purpose};
use crate::directory::{Admission, ServiceReads};
use crate::kernel::{OpContext, Recorded};
use crate::policy::Action;
use crate::tenancy::{Calendars, OrganisationReads};

impl Referral {
    pub fn send(
        mut self,
        decision: &ActiveDecision<'_>,
        _admission: &Admission,
        reply_by: Timestamp,
        now: Timestamp,
    ) -> Result<(Self, ReferralEvent), NotPossible> {
        match self.stage {
            Stage::Draft { .. } | Stage::Returned { .. } => {
                self.decision = Some(decision.id());
                self.sent_at.get_or_insert(now);
                Ok(self.enter(Stage::Sent { reply_by }, now, ReferralFact::Sent { reply_by }))
            }
            _ => Err(self.not_possible(Command::Send)),
        }
    }
}

pub fn send<S>(tx: &mut S, op: &OpContext, target: Target) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + DecisionReads + ServiceReads + OrganisationReads + Calendars + ?Sized,
{
    let referral = load(tx, op, target)?;
    let permit = op.authorize(Action::SendReferral, &referral)?;
    referral.refuse_unheard(op, Command::Send)?;
    if !matches!(referral.stage, Stage::Draft { .. } | Stage::Returned { .. }) {
        return Err(referral.not_possible(Command::Send).into());
    }
    let service = tx.service(referral.to.service)?.ok_or(ReferralError::ServiceNotFound)?;
    let recipient = tx.organisation(referral.to.organisation)?.ok_or(ReferralError::ServiceNotFound)?.facts();
    let decisions = tx.decisions(referral.person, Purpose::Referral)?;
    let decision = active(&decisions, recipient, op)?;
    let admission = service.admits(&referral.brief)?;
    let reply_by = due(tx.calendar(), op, service.targets.reply_days);
    let (sent, event) = referral.send(&decision, &admission, reply_by, op.now())?;
    let saved = tx.save_referral(&sent)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}

/// The newest decision that holds, or why the newest that was meant for this recipient does not.
pub(super) fn active<'a>(
    decisions: &'a [Decision],
    recipient: OrganisationFacts,
    op: &OpContext,
) -> Result<ActiveDecision<'a>, NoActiveDecision> {
    let mut why = NoActiveDecision::Missing;
    for decision in decisions {
        match decision.active_for(Purpose::Referral, recipient, op.now()) {
            Ok(active) => return Ok(active),
            Err(NoActiveDecision::Other) => {}
            Err(refusal) if why == NoActiveDecision::Missing => why = refusal,
            Err(_) => {}
        }
    }
    Err(why)
}
