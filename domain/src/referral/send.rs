//! Send: an active decision for this recipient and purpose, an open service, a reply-by time.

use jiff::{SignedDuration, Timestamp};

use super::accept::recipient;
use super::rules::{Target, due, load_to_share};
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::consent::{ActiveDecision, Decision, DecisionLocks, NoActiveDecision, OrganisationFacts, Purpose};
use crate::directory::{Admission, SentLately, Service, ServiceWrites};
use crate::kernel::{OpContext, Recorded};
use crate::policy::Action;
use crate::tenancy::{Calendars, OrganisationReads};

/// Any seven days, so that nobody gains by waiting for a Monday.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

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
    S: ReferralWrites + DecisionLocks + ServiceWrites + OrganisationReads + Calendars + ?Sized,
{
    let (referral, decisions) = load_to_share(tx, op, target)?;
    let permit = op.authorize(Action::SendReferral, &referral)?;
    referral.refuse_unheard(op, Command::Send)?;
    if !matches!(referral.stage, Stage::Draft { .. } | Stage::Returned { .. }) {
        return Err(referral.not_possible(Command::Send).into());
    }
    let recipient = recipient(tx, &referral)?;
    let decision = active(&decisions, recipient, op)?;
    let (service, admission) = admitted(tx, op, &referral)?;
    let reply_by = due(tx.calendar(), op, service.targets.reply_days);
    let (sent, event) = referral.send(&decision, &admission, reply_by, op.now())?;
    let saved = tx.save_referral(&sent)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}

/// A service that takes only so many a week is locked while it is asked.
pub(super) fn admitted<S>(
    tx: &mut S,
    op: &OpContext,
    referral: &Referral,
) -> Result<(Service, Admission), ReferralError>
where
    S: ReferralWrites + ServiceWrites + ?Sized,
{
    let service = tx.service(referral.to.service)?.ok_or(ReferralError::ServiceNotFound)?;
    if !service.intake.counts_requests() {
        let admission = service.admits(&referral.brief, SentLately::default())?;
        return Ok((service, admission));
    }
    let service = tx.lock_service(service.id)?.ok_or(ReferralError::ServiceNotFound)?;
    let lately = tx.sent_since(referral, op.now().checked_sub(WEEK).unwrap_or(Timestamp::MIN))?;
    let admission = service.admits(&referral.brief, lately)?;
    Ok((service, admission))
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
