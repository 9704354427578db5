//! Random days in a network, through the use cases: places, access, versions and the record stay in step.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::Index;

use super::fixtures::{
    COLLEAGUE, OTHER_SERVICE, REFERRER, WORKER, acting, as_referrer, decision, id, monday, one_in_each_stage,
};
use super::mem_tx::MemTx;
use super::verbs::{close_out, contact};
use crate::audit::Event;
use crate::consent::{Decision, DecisionReads, Purpose};
use crate::contact::{ContactError, ContactResult};
use crate::kernel::{OpContext, Recorded, ReferralId};
use crate::policy::Role;
use crate::referral::StageName::{Declined, Returned, Sent, Waitlisted};
use crate::referral::hold::Pause;
use crate::referral::offer_place::OfferPlace;
use crate::referral::transfer::Transfer;
use crate::referral::{
    CancelReason, Command, DeclineReason, EndReason, HoldReason, Outcome, ReassignReason, Reference,
    Referral, ReferralError, ReopenReason, ReturnReason, Risk, Stage, Target, TransferReason, WithdrawnBy,
    accept, acknowledge_risk, allocate, cancel, complete, decline, end, give_back, hold, offer_place,
    reassign, reopen, resume, send, start, transfer, undo_allocation, waitlist, withdraw,
};

#[derive(Debug, Clone)]
enum Act {
    /// A command the stage offers, so that lives go on.
    Offered(Index),
    Any(Command),
    Contact(ContactResult),
    GiveDecision,
    WithdrawDecision(Index),
}

fn acts() -> impl Strategy<Value = (Index, Act, i64)> {
    let act = prop_oneof![
        8 => any::<Index>().prop_map(Act::Offered),
        3 => proptest::sample::select(Command::ALL).prop_map(Act::Any),
        3 => proptest::sample::select(ContactResult::ALL).prop_map(Act::Contact),
        1 => Just(Act::GiveDecision),
        1 => any::<Index>().prop_map(Act::WithdrawDecision),
    ];
    (any::<Index>(), act, 0..20_000_i64)
}

pub type Done = Result<Vec<Event>, ReferralError>;

fn events<T>(recorded: Result<Recorded<T>, ReferralError>) -> Done {
    recorded.map(|recorded| recorded.into_parts().2)
}

fn by_its_side(tx: &mut MemTx, referral: &Referral, command: Command, now: Timestamp) -> Done {
    let of_sender = matches!(command, Command::Send | Command::Cancel);
    let organisation = if of_sender { referral.from.organisation } else { referral.to.organisation };
    let user = if of_sender { REFERRER } else { WORKER };
    use_case(tx, &acting(organisation, id(user), &[Role::TeamLead], now), referral, command)
}

/// The use case of each command, by whoever acts.
pub fn use_case(tx: &mut MemTx, op: &OpContext, referral: &Referral, command: Command) -> Done {
    let target = Target { referral: referral.id, version: Some(referral.version) };
    events(match command {
        Command::Send => send::send(tx, op, target),
        Command::Accept => accept::accept(tx, op, target),
        Command::Waitlist => waitlist::waitlist(tx, op, target),
        Command::OfferPlace => offer_place::offer_place(tx, op, OfferPlace { target, out_of_turn: None }),
        Command::Return => give_back::give_back(tx, op, (target, ReturnReason::OutOfArea)),
        Command::Decline => decline::decline(tx, op, (target, DeclineReason::NotSuitable)),
        Command::Allocate => allocate::allocate(tx, op, (target, id(WORKER))),
        Command::Reassign => {
            let worker = if referral.stage.worker() == Some(id(WORKER)) { COLLEAGUE } else { WORKER };
            let reason = Some(ReassignReason::Workload);
            let cmd = reassign::Reassign { target, worker: id(worker), reason, together: None };
            reassign::reassign(tx, op, cmd)
        }
        Command::UndoAllocation => undo_allocation::undo_allocation(tx, op, referral.id),
        Command::UndoContact => return take_back(tx, op, referral),
        Command::AcknowledgeRisk => acknowledge_risk::acknowledge_risk(tx, op, target),
        Command::Start => start::start(tx, op, target),
        Command::Hold => {
            let until = op.now() + SignedDuration::from_hours(90);
            hold::hold(tx, op, Pause { target, reason: HoldReason::Away, until })
        }
        Command::Resume => resume::resume(tx, op, target),
        Command::Complete => {
            let (outcome, close_out) = (Outcome::GoalMet, close_out());
            complete::complete(tx, op, complete::Complete { target, outcome, close_out })
        }
        Command::End => end::end(tx, op, (target, EndReason::NotReached)),
        Command::Withdraw => withdraw::withdraw(tx, op, (target, WithdrawnBy::Person)),
        Command::Cancel => cancel::cancel(tx, op, (target, CancelReason::Duplicate)),
        Command::Transfer => {
            let (service, reason) = (id(OTHER_SERVICE), TransferReason::BetterFit);
            transfer::transfer(tx, op, Transfer { target, service, reason })
        }
        Command::Reopen => reopen::reopen(tx, op, (target, ReopenReason::CameBack)),
    })
}

fn take_back(tx: &mut MemTx, op: &OpContext, referral: &Referral) -> Done {
    let latest =
        tx.contacts.iter().rfind(|contact| contact.referral == referral.id).map(|contact| contact.id);
    let latest = latest.ok_or(ReferralError::NotFound)?;
    match crate::contact::undo::undo(tx, op, latest) {
        Ok(recorded) => Ok(recorded.into_parts().2),
        Err(ContactError::Referral(refused)) => Err(refused),
        Err(ContactError::Denied(denied)) => Err(denied.into()),
        Err(_) => Err(ReferralError::NotFound),
    }
}

fn perform(tx: &mut MemTx, which: ReferralId, act: &Act, now: Timestamp) -> Done {
    let referral = tx.referrals[&which].clone();
    match act {
        Act::Offered(index) => match referral.stage.name().commands() {
            [] => Err(ReferralError::NotFound),
            offered => by_its_side(tx, &referral, *index.get(offered), now),
        },
        Act::Any(any) => by_its_side(tx, &referral, *any, now),
        Act::Contact(result) => {
            let op = acting(referral.to.organisation, id(WORKER), &[Role::TeamLead], now);
            let logged = crate::contact::log(tx, &op, contact(&referral, *result));
            logged.map(|recorded| recorded.into_parts().2).map_err(|_| ReferralError::NotFound)
        }
        Act::GiveDecision => {
            let op: OpContext = as_referrer(now);
            tx.decisions.push(Decision { id: op.new_id(), given_at: now, ..decision() });
            Ok(Vec::new())
        }
        Act::WithdrawDecision(index) => {
            let given = index.get(&tx.decisions).id;
            Ok(crate::consent::withdraw::withdraw(tx, &as_referrer(now), given)?.into_parts().2)
        }
    }
}

/// Places, access, owners and due times after any act.
fn in_step(tx: &mut MemTx, now: Timestamp) -> Result<(), TestCaseError> {
    for service in tx.services.values() {
        let holding =
            |referral: &&Referral| referral.to.service == service.id && referral.stage.holds_place();
        let holders = u32::try_from(tx.referrals.values().filter(holding).count()).unwrap();
        prop_assert_eq!(service.capacity.taken, holders, "a place is held by whoever holds it");
        prop_assert!(service.capacity.places.is_none_or(|places| holders <= places), "no place twice");
    }
    for referral in tx.referrals.clone().into_values() {
        let stage = &referral.stage;
        let open = referral.owner().is_some() && stage.due().is_some();
        prop_assert!(open || (!stage.is_open() && stage.reason().is_some()), "a dead end: {stage:?}");
        if stage.holds_place() {
            prop_assert!(tx.sees(&referral), "who helps sees the person: {stage:?}");
            let given = tx.decision(referral.decision.unwrap()).unwrap().unwrap();
            prop_assert!(given.withdrawn_at.is_none(), "and does so under a decision that holds at {now}");
        } else if let Stage::Transferred { to } = stage {
            let next = tx.referrals[to].stage.name();
            let may_come_back = matches!(next, Sent | Waitlisted | Returned | Declined);
            prop_assert!(!tx.sees(&referral) || may_come_back, "passed on, and {next}");
        } else if !matches!(stage, Stage::Completed { .. } | Stage::Ended { .. }) {
            prop_assert!(!tx.sees(&referral), "who does not help sees nobody: {stage:?}");
        }
        if matches!(stage, Stage::Active { .. }) && referral.risk.demands_named_owner() {
            prop_assert!(stage.worker().is_some(), "a risk under way has a named owner");
            let asked = referral.stage.name().commands().contains(&Command::AcknowledgeRisk);
            prop_assert!(referral.is_answered_for() || asked, "who knows of it, or is asked");
        }
    }
    Ok(())
}

fn drafts(tx: &mut MemTx, risks: &[Risk]) {
    for (number, risk) in (101_u128..).zip(risks) {
        let draft = one_in_each_stage().remove(0);
        let reference = Reference::from_random(number);
        tx.keep(&Referral { id: id(number), reference, risk: *risk, decision: None, ..draft });
    }
}

proptest! {
    #[test]
    fn whatever_people_do_places_access_and_owners_stay_in_step(
        places in proptest::option::of(0..3_u32),
        risks in proptest::collection::vec(proptest::sample::select(Risk::ALL), 1..5),
        acts in proptest::collection::vec(acts(), 1..60),
    ) {
        let mut now = monday();
        let mut tx = MemTx::with_places(places);
        drafts(&mut tx, &risks);
        for (which, act, minutes) in acts {
            now += SignedDuration::from_mins(minutes);
            let known: Vec<ReferralId> = tx.referrals.keys().copied().collect();
            let mut next = tx.clone();
            // A refusal rolls back, as the store does.
            let Ok(events) = perform(&mut next, *which.get(&known), &act, now) else { continue };
            for (id, after) in &next.referrals {
                let before = tx.referrals.get(id);
                let changed = before.is_none_or(|before| before.version < after.version);
                let tells = |event: &Event| match event {
                    Event::Referral(event) => event.referral == *id,
                    Event::Contact(event) => event.referral == *id && event.taken_back,
                    _ => false,
                };
                let told = events.iter().any(tells);
                prop_assert_eq!(changed, told, "each change is recorded, and nothing else is");
                prop_assert!(before.is_none_or(|before| before.version <= after.version));
            }
            tx = next;
            in_step(&mut tx, now)?;
        }
    }
}

#[test]
fn decisions_are_read_newest_first() {
    let mut tx = MemTx::with_places(None);
    tx.decisions.push(Decision { id: id(42), ..decision() });
    let read = tx.decisions(id(super::fixtures::PERSON), Purpose::Referral).unwrap();
    assert_eq!(read.first().map(|decision| decision.id), Some(id(42)));
}
