//! Refusals by name that leave nothing behind.

use super::fixtures::{PERSON, THEIR_SERVICE, as_lead, as_referrer, days, decision, id, monday};
use super::mem_tx::MemTx;
use super::verbs::{accepted, contact};
use crate::consent::record::{DecisionError, RecordDecision, record};
use crate::consent::{HowGiven, Purpose, Recipient, Scope};
use crate::contact::{ContactError, ContactResult, LogContact, NextStep, log};
use crate::directory::CapacityState;
use crate::directory::publish::ServiceError;
use crate::directory::set_capacity::{SetCapacity, set_capacity};
use crate::referral::Risk;

#[test]
fn a_contact_with_a_step_in_the_past_or_a_message_nobody_wanted_is_not_kept() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    tx.no_voicemail = true;
    let lead = as_lead(monday());
    let before = tx.clone();
    let step = Some((NextStep::Call, monday() - days(1)));
    let past = log(&mut tx, &lead, LogContact { next: step, ..contact(&accepted, ContactResult::NoAnswer) });
    assert!(matches!(past, Err(ContactError::NextStepInPast)));
    let message = log(&mut tx, &lead, contact(&accepted, ContactResult::LeftMessage));
    assert!(matches!(message, Err(ContactError::NoVoicemail)));
    assert_eq!((&tx.contacts, &tx.referrals), (&before.contacts, &before.referrals));
    assert!(log(&mut tx, &lead, contact(&accepted, ContactResult::NoAnswer)).is_ok());
}

#[test]
fn a_service_cannot_say_that_it_has_fewer_places_than_are_taken() {
    let (mut tx, _) = accepted(Risk::NoneKnown);
    let say = |places| SetCapacity { service: id(THEIR_SERVICE), state: CapacityState::Open, places };
    let before = tx.services.clone();
    let refused = set_capacity(&mut tx, &as_lead(monday()), say(Some(0)));
    assert!(matches!(refused, Err(ServiceError::FewerThanTaken)));
    assert_eq!(tx.services, before);
    for enough in [Some(1), Some(7), None] {
        assert!(set_capacity(&mut tx.clone(), &as_lead(monday()), say(enough)).is_ok(), "{enough:?}");
    }
}

#[test]
fn a_decision_that_would_end_before_it_begins_is_not_recorded() {
    let mut tx = MemTx::with_places(None);
    let ending = |ends_at| RecordDecision {
        person: id(PERSON),
        recipient: Recipient::Network,
        purpose: Purpose::Referral,
        scope: Scope::Full,
        how_given: HowGiven::Spoken,
        explained: decision().explained,
        ends_at: Some(ends_at),
    };
    let kept = tx.decisions.clone();
    for past in [monday() - days(1), monday()] {
        let refused = record(&mut tx, &as_referrer(monday()), ending(past));
        assert!(matches!(refused, Err(DecisionError::EndsInPast)), "{past}");
        assert_eq!(tx.decisions, kept);
    }
    assert!(record(&mut tx, &as_referrer(monday()), ending(monday() + days(1))).is_ok());
}
