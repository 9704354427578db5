//! Reopen within 30 days: what was under way is under way again; what never began is sent again.

use jiff::{SignedDuration, Timestamp};

use super::accept::recipient;
use super::codes::ReopenReason;
use super::rules::{Target, due, load_to_share};
use super::send::{active, admitted};
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::consent::{ActiveDecision, Decision, DecisionLocks, NoActiveDecision, Purpose};
use crate::directory::{Admission, Place, Room, ServiceWrites};
use crate::kernel::{OpContext, Recorded, UserId};
use crate::policy::Action;
use crate::tenancy::{Calendars, OrganisationReads};

pub(super) const REOPEN_WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What allows the way back: a decision for both, a place for what was under way, admission for what is sent again.
#[derive(Debug)]
pub enum WayBack<'a> {
    /// Under the decision it ran under before: its access is still open.
    UnderWay {
        decision: ActiveDecision<'a>,
        place: Place,
        worker: Option<UserId>,
        review_by: Timestamp,
    },
    SentAgain {
        decision: ActiveDecision<'a>,
        admission: Admission,
        reply_by: Timestamp,
    },
}

impl Referral {
    /// Does it come back under way (true), or is it sent again (false)?
    pub fn reopens_under_way(&self) -> Result<bool, NotPossible> {
        match self.stage {
            Stage::Completed { .. } | Stage::Ended { .. } => Ok(true),
            Stage::Declined { .. } | Stage::Withdrawn { .. } | Stage::Cancelled { .. } => Ok(false),
            _ => Err(self.not_possible(Command::Reopen)),
        }
    }

    pub fn reopen(
        mut self,
        way: WayBack<'_>,
        reason: ReopenReason,
        now: Timestamp,
    ) -> Result<(Self, ReferralEvent), NotPossible> {
        let stage = match (self.reopens_under_way()?, way) {
            // What starts with a named owner (X6) does not come back without one.
            (true, WayBack::UnderWay { worker, review_by, .. })
                if worker.is_some() || !self.risk.demands_named_owner() =>
            {
                // Whoever takes it up again does so knowing of it.
                self.risk_acknowledged = worker;
                Stage::Active { worker, review_by }
            }
            (false, WayBack::SentAgain { decision, reply_by, .. }) => {
                self.decision = Some(decision.id());
                self.sent_at.get_or_insert(now);
                Stage::Sent { reply_by }
            }
            _ => return Err(self.not_possible(Command::Reopen)),
        };
        Ok(self.enter(stage, now, ReferralFact::Reopened { reason }))
    }
}

pub fn reopen<S>(
    tx: &mut S,
    op: &OpContext,
    (target, reason): (Target, ReopenReason),
) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + DecisionLocks + ServiceWrites + OrganisationReads + Calendars + ?Sized,
{
    let (referral, decisions) = load_to_share(tx, op, target)?;
    let permit = op.authorize(Action::ReopenReferral, &referral)?;
    referral.refuse_unheard(op, Command::Reopen)?;
    let under_way = referral.reopens_under_way().map_err(|refused| referral.as_heard(op, refused))?;
    if op.now().duration_since(referral.stage_since) > REOPEN_WITHIN {
        return Err(ReferralError::TooLateToReopen);
    }
    let way = if under_way {
        under_way_again(tx, op, &referral, &decisions)?
    } else {
        sent_again(tx, op, &referral, &decisions)?
    };
    let (reopened, event) = referral.reopen(way, reason, op.now())?;
    let saved = tx.save_referral(&reopened)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}

/// Whoever reopens on the receiving side becomes its worker.
fn under_way_again<'a, S>(
    tx: &mut S,
    op: &OpContext,
    referral: &Referral,
    decisions: &'a [Decision],
) -> Result<WayBack<'a>, ReferralError>
where
    S: ReferralWrites + ServiceWrites + OrganisationReads + Calendars + ?Sized,
{
    let worker = op.user().filter(|_| op.organisation() == Some(referral.to.organisation));
    if referral.risk.demands_named_owner() && worker.is_none() {
        return Err(ReferralError::NeedsNamedWorker);
    }
    let facts = recipient(tx, referral)?;
    let its_own = decisions.iter().find(|decision| Some(decision.id) == referral.decision);
    let decision =
        its_own.ok_or(NoActiveDecision::Missing)?.active_for(Purpose::Referral, facts, op.now())?;
    let mut service = tx.lock_service(referral.to.service)?.ok_or(ReferralError::ServiceNotFound)?;
    let Room::Place(place) = service.capacity.take_from_queue() else {
        return Err(ReferralError::NoPlace);
    };
    tx.save_places_taken(&service)?;
    let review_by = due(tx.calendar(), op, service.targets.review_days);
    Ok(WayBack::UnderWay { decision, place, worker, review_by })
}

fn sent_again<'a, S>(
    tx: &mut S,
    op: &OpContext,
    referral: &Referral,
    decisions: &'a [Decision],
) -> Result<WayBack<'a>, ReferralError>
where
    S: ReferralWrites + ServiceWrites + OrganisationReads + Calendars + ?Sized,
{
    let decision = active(decisions, recipient(tx, referral)?, op)?;
    let (service, admission) = admitted(tx, op, referral)?;
    let reply_by = due(tx.calendar(), op, service.targets.reply_days);
    Ok(WayBack::SentAgain { decision, admission, reply_by })
}
