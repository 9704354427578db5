//! Reopen within 30 days: what was under way is under way again; what never began is sent again.

use jiff::{SignedDuration, Timestamp};

use super::codes::ReopenReason;
use super::rules::{Target, due, load};
use super::send::active;
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::consent::{ActiveDecision, DecisionReads, Purpose};
use crate::directory::{Place, Room, ServiceWrites};
use crate::kernel::{OpContext, Recorded};
use crate::policy::Action;
use crate::tenancy::{Calendars, OrganisationReads};

const REOPEN_WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What allows the way back: a place for what was under way, a decision for what has to be sent.
#[derive(Debug)]
pub enum WayBack<'a> {
    UnderWay { place: Place, review_by: Timestamp },
    SentAgain { decision: ActiveDecision<'a>, reply_by: Timestamp },
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
            (true, WayBack::UnderWay { review_by, .. }) => Stage::Active { worker: None, review_by },
            (false, WayBack::SentAgain { decision, reply_by }) => {
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
    S: ReferralWrites + DecisionReads + ServiceWrites + OrganisationReads + Calendars + ?Sized,
{
    let referral = load(tx, target)?;
    let permit = op.authorize(Action::ReopenReferral, &referral)?;
    let under_way = referral.reopens_under_way()?;
    if op.now().duration_since(referral.stage_since) > REOPEN_WITHIN {
        return Err(ReferralError::TooLateToReopen);
    }
    let mut service = tx.lock_service(referral.to.service)?.ok_or(ReferralError::ServiceNotFound)?;
    let decisions = tx.decisions(referral.person, Purpose::Referral)?;
    let way = if under_way {
        let Room::Place(place) = service.capacity.take_from_queue() else {
            return Err(ReferralError::NoPlace);
        };
        tx.save_places_taken(&service)?;
        WayBack::UnderWay { place, review_by: due(tx.calendar(), op, service.targets.review_days) }
    } else {
        let facts = super::accept::recipient(tx, &referral)?;
        let decision = active(&decisions, facts, op)?;
        WayBack::SentAgain { decision, reply_by: due(tx.calendar(), op, service.targets.reply_days) }
    };
    let (reopened, event) = referral.reopen(way, reason, op.now())?;
    let saved = tx.save_referral(&reopened)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}
