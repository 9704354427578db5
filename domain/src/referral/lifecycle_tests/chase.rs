//! What is overdue comes before one after another, and nothing is ever decided by a clock.

use std::sync::Arc;

use jiff::Timestamp;

use super::fixtures::{At, Counting, LINK_WORKERS, PRACTICE, days, id, monday, one_in_each_stage, referral};
use super::mem_tx::MemTx;
use super::verbs::value;
use crate::kernel::OpContext;
use crate::referral::chase::{Around, Chase, ChaseStep, chase};
use crate::referral::referral::Sender;
use crate::referral::{FeedbackChoice, Parent, Referral, Stage, StageName};

/// All who hear of it when it is looked at every day for a month.
fn heard(referral: &Referral, there: bool) -> Vec<ChaseStep> {
    let around = Around { there, home: Some(referral.from) };
    let (mut so_far, mut heard) = (None, Vec::new());
    for day in 0..30 {
        let now = monday() + days(day);
        if let Some(step) = referral.chased_next(so_far.as_ref(), &around, now) {
            let due = referral.stage.due().expect("only what is open is chased");
            assert!(now >= due, "before it is due");
            so_far = Some(Chase { due, step, next_at: Some(now + days(1)) });
            heard.push(step);
        }
    }
    heard
}

#[test]
fn what_is_overdue_comes_before_its_owner_then_their_lead_then_whoever_waits_for_an_answer() {
    for sample in one_in_each_stage() {
        let expected: &[ChaseStep] = match sample.stage.name() {
            StageName::Sent | StageName::Waitlisted => {
                &[ChaseStep::Owner, ChaseStep::Lead, ChaseStep::Sender]
            }
            stage if stage.is_open() => &[ChaseStep::Owner, ChaseStep::Lead],
            _ => &[],
        };
        assert_eq!(heard(&sample, true), expected, "{:?}", sample.stage);
    }
}

#[test]
fn where_nobody_works_whoever_asked_hears_at_once() {
    let sent = referral(Stage::Sent { reply_by: monday() });
    assert_eq!(heard(&sent, false), [ChaseStep::Sender]);
    assert_eq!(heard(&referral(Stage::Active { worker: None, review_by: monday() }), false), []);
}

#[test]
fn inside_one_organisation_nobody_is_told_to_look_elsewhere() {
    let inside = Sender { organisation: id(LINK_WORKERS), user: None };
    let sent = Referral { from: inside, ..referral(Stage::Sent { reply_by: monday() }) };
    assert_eq!(heard(&sent, true), [ChaseStep::Owner, ChaseStep::Lead]);
}

#[test]
fn whoever_is_to_hear_nothing_is_not_told_that_nobody_answers_and_whoever_coordinates_is() {
    let silent =
        Referral { feedback: FeedbackChoice::Nothing, ..referral(Stage::Sent { reply_by: monday() }) };
    assert_eq!(heard(&silent, true), [ChaseStep::Owner, ChaseStep::Lead]);
    assert_eq!(heard(&silent, false), []);
    let parent = Some(Parent { referral: id(50), organisation: id(PRACTICE) });
    assert_eq!(heard(&Referral { parent, ..silent }, false), [ChaseStep::Sender]);
}

#[test]
fn a_place_that_is_shut_after_it_was_reminded_is_passed_over() {
    let sent = referral(Stage::Sent { reply_by: monday() });
    let told = Chase { due: monday(), step: ChaseStep::Owner, next_at: Some(monday()) };
    let around = Around { there: false, home: Some(sent.from) };
    assert_eq!(sent.chased_next(Some(&told), &around, monday()), Some(ChaseStep::Sender));
}

#[test]
fn another_due_time_begins_anew_whoever_had_heard_of_the_one_before() {
    let told = Chase { due: monday(), step: ChaseStep::Lead, next_at: None };
    let again = referral(Stage::Active { worker: None, review_by: monday() + days(7) });
    let around = Around { there: true, home: None };
    assert_eq!(again.chased_next(Some(&told), &around, monday() + days(6)), None);
    assert_eq!(again.chased_next(Some(&told), &around, monday() + days(7)), Some(ChaseStep::Owner));
}

fn look(tx: &mut MemTx, sent: &Referral, at: &str) -> Option<ChaseStep> {
    let now: Timestamp = at.parse().unwrap();
    let organisation = Some(id(LINK_WORKERS));
    let op = OpContext::for_job("chase", id(63), organisation, &At(now), Arc::new(Counting));
    value(chase(tx, &op, sent.id))
}

#[test]
fn after_an_outage_each_has_a_working_day_before_the_next_hears_also_where_the_clocks_change() {
    let sent = referral(Stage::Sent { reply_by: "2027-03-19T17:00:00Z".parse().unwrap() });
    let mut tx = MemTx::with_places(Some(1));
    tx.keep(&sent);
    // Nothing ran for a week. On Friday the owner is reminded; the clocks go forward on Sunday.
    assert_eq!(look(&mut tx, &sent, "2027-03-26T09:00:00Z"), Some(ChaseStep::Owner));
    assert_eq!(look(&mut tx, &sent, "2027-03-26T09:00:00Z"), None, "told once");
    assert_eq!(look(&mut tx, &sent, "2027-03-29T15:59:59Z"), None);
    assert_eq!(look(&mut tx, &sent, "2027-03-29T16:00:00Z"), Some(ChaseStep::Lead), "five o'clock in summer");
    assert_eq!(look(&mut tx, &sent, "2027-03-30T15:59:59Z"), None);
    assert_eq!(look(&mut tx, &sent, "2027-04-12T09:00:00Z"), Some(ChaseStep::Sender));
    assert_eq!(look(&mut tx, &sent, "2028-04-12T09:00:00Z"), None, "there is nobody left to tell");
    assert_eq!(tx.referrals[&sent.id], sent, "a clock decides nothing");
}
