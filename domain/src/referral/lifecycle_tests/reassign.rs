//! From one worker to another: who may, what goes along, and who hears of it.

use super::fixtures::{COLLEAGUE, DESK, LINK_WORKERS, REFERRER, WORKER, acting, as_lead, days, id, monday};
use super::mem_tx::MemTx;
use super::verbs::{accepted, any_version, contact, value};
use crate::audit::Event;
use crate::contact::{ContactResult, LogContact, NextStep, log};
use crate::kernel::{OpContext, TaskId, UserId};
use crate::message::{Notice, Template, Topic, plan};
use crate::policy::Role;
use crate::referral::allocate::allocate;
use crate::referral::reassign::{Reassign, reassign};
use crate::referral::{ReassignReason, Referral, ReferralError, Risk};

fn colleague() -> OpContext {
    acting(id(LINK_WORKERS), id(COLLEAGUE), &[Role::LinkWorker], monday())
}

/// Neither of the two whom it concerns.
fn another_lead() -> OpContext {
    acting(id(LINK_WORKERS), id(DESK), &[Role::TeamLead], monday())
}

fn to(referral: &Referral, worker: u128) -> Reassign {
    let reason = Some(ReassignReason::Sickness);
    Reassign { target: any_version(referral), worker: id(worker), reason, together: None }
}

fn given_to(worker: u128) -> (MemTx, Referral) {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let given = value(reassign(&mut tx, &another_lead(), Reassign { reason: None, ..to(&accepted, worker) }));
    (tx, given)
}

#[test]
fn what_somebody_has_goes_to_somebody_else_for_a_reason_only() {
    let (mut tx, theirs) = given_to(WORKER);
    let unsaid = Reassign { reason: None, ..to(&theirs, COLLEAGUE) };
    assert!(matches!(reassign(&mut tx, &as_lead(monday()), unsaid), Err(ReferralError::ReasonNeeded)));
    let moved = value(reassign(&mut tx, &as_lead(monday()), to(&theirs, COLLEAGUE)));
    assert_eq!(moved.stage.worker(), Some(id(COLLEAGUE)));
    let (_, acts, events) = reassign(&mut tx, &as_lead(monday()), to(&theirs, WORKER)).unwrap().into_parts();
    assert_eq!(acts.iter().map(|act| act.action().code()).collect::<Vec<_>>(), ["referral.reassign"]);
    assert_eq!(events.iter().map(Event::name).collect::<Vec<_>>(), ["referral.reassigned"]);
}

#[test]
fn giving_somebody_what_they_have_changes_nothing() {
    let (mut tx, theirs) = given_to(WORKER);
    let (same, acts, events) =
        reassign(&mut tx, &as_lead(monday()), to(&theirs, WORKER)).unwrap().into_parts();
    assert_eq!((same, acts.len(), events.len()), (theirs, 0, 0));
}

#[test]
fn a_worker_gives_away_their_own_and_nobody_elses() {
    let (mut tx, theirs) = given_to(WORKER);
    let refused = reassign(&mut tx, &colleague(), to(&theirs, COLLEAGUE));
    assert!(matches!(refused, Err(ReferralError::Denied(_))));
    let (mut tx, own) = given_to(COLLEAGUE);
    assert!(reassign(&mut tx, &colleague(), to(&own, WORKER)).is_ok());
}

#[test]
fn nobody_gets_what_they_could_not_take_up() {
    let (mut tx, theirs) = given_to(WORKER);
    let refused = reassign(&mut tx, &as_lead(monday()), to(&theirs, DESK));
    assert!(matches!(refused, Err(ReferralError::WorkerNotFound)));
    assert_eq!(tx.referrals[&theirs.id].stage.worker(), Some(id(WORKER)), "they have it still");
}

#[test]
fn what_was_agreed_and_what_they_had_in_hand_goes_along() {
    let (mut tx, theirs) = given_to(WORKER);
    let agreed = LogContact {
        next: Some((NextStep::Visit, monday() + days(2))),
        ..contact(&theirs, ContactResult::NoAnswer)
    };
    let _ = log(&mut tx, &as_lead(monday()), agreed).unwrap();
    let (mine, others): (TaskId, TaskId) = (id(91), id(92));
    tx.tasks.insert(mine, (theirs.id, id(WORKER)));
    tx.tasks.insert(others, (id(59), id(WORKER)));
    let moved = value(reassign(&mut tx, &as_lead(monday()), to(&theirs, COLLEAGUE)));
    assert_eq!((moved.next_step, moved.stage.due()), (Some(NextStep::Visit), Some(monday() + days(2))));
    assert_eq!((tx.tasks[&mine].1, tx.tasks[&others].1), (id(COLLEAGUE), id(WORKER)));
}

fn mailed(event: &Event, op: &OpContext) -> Vec<(Template, UserId)> {
    let mail = |notice| match notice {
        Notice::Mail { template, user, about: Topic::Reassignment(_), .. } => Some((template, user?)),
        _ => None,
    };
    plan(event, op).into_iter().filter_map(mail).collect()
}

#[test]
fn those_it_concerns_hear_once_however_many_move_and_whoever_does_it_does_not() {
    let both = [(Template::CaseloadChanged, id(WORKER)), (Template::CaseloadChanged, id(COLLEAGUE))];
    for (op, expected) in [(another_lead(), &both[..]), (as_lead(monday()), &both[1..])] {
        let (mut tx, theirs) = given_to(WORKER);
        let together = Some(id(93));
        let cmd = Reassign { together, ..to(&theirs, COLLEAGUE) };
        let events = reassign(&mut tx.clone(), &op, cmd).unwrap().into_parts().2;
        assert_eq!(mailed(&events[0], &op), expected);
        tx.told = both.iter().map(|(_, user)| (id(93), *user)).collect();
        let events = reassign(&mut tx, &op, cmd).unwrap().into_parts().2;
        assert_eq!(mailed(&events[0], &op), [], "they have a mail about the others");
    }
}

#[test]
fn only_somebody_who_may_start_it_can_be_given_it() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let lead = as_lead(monday());
    for nobody in [DESK, REFERRER] {
        let before = tx.clone();
        let refused = allocate(&mut tx, &lead, (any_version(&accepted), id(nobody)));
        assert!(matches!(refused, Err(ReferralError::WorkerNotFound)), "{nobody}");
        assert_eq!(tx.referrals, before.referrals);
    }
    assert!(allocate(&mut tx, &lead, (any_version(&accepted), id(COLLEAGUE))).is_ok());
}
