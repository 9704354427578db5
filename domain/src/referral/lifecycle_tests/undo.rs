//! Ten minutes to undo, for whoever did it, while nothing else has happened.

use jiff::SignedDuration;

use super::fixtures::{COLLEAGUE, LINK_WORKERS, WORKER, acting, as_lead, days, id, monday};
use super::mem_tx::MemTx;
use super::verbs::{accepted, any_version, at, contact, value};
use crate::audit::Event;
use crate::contact::undo::undo as take_back;
use crate::contact::{Contact, ContactError, ContactResult, LogContact, NextStep, log};
use crate::kernel::{OpContext, TaskId};
use crate::message::{Notice, TaskKind, plan};
use crate::policy::Role;
use crate::referral::allocate::allocate;
use crate::referral::chase::{Chase, ChaseStep};
use crate::referral::end::end;
use crate::referral::reassign::{Reassign, reassign};
use crate::referral::start::start;
use crate::referral::undo_allocation::undo_allocation;
use crate::referral::{EndReason, ReassignReason, Referral, ReferralError, Risk, StageName};

fn lead_after(minutes: i64) -> OpContext {
    as_lead(monday() + SignedDuration::from_mins(minutes))
}

fn another_lead() -> OpContext {
    acting(id(LINK_WORKERS), id(COLLEAGUE), &[Role::TeamLead], monday())
}

fn logged(tx: &mut MemTx, referral: &Referral, result: ContactResult) -> Contact {
    log(tx, &as_lead(monday()), contact(referral, result)).unwrap().into_parts().0
}

#[test]
fn who_has_it_is_put_back_for_ten_minutes_to_the_second() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let _ = allocate(&mut tx, &as_lead(monday()), (any_version(&accepted), id(COLLEAGUE))).unwrap();
    let given = tx.referrals[&accepted.id].clone();
    let late = as_lead(monday() + SignedDuration::from_secs(601));
    let refused = undo_allocation(&mut tx, &late, accepted.id);
    assert!(matches!(refused, Err(ReferralError::TooLateToUndo)));
    let back = value(undo_allocation(&mut tx, &lead_after(10), accepted.id));
    assert_eq!(back.version, given.version + 1, "an undo goes forward");
    assert_eq!(back, Referral { version: back.version, ..accepted });
}

#[test]
fn what_had_gone_along_comes_back_and_nothing_else_does() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let target = any_version(&accepted);
    let _ = allocate(&mut tx, &as_lead(monday()), (target, id(WORKER))).unwrap();
    let (went, own): (TaskId, TaskId) = (id(91), id(92));
    tx.tasks.insert(went, (accepted.id, id(WORKER)));
    tx.tasks.insert(own, (accepted.id, id(COLLEAGUE)));
    let reason = Some(ReassignReason::Leave);
    let cmd = Reassign { target, worker: id(COLLEAGUE), reason, together: None };
    let _ = reassign(&mut tx, &as_lead(monday()), cmd).unwrap();
    let _ = undo_allocation(&mut tx, &lead_after(5), accepted.id).unwrap();
    assert_eq!((tx.tasks[&went].1, tx.tasks[&own].1), (id(WORKER), id(COLLEAGUE)));
}

#[test]
fn it_is_for_whoever_did_it() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let _ = allocate(&mut tx, &as_lead(monday()), (any_version(&accepted), id(COLLEAGUE))).unwrap();
    assert!(matches!(undo_allocation(&mut tx, &another_lead(), accepted.id), Err(ReferralError::Denied(_))));
    let contact = logged(&mut tx, &accepted, ContactResult::NoAnswer);
    let refused = take_back(&mut tx, &another_lead(), contact.id);
    assert!(matches!(refused, Err(ContactError::Referral(ReferralError::Denied(_)))));
}

#[test]
fn what_somebody_has_built_on_is_not_undone() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let lead = as_lead(monday());
    let _ = allocate(&mut tx, &lead, (any_version(&accepted), id(WORKER))).unwrap();
    let mut contacted = tx.clone();
    let _ = logged(&mut contacted, &accepted, ContactResult::NoAnswer);
    let _ = start(&mut tx, &lead, any_version(&accepted)).unwrap();
    for tx in [&mut tx, &mut contacted] {
        let refused = undo_allocation(tx, &lead, accepted.id);
        assert!(matches!(refused, Err(ReferralError::ChangedSince)));
    }
    let first = logged(&mut tx, &accepted, ContactResult::NoAnswer);
    let _ = logged(&mut tx, &accepted, ContactResult::NoAnswer);
    let refused = take_back(&mut tx, &lead, first.id);
    assert!(matches!(refused, Err(ContactError::Referral(ReferralError::ChangedSince))));
}

#[test]
fn twice_is_once() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let lead = as_lead(monday());
    let _ = allocate(&mut tx, &lead, (any_version(&accepted), id(WORKER))).unwrap();
    let back = value(undo_allocation(&mut tx, &lead, accepted.id));
    let (again, acts, events) = undo_allocation(&mut tx, &lead_after(60), accepted.id).unwrap().into_parts();
    assert_eq!((again, acts.len(), events.len()), (back, 0, 0));
    let contact = logged(&mut tx, &accepted, ContactResult::Spoke);
    let _ = take_back(&mut tx, &lead, contact.id).unwrap();
    assert!(take_back(&mut tx, &lead, contact.id).unwrap().into_parts().2.is_empty());
}

#[test]
fn a_risk_that_is_nobodys_again_asks_for_a_worker_again() {
    let (mut tx, accepted) = accepted(Risk::Harm);
    let lead = as_lead(monday());
    let _ = allocate(&mut tx, &lead, (any_version(&accepted), id(WORKER))).unwrap();
    let events = undo_allocation(&mut tx, &lead, accepted.id).unwrap().into_parts().2;
    let asks = |notice: &Notice| matches!(notice, Notice::Task { kind: TaskKind::NameOwner, .. });
    assert!(plan(&events[0], &lead).iter().any(asks));
}

#[test]
fn a_contact_that_is_taken_back_takes_back_the_start_and_the_next_step() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let call = LogContact {
        next: Some((NextStep::Call, monday() + days(1))),
        ..contact(&accepted, ContactResult::NoAnswer)
    };
    let _ = log(&mut tx, &as_lead(monday()), call).unwrap();
    let planned = tx.referrals[&accepted.id].clone();
    let spoke = LogContact {
        next: Some((NextStep::Review, monday() + days(9))),
        ..contact(&accepted, ContactResult::Spoke)
    };
    let spoke = log(&mut tx, &lead_after(60), spoke).unwrap().into_parts().0;
    assert_eq!(tx.referrals[&accepted.id].stage.name(), StageName::Active);
    let (taken_back, _, events) = take_back(&mut tx, &lead_after(65), spoke.id).unwrap().into_parts();
    assert!(taken_back.taken_back_at.is_some());
    let names: Vec<_> = events.iter().map(Event::name).collect();
    assert_eq!(names, ["contact.taken_back", "referral.start_undone"]);
    let back = tx.referrals[&accepted.id].clone();
    assert_eq!(back, Referral { version: back.version, ..planned });
}

#[test]
fn what_was_taken_back_is_no_attempt() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    for _ in 0..2 {
        let _ = logged(&mut tx, &accepted, ContactResult::NoAnswer);
    }
    let third = logged(&mut tx, &accepted, ContactResult::NoAnswer);
    let give_up = (any_version(&accepted), EndReason::NotReached);
    assert!(end(&mut tx.clone(), &as_lead(monday()), give_up).is_ok());
    let _ = take_back(&mut tx, &as_lead(monday()), third.id).unwrap();
    let refused = end(&mut tx, &as_lead(monday()), give_up);
    assert!(matches!(refused, Err(ReferralError::TooFewAttempts(few)) if few.recorded == 2));
}

#[test]
fn what_is_overdue_again_comes_before_the_lead_again() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let due = at("2026-11-05T17:00:00Z");
    tx.chases.insert(accepted.id, Chase { due, step: ChaseStep::Lead, next_at: None });
    let step = Some((NextStep::Call, monday() + days(1)));
    let call = LogContact { next: step, ..contact(&accepted, ContactResult::NoAnswer) };
    let call = log(&mut tx, &as_lead(monday()), call).unwrap().into_parts().0;
    let _ = take_back(&mut tx, &as_lead(monday()), call.id).unwrap();
    let chased = tx.chases[&accepted.id];
    assert_eq!((chased.due, chased.step, chased.next_at), (due, ChaseStep::Owner, Some(monday())));
}
