//! Next steps: what a worklist shows of a referral that somebody is helping with, and when.

use jiff::Timestamp;

use super::fixtures::{as_lead, days, monday};
use super::verbs::{accepted, any_version, at, close_out, contact, value};
use crate::contact::{ContactResult, LogContact, NextStep, log};
use crate::referral::complete::{Complete, complete};
use crate::referral::hold::{Pause, hold};
use crate::referral::resume::resume;
use crate::referral::start::start;
use crate::referral::{HoldReason, Outcome, Referral, Risk, Stage};

fn agreed(referral: &Referral, step: NextStep, at: Timestamp) -> LogContact {
    LogContact { next: Some((step, at)), ..contact(referral, ContactResult::NoAnswer) }
}

#[test]
fn a_next_step_is_what_is_due_and_goes_with_its_stage() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let lead = as_lead(monday());
    let _ = log(&mut tx, &lead, agreed(&accepted, NextStep::Call, monday() + days(1))).unwrap();
    let planned = tx.referrals[&accepted.id].clone();
    assert_eq!((planned.next_step, planned.stage.due()), (Some(NextStep::Call), Some(monday() + days(1))));
    let spoke = LogContact {
        next: Some((NextStep::FirstSession, monday() + days(9))),
        ..contact(&accepted, ContactResult::Spoke)
    };
    let _ = log(&mut tx, &lead, spoke).unwrap();
    let active = tx.referrals[&accepted.id].clone();
    assert_eq!(
        (active.next_step, active.stage.due()),
        (Some(NextStep::FirstSession), Some(monday() + days(9)))
    );
    let finish =
        Complete { target: any_version(&accepted), outcome: Outcome::GoalMet, close_out: close_out() };
    assert_eq!(value(complete(&mut tx, &lead, finish)).next_step, None);
}

#[test]
fn a_next_step_far_away_does_not_put_somebody_out_of_sight() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let lead = as_lead(monday());
    let next_year = monday() + days(400);
    let _ = log(&mut tx, &lead, agreed(&accepted, NextStep::Review, next_year)).unwrap();
    let contact_by = tx.referrals[&accepted.id].stage.due();
    assert_eq!(contact_by, Some(at("2026-11-05T17:00:00Z")), "3 working days to make contact");
    let _ = start(&mut tx, &lead, any_version(&accepted)).unwrap();
    let _ = log(&mut tx, &lead, agreed(&accepted, NextStep::Review, next_year)).unwrap();
    assert_eq!(tx.referrals[&accepted.id].stage.due(), Some(at("2026-11-23T17:00:00Z")), "15 to review");
}

#[test]
fn a_next_step_agreed_during_a_pause_comes_up_before_the_pause_ends_and_leaves_it() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let lead = as_lead(monday());
    let until = monday() + days(14);
    let pause = Pause { target: any_version(&accepted), reason: HoldReason::Illness, until };
    let _ = hold(&mut tx, &lead, pause).unwrap();
    for (planned, due) in [(days(5), days(5)), (days(300), days(14))] {
        let _ = log(&mut tx, &lead, agreed(&accepted, NextStep::Call, monday() + planned)).unwrap();
        let held = &tx.referrals[&accepted.id];
        assert_eq!((held.next_step, held.stage.due()), (Some(NextStep::Call), Some(monday() + due)));
        assert!(matches!(held.stage, Stage::OnHold(pause) if pause.until == until));
    }
    let resumed = value(resume(&mut tx, &as_lead(monday() + days(14)), any_version(&accepted)));
    assert_eq!((resumed.next_step, resumed.stage.due()), (None, Some(at("2026-11-19T17:00:00Z"))));
}
