//! A recorded risk (X6): somebody is asked to name a worker, and that worker answers for it before it starts.

use super::fixtures::{COLLEAGUE, LINK_WORKERS, WORKER, acting, as_lead, days, id, monday, referral};
use super::mem_tx::MemTx;
use super::verbs::{accepted, any_version, value};
use crate::audit::Event;
use crate::kernel::OpContext;
use crate::message::{Notice, TaskKind, plan};
use crate::policy::Role;
use crate::referral::acknowledge_risk::acknowledge_risk;
use crate::referral::allocate::allocate;
use crate::referral::offer_place::{OfferPlace, offer_place};
use crate::referral::reassign::{Reassign, reassign};
use crate::referral::start::start;
use crate::referral::{Command, ReassignReason, Referral, ReferralError, Risk, Stage, Target};

fn colleague() -> OpContext {
    acting(id(LINK_WORKERS), id(COLLEAGUE), &[Role::LinkWorker], monday())
}

fn asks_for_an_owner(event: &Event) -> bool {
    let task = |notice: &Notice| {
        matches!(notice, Notice::Task { kind: TaskKind::NameOwner, organisation, user: None, .. }
            if *organisation == id(LINK_WORKERS))
    };
    plan(event, &as_lead(monday())).iter().any(task)
}

#[test]
fn taking_up_a_risk_without_a_worker_asks_the_leads_to_name_one() {
    for risk in Risk::ALL {
        let mut tx = MemTx::with_places(Some(1));
        let sent = Referral { risk: *risk, ..referral(Stage::Sent { reply_by: monday() + days(2) }) };
        tx.keep(&sent);
        let accepted = crate::referral::accept::accept(&mut tx, &as_lead(monday()), any_version(&sent));
        let asked = accepted.unwrap().into_parts().2.iter().any(asks_for_an_owner);
        assert_eq!(asked, risk.demands_named_owner(), "accepted with {risk}");
        let mut tx = MemTx::with_places(Some(1));
        let waiting = Referral { risk: *risk, ..referral(Stage::Waitlisted { review_by: monday() }) };
        tx.keep(&waiting);
        let offer = OfferPlace { target: any_version(&waiting), out_of_turn: None };
        let offered = offer_place(&mut tx, &as_lead(monday()), offer);
        let asked = offered.unwrap().into_parts().2.iter().any(asks_for_an_owner);
        assert_eq!(asked, risk.demands_named_owner(), "offered a place with {risk}");
    }
}

#[test]
fn only_the_named_worker_acknowledges_and_saying_so_twice_records_it_once() {
    let (mut tx, accepted) = accepted(Risk::Safeguarding);
    let target = any_version(&accepted);
    let unnamed = acknowledge_risk(&mut tx, &as_lead(monday()), target);
    assert!(matches!(unnamed, Err(ReferralError::NeedsNamedWorker)));
    let _ = allocate(&mut tx, &as_lead(monday()), (target, id(COLLEAGUE))).unwrap();
    let for_another = acknowledge_risk(&mut tx, &as_lead(monday()), target);
    assert!(matches!(for_another, Err(ReferralError::Denied(_))));
    let (known, _, events) = acknowledge_risk(&mut tx, &colleague(), target).unwrap().into_parts();
    assert_eq!(events.iter().map(Event::name).collect::<Vec<_>>(), ["referral.risk_acknowledged"]);
    assert_eq!((known.stage.due(), known.stage_since), (accepted.stage.due(), accepted.stage_since));
    let again = acknowledge_risk(&mut tx, &colleague(), target).unwrap().into_parts().2;
    assert!(again.is_empty());
}

#[test]
fn what_one_worker_acknowledged_another_has_to_acknowledge_again() {
    let (mut tx, accepted) = accepted(Risk::Harm);
    let target = any_version(&accepted);
    let _ = allocate(&mut tx, &as_lead(monday()), (target, id(COLLEAGUE))).unwrap();
    let _ = acknowledge_risk(&mut tx, &colleague(), target).unwrap();
    let _ = reassign(&mut tx, &as_lead(monday()), to(target, WORKER)).unwrap();
    let started = start(&mut tx, &as_lead(monday()), target);
    assert!(matches!(started, Err(ReferralError::RiskNotAcknowledged)));
    let _ = acknowledge_risk(&mut tx, &as_lead(monday()), target).unwrap();
    assert!(start(&mut tx, &as_lead(monday()), target).is_ok());
}

fn to(target: Target, worker: u128) -> Reassign {
    Reassign { target, worker: id(worker), reason: Some(ReassignReason::Leave), together: None }
}

#[test]
fn whoever_gets_a_risk_that_is_under_way_is_asked_to_say_that_they_know_of_it() {
    let (mut tx, accepted) = accepted(Risk::Harm);
    let target = any_version(&accepted);
    let _ = allocate(&mut tx, &as_lead(monday()), (target, id(WORKER))).unwrap();
    let _ = acknowledge_risk(&mut tx, &as_lead(monday()), target).unwrap();
    let _ = start(&mut tx, &as_lead(monday()), target).unwrap();
    let events = reassign(&mut tx, &as_lead(monday()), to(target, COLLEAGUE)).unwrap().into_parts().2;
    let task = plan(&events[0], &as_lead(monday())).into_iter().find_map(|notice| match notice {
        Notice::Task { kind, user, .. } => Some((kind, user)),
        _ => None,
    });
    assert_eq!(task, Some((TaskKind::AcknowledgeRisk, Some(id(COLLEAGUE)))));
    assert!(tx.referrals[&accepted.id].commands_open_to(&colleague()).contains(&Command::AcknowledgeRisk));
    let events = acknowledge_risk(&mut tx, &colleague(), target).unwrap().into_parts().2;
    let over = Notice::Over { kinds: &[TaskKind::AcknowledgeRisk], referral: accepted.id };
    assert!(plan(&events[0], &colleague()).contains(&over), "and the task is over");
}

#[test]
fn acknowledging_is_offered_to_the_named_worker_of_a_risk_until_it_is_done() {
    let (mut tx, accepted) = accepted(Risk::Harm);
    let target = any_version(&accepted);
    let offered = |tx: &MemTx, op: &OpContext| {
        tx.referrals[&accepted.id].commands_open_to(op).contains(&Command::AcknowledgeRisk)
    };
    assert!(!offered(&tx, &colleague()), "nobody is named");
    let _ = allocate(&mut tx, &as_lead(monday()), (target, id(COLLEAGUE))).unwrap();
    assert!(offered(&tx, &colleague()) && !offered(&tx, &as_lead(monday())));
    let _ = acknowledge_risk(&mut tx, &colleague(), target).unwrap();
    assert!(!offered(&tx, &colleague()));
}

#[test]
fn where_there_is_no_risk_there_is_nothing_to_acknowledge() {
    let (mut tx, accepted) = accepted(Risk::HomeVisit);
    let _ = allocate(&mut tx, &as_lead(monday()), (any_version(&accepted), id(WORKER))).unwrap();
    let refused = acknowledge_risk(&mut tx, &as_lead(monday()), any_version(&accepted));
    assert!(matches!(refused, Err(ReferralError::NotPossible(_))));
    assert!(value(start(&mut tx, &as_lead(monday()), any_version(&accepted))).stage.is_open());
}
