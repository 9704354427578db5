//! Plays a story: every act becomes the use case that a user would have called, as that member of staff, at
//! that instant. What the rules refuse stops the load; nothing is written past them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{DecisionId, OpContext, OrganisationId, PersonId, Prose, ReferralId, ServiceId};
use trellis_domain::referral::Target;
use trellis_infra::pg::PgStore;

use super::dice::{At, SeededIds};
use super::error::DemoError;
use super::history::{Act, Deed, Due};
use super::people::PersonPlan;
use super::story::Story;

/// What stands when the stories begin.
pub(super) struct Ground {
    pub(super) store: PgStore,
    pub(super) sessions: Vec<VerifiedSession>,
    pub(super) services: Vec<(ServiceId, OrganisationId)>,
    pub(super) now: Timestamp,
    pub(super) zone: TimeZone,
}

/// One person's story as it is being written.
pub(super) struct Playing<'a> {
    pub(super) ground: &'a Ground,
    pub(super) plan: &'a PersonPlan,
    ids: Arc<SeededIds>,
    pub(super) person: Option<PersonId>,
    /// By slot: which referral, and the decision it went out under.
    pub(super) referrals: BTreeMap<usize, (ReferralId, Option<DecisionId>)>,
}

/// A request that still waits for its answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    pub(super) since: Timestamp,
    pub(super) referral: ReferralId,
    pub(super) service: usize,
}

pub(super) async fn play(ground: &Ground, story: &Story, ids: SeededIds) -> Result<Vec<Waiting>, DemoError> {
    let mut playing =
        Playing { ground, plan: &story.person, ids: Arc::new(ids), person: None, referrals: BTreeMap::new() };
    let mut waiting: Vec<Option<Waiting>> = Vec::new();
    for (at, act) in &story.acts {
        playing.act(*at, act).await?;
        if waiting.len() <= act.on {
            waiting.resize(act.on + 1, None);
        }
        if let Some(slot) = waiting.get_mut(act.on) {
            *slot = playing.asked(*at, act)?;
        }
    }
    Ok(waiting.into_iter().flatten().collect())
}

impl Playing<'_> {
    async fn act(&mut self, at: Timestamp, act: &Act) -> Result<(), DemoError> {
        let op = self.op(at, act.by)?;
        match &act.deed {
            Deed::Draft(_) | Deed::Refer(_) | Deed::Onward { .. } | Deed::Agree { .. } => {
                self.ask(&op, act).await
            }
            Deed::Transfer { .. }
            | Deed::Send
            | Deed::Withdraw(_)
            | Deed::WithdrawDecision
            | Deed::Cancel(_)
            | Deed::Reopen(_)
            | Deed::MarkRead
            | Deed::FinishTasks => self.change_mind(&op, act).await,
            Deed::Accept
            | Deed::Waitlist
            | Deed::OfferPlace
            | Deed::GiveBack(_)
            | Deed::Decline(_)
            | Deed::Allocate { .. } => self.answer(&op, act).await,
            Deed::Plan(planning) => self.plan_together(&op, *planning).await,
            Deed::Meet(_) | Deed::Hold { .. } | Deed::Resume | Deed::Complete { .. } | Deed::End(_) => {
                self.help(&op, act).await
            }
        }
    }

    pub(super) fn op(&self, at: Timestamp, by: usize) -> Result<OpContext, DemoError> {
        let session = self.ground.sessions.get(by).ok_or(DemoError::Absent { what: "member of staff" })?;
        let ids: Arc<SeededIds> = Arc::clone(&self.ids);
        Ok(OpContext::for_session(session, &At(at), ids))
    }

    /// The request that an act leaves waiting, if it is one.
    fn asked(&self, since: Timestamp, act: &Act) -> Result<Option<Waiting>, DemoError> {
        let service = match &act.deed {
            Deed::Refer(request) => request.service,
            Deed::Onward { service, .. } => *service,
            _ => return Ok(None),
        };
        Ok(Some(Waiting { since, referral: self.target(act.on)?.referral, service }))
    }

    pub(super) fn target(&self, slot: usize) -> Result<Target, DemoError> {
        let (referral, _) = self.referrals.get(&slot).ok_or(DemoError::Absent { what: "referral" })?;
        Ok(Target { referral: *referral, version: None })
    }

    pub(super) fn service(&self, at: usize) -> Result<(ServiceId, OrganisationId), DemoError> {
        self.ground.services.get(at).copied().ok_or(DemoError::Absent { what: "service" })
    }

    /// Five o'clock on a working day, and never before the act itself.
    pub(super) fn due(&self, at: Timestamp, due: Due) -> Timestamp {
        let (from, days) = match due {
            Due::After(days) => (at, days),
            Due::FromToday(days) => (self.ground.now, days),
        };
        let soon = at.checked_add(SignedDuration::from_hours(1)).unwrap_or(at);
        let planned = from.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(from);
        let mut date = planned.to_zoned(self.ground.zone.clone()).date();
        while matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            let Ok(next) = date.checked_add(1.day()) else { break };
            date = next;
        }
        let closes = date.to_datetime(jiff::civil::time(17, 0, 0, 0)).to_zoned(self.ground.zone.clone());
        closes.map_or(soon, |closes| closes.timestamp()).max(soon)
    }
}

pub(super) fn prose(text: Option<&'static str>) -> Result<Option<Prose>, DemoError> {
    text.map(Prose::parse).transpose().map_err(DemoError::made("text"))
}
