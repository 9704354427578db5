//! Invented parties, a referral in any stage, and every arrow called with real proofs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::consent::{
    ActiveDecision, Decision, Explained, HowGiven, OrganisationFacts, Purpose, Recipient, Scope,
};
use crate::directory::{
    Admission, Capacity, CapacityState, Cost, IntakeRules, Place, Room, SentLately, Service, ServiceStatus,
    Targets,
};
use crate::kernel::op_context::VerifiedSession;
use crate::kernel::{Clock, IdSource, OpContext, OrganisationId, TypedId, UserId};
use crate::policy::{Role, Roles};
use crate::referral::reassign::Together;
use crate::referral::referral::{Receiver, Sender};
use crate::referral::reopen::WayBack;
use crate::referral::stage::{HeldFrom, Hold};
use crate::referral::undo::Before;
use crate::referral::{
    AgeBand, AttemptsMade, Brief, CancelReason, Command, DeclineReason, EndReason, FeedbackChoice,
    HoldReason, Need, NotPossible, Outcome, ReassignReason, Reference, Referral, ReferralEvent, ReferralFact,
    ReopenReason, ReturnReason, Risk, Route, Stage, StageName, TransferReason, WithdrawnBy,
};
use crate::tenancy::OrganisationKind;

pub const PRACTICE: u128 = 1;
pub const LINK_WORKERS: u128 = 2;
pub const CHARITY: u128 = 3;
pub const THEIR_SERVICE: u128 = 10;
pub const OTHER_SERVICE: u128 = 11;
pub const REFERRER: u128 = 21;
pub const WORKER: u128 = 22;
pub const COLLEAGUE: u128 = 23;
/// Keeps the link workers' directory entry, and helps nobody.
pub const DESK: u128 = 24;
pub const PERSON: u128 = 31;

pub fn id<I: TypedId>(number: u128) -> I {
    I::from_uuid(Uuid::from_u128(number))
}

/// A Monday morning.
pub fn monday() -> Timestamp {
    "2026-11-02T09:00:00Z".parse().unwrap()
}

pub fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

pub fn decision() -> Decision {
    Decision {
        id: id(41),
        person: id(PERSON),
        recipient: Recipient::Network,
        purpose: Purpose::Referral,
        scope: Scope::Full,
        how_given: HowGiven::Spoken,
        explained: Explained { statement: "2026-11".into(), language: "en-GB".into() },
        recorded_by: None,
        recorded_for: id(PRACTICE),
        given_at: monday(),
        ends_at: None,
        withdrawn_at: None,
    }
}

pub fn proof(decision: &Decision) -> ActiveDecision<'_> {
    let facts =
        OrganisationFacts { organisation: id(LINK_WORKERS), kind: OrganisationKind::LinkWorkerService };
    decision.active_for(Purpose::Referral, facts, monday()).unwrap()
}

pub fn service(number: u128, organisation: u128, places: Option<u32>) -> Service {
    Service {
        id: id(number),
        organisation: id(organisation),
        name: "Walking and talking".into(),
        description: None,
        status: ServiceStatus::Active,
        area: None,
        place: None,
        cost: Cost::Free,
        step_free: Some(true),
        online: false,
        languages: vec!["en-GB".into()],
        intake: IntakeRules::default(),
        targets: Targets { reply_days: 2, contact_days: 3, review_days: 15, attempts_before_end: 3 },
        capacity: Capacity { state: CapacityState::Open, places, taken: 0, as_of: monday() },
        source: None,
        version: 1,
    }
}

fn admission() -> Admission {
    service(THEIR_SERVICE, LINK_WORKERS, None).admits(&brief(), SentLately::default()).unwrap()
}

fn place() -> Place {
    match service(THEIR_SERVICE, LINK_WORKERS, None).capacity.take() {
        Room::Place(place) => place,
        Room::Full => panic!("a service that counts no places has room"),
    }
}

pub fn brief() -> Brief {
    Brief { needs: vec![Need::Loneliness], age_band: AgeBand::From65, area: None, access_needs: vec![] }
}

pub fn referral(stage: Stage) -> Referral {
    Referral {
        id: id(51),
        reference: Reference::from_random(51),
        person: id(PERSON),
        from: Sender { organisation: id(PRACTICE), user: Some(id(REFERRER)) },
        to: Receiver { organisation: id(LINK_WORKERS), service: id(THEIR_SERVICE) },
        parent: None,
        origin: None,
        asker: None,
        decision: Some(id(41)),
        route: Route::Professional,
        brief: brief(),
        feedback: FeedbackChoice::All,
        risk: Risk::NoneKnown,
        risk_acknowledged: None,
        drafted_at: monday(),
        sent_at: (stage.name() != StageName::Draft).then(monday),
        version: 1,
        stage_since: monday(),
        next_step: None,
        stage,
    }
}

/// One referral in each stage; on hold twice, because it goes back to where it came from.
pub fn one_in_each_stage() -> Vec<Referral> {
    let due = monday() + days(5);
    let worker = Some(id(WORKER));
    let held = |from| {
        let reason = HoldReason::Illness;
        Stage::OnHold(Hold {
            worker,
            from,
            reason,
            until: due,
            look_at: None,
            due_before: monday() + days(9),
        })
    };
    [
        Stage::Draft { due },
        Stage::Sent { reply_by: due },
        Stage::Waitlisted { review_by: due },
        Stage::Returned { reason: ReturnReason::NeedsInformation, answer_by: due },
        Stage::Accepted { worker, contact_by: due },
        Stage::Active { worker, review_by: due },
        held(HeldFrom::Accepted),
        held(HeldFrom::Active),
        Stage::Completed { outcome: Outcome::GoalMet },
        Stage::Ended { reason: EndReason::NotReached },
        Stage::Declined { reason: DeclineReason::NoCapacity },
        Stage::Withdrawn { by: WithdrawnBy::Person },
        Stage::Cancelled { reason: CancelReason::Duplicate },
        Stage::Transferred { to: id(52) },
    ]
    .map(referral)
    .into()
}

/// Calls the arrow itself, with proofs made the only way they can be made.
pub fn call(
    referral: Referral,
    command: Command,
    now: Timestamp,
) -> Result<(Referral, ReferralEvent), NotPossible> {
    let (given, due) = (decision(), now + days(5));
    let decided = proof(&given);
    match command {
        Command::Send => referral.send(&decided, &admission(), due, now),
        Command::Accept => referral.accept(&decided, &place(), due, now),
        Command::Waitlist => referral.waitlist(due, now),
        Command::OfferPlace => referral.offer_place(&decided, (&place(), None), due, now),
        Command::Return => referral.give_back(ReturnReason::OutOfArea, due, now),
        Command::Decline => referral.decline(DeclineReason::NotSuitable, now),
        Command::Allocate => referral.allocate(id(WORKER), None),
        Command::Reassign => referral.reassign(id(COLLEAGUE), ReassignReason::Sickness, together()),
        Command::UndoAllocation => referral.undo_allocation(Some(id(COLLEAGUE))),
        Command::UndoContact => {
            let (back, event) = referral.clone().undo_contact(&before_a_contact(&referral))?;
            let event = event.unwrap_or_else(|| back.event(ReferralFact::Read));
            Ok((back, event))
        }
        Command::AcknowledgeRisk => referral.acknowledge_risk(id(WORKER)),
        Command::Start => referral.start(Some(id(COLLEAGUE)), due, now),
        Command::Hold => referral.hold(HoldReason::Away, due, now),
        Command::Resume => referral.resume(now),
        Command::Complete => referral.complete(Outcome::PartlyMet, now),
        Command::End => referral.end(&AttemptsMade::check(3, 3).unwrap(), EndReason::DidNotEngage, now),
        Command::Withdraw => referral.withdraw(WithdrawnBy::Person, now),
        Command::Cancel => referral.cancel(CancelReason::SentInError, now),
        Command::Transfer => referral.transfer(id(52), TransferReason::Moved, now),
        Command::Reopen => {
            let under_way = matches!(referral.stage.name(), StageName::Completed | StageName::Ended);
            referral.reopen(way_back(under_way, decided, due), ReopenReason::CameBack, now)
        }
    }
}

/// Both who are concerned have still to hear of it.
fn together() -> Together {
    Together { id: id(71), tell: vec![id(WORKER), id(COLLEAGUE)] }
}

/// As if the latest contact had started what is under way, and had moved what is due.
pub fn before_a_contact(referral: &Referral) -> Before {
    let before = Before::of(referral);
    let stage = match before.stage {
        StageName::Active => StageName::Accepted,
        stage => stage,
    };
    Before { stage, due: before.due.map(|due| due - days(1)), next_step: None, ..before }
}

pub fn way_back(under_way: bool, decision: ActiveDecision<'_>, due: Timestamp) -> WayBack<'_> {
    if under_way {
        WayBack::UnderWay { decision, place: place(), worker: Some(id(WORKER)), review_by: due }
    } else {
        WayBack::SentAgain { decision, admission: admission(), reply_by: due }
    }
}

#[derive(Debug)]
pub struct At(pub Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Counts, so that every life can be lived again.
#[derive(Debug)]
pub struct Counting;

static NEXT: AtomicU64 = AtomicU64::new(1_000);

impl IdSource for Counting {
    fn next(&self, _at: Timestamp) -> Uuid {
        Uuid::from_u128(NEXT.fetch_add(1, Ordering::Relaxed).into())
    }
}

pub fn acting(organisation: OrganisationId, user: UserId, roles: &[Role], now: Timestamp) -> OpContext {
    let session = VerifiedSession {
        session: id(61),
        user,
        membership: id(62),
        membership_version: 1,
        network: id(63),
        organisation: Some(organisation),
        roles: roles.iter().copied().collect::<Roles>(),
        proved_at: now,
    };
    OpContext::for_session(&session, &At(now), Arc::new(Counting))
}

pub fn as_referrer(now: Timestamp) -> OpContext {
    acting(id(PRACTICE), id(REFERRER), &[Role::Referrer], now)
}

pub fn as_lead(now: Timestamp) -> OpContext {
    acting(id(LINK_WORKERS), id(WORKER), &[Role::TeamLead], now)
}
