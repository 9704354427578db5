//! Rules that live in the use cases, each by one small story.

use jiff::Timestamp;

use super::fixtures::{
    CHARITY, COLLEAGUE, LINK_WORKERS, OTHER_SERVICE, PRACTICE, THEIR_SERVICE, WORKER, acting, as_lead,
    as_referrer, days, decision, id, monday, one_in_each_stage, referral,
};
use super::mem_tx::MemTx;
use super::places::use_case;
use crate::consent::{NoActiveDecision, withdraw::withdraw as withdraw_decision};
use crate::contact::{Contact, ContactError, ContactResult, LogContact, log};
use crate::directory::{CapacityState, NotAdmitted};
use crate::kernel::{Prose, Recorded};
use crate::person::Channel;
use crate::policy::Role;
use crate::referral::acknowledge_risk::acknowledge_risk;
use crate::referral::close_out::CloseOut;
use crate::referral::complete::{Complete, complete};
use crate::referral::hold::{Pause, hold};
use crate::referral::offer_place::{OfferPlace, offer_place};
use crate::referral::transfer::{Transfer, transfer};
use crate::referral::{
    Command, DeclineReason, EndReason, HoldReason, OutOfTurnReason, Outcome, Referral, ReferralError,
    ReopenReason, ReturnReason, Risk, Stage, StageName, Target, TransferReason, accept::accept,
    allocate::allocate, end::end, give_back::give_back, reopen::reopen, send::send, start::start,
};

pub fn close_out() -> CloseOut {
    let support_offered = Prose::parse("Six walks with the group").unwrap();
    CloseOut { support_offered, outcomes: None, actions_for_referrer: None }
}

pub fn contact(referral: &Referral, result: ContactResult) -> LogContact {
    LogContact {
        target: any_version(referral),
        channel: Channel::Phone,
        result,
        minutes: 10,
        note: None,
        next: None,
    }
}

/// A contact as it is kept.
fn logged(referral: &Referral) -> Contact {
    Contact {
        id: id(81),
        person: referral.person,
        referral: referral.id,
        organisation: referral.to.organisation,
        user: None,
        at: monday(),
        channel: Channel::Phone,
        result: ContactResult::NoAnswer,
        minutes: 5,
        note: None,
        next: None,
        taken_back_at: None,
    }
}

pub fn any_version(referral: &Referral) -> Target {
    Target { referral: referral.id, version: None }
}

/// A store with one referral in it, sent and accepted through the use cases.
pub fn accepted(risk: Risk) -> (MemTx, Referral) {
    let mut tx = MemTx::with_places(Some(1));
    let draft = referral(Stage::Draft { due: monday() });
    tx.keep(&Referral { risk, ..draft.clone() });
    let _ = send(&mut tx, &as_referrer(monday()), any_version(&draft)).unwrap();
    let accepted = value(accept(&mut tx, &as_lead(monday()), any_version(&draft)));
    (tx, accepted)
}

pub fn value<T>(recorded: Result<Recorded<T>, ReferralError>) -> T {
    recorded.unwrap().into_parts().0
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn taken(tx: &MemTx) -> u32 {
    tx.services[&id(THEIR_SERVICE)].capacity.taken
}

#[test]
fn due_times_come_from_the_service_and_its_working_days() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    assert_eq!(accepted.stage.due(), Some(at("2026-11-05T17:00:00Z")), "3 working days to make contact");
    let started = value(start(&mut tx, &as_lead(monday()), any_version(&accepted)));
    assert_eq!(started.stage.due(), Some(at("2026-11-23T17:00:00Z")), "15 working days to review");
}

#[test]
fn reaching_somebody_by_a_logged_contact_starts_with_the_services_own_review_time() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let _ = log(&mut tx, &as_lead(monday()), contact(&accepted, ContactResult::Spoke)).unwrap();
    let started = &tx.referrals[&accepted.id];
    assert_eq!(started.stage.due(), Some(at("2026-11-23T17:00:00Z")));
    assert_eq!(started.stage.worker(), Some(id(WORKER)), "whoever reached them became the worker");
}

#[test]
fn a_contact_that_reached_nobody_starts_nothing() {
    for result in ContactResult::ALL.iter().filter(|result| !result.reached()) {
        let (mut tx, accepted) = accepted(Risk::NoneKnown);
        let _ = log(&mut tx, &as_lead(monday()), contact(&accepted, *result)).unwrap();
        assert_eq!(tx.referrals[&accepted.id].stage.name(), StageName::Accepted, "{result}");
    }
}

#[test]
fn a_risk_asks_for_a_named_worker_before_it_is_started_in_any_way() {
    for risk in [Risk::Harm, Risk::Safeguarding] {
        let (mut tx, accepted) = accepted(risk);
        let lead = as_lead(monday());
        let started = start(&mut tx, &lead, any_version(&accepted));
        assert!(matches!(started, Err(ReferralError::NeedsNamedWorker)));
        let logged = log(&mut tx, &lead, contact(&accepted, ContactResult::Spoke));
        assert!(matches!(logged, Err(ContactError::Referral(ReferralError::NeedsNamedWorker))));
        let _ = allocate(&mut tx, &lead, (any_version(&accepted), id(WORKER))).unwrap();
        let unknown = log(&mut tx, &lead, contact(&accepted, ContactResult::Spoke));
        assert!(matches!(unknown, Err(ContactError::Referral(ReferralError::RiskNotAcknowledged))));
        let _ = acknowledge_risk(&mut tx, &lead, any_version(&accepted)).unwrap();
        assert!(log(&mut tx, &lead, contact(&accepted, ContactResult::Spoke)).is_ok());
    }
}

#[test]
fn a_pause_keeps_the_place_and_ending_it_frees_the_place() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let pause =
        Pause { target: any_version(&accepted), reason: HoldReason::Illness, until: monday() + days(7) };
    let _ = hold(&mut tx, &as_lead(monday()), pause).unwrap();
    assert_eq!(taken(&tx), 1);
    for _ in 0..3 {
        let _ = log(&mut tx, &as_lead(monday()), contact(&accepted, ContactResult::NoAnswer)).unwrap();
    }
    let ended = value(end(&mut tx, &as_lead(monday()), (any_version(&accepted), EndReason::NotReached)));
    assert_eq!((ended.stage.name(), taken(&tx)), (StageName::Ended, 0));
}

#[test]
fn a_pause_into_the_past_is_refused() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let pause = Pause { target: any_version(&accepted), reason: HoldReason::Away, until: monday() };
    assert!(matches!(hold(&mut tx, &as_lead(monday()), pause), Err(ReferralError::UntilInPast)));
}

#[test]
fn giving_up_takes_the_attempts_that_the_service_asks_for() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let give_up = (any_version(&accepted), EndReason::NotReached);
    for recorded in 0..3 {
        let refused = end(&mut tx, &as_lead(monday()), give_up).err().unwrap();
        let said = format!("{recorded} of the 3 attempts that this service asks for are recorded");
        assert_eq!(refused.to_string(), said);
        let _ = log(&mut tx, &as_lead(monday()), contact(&accepted, ContactResult::NoAnswer)).unwrap();
    }
    assert!(end(&mut tx, &as_lead(monday()), give_up).is_ok());
}

#[test]
fn the_last_place_makes_one_acceptance_and_one_waiting_and_the_queue_is_kept() {
    let (mut tx, first) = accepted(Risk::NoneKnown);
    let lead = as_lead(monday());
    for (number, minutes) in [(53, 1), (54, 2)] {
        let sent = Referral { id: id(number), ..referral(Stage::Sent { reply_by: monday() }) };
        tx.keep(&sent);
        let later = as_lead(monday() + jiff::SignedDuration::from_mins(minutes));
        let waiting = value(accept(&mut tx, &later, any_version(&sent)));
        assert_eq!(waiting.stage.name(), StageName::Waitlisted);
        assert!(!tx.sees(&waiting), "waiting opens nothing");
    }
    let offer = |number, out_of_turn| OfferPlace {
        target: Target { referral: id(number), version: None },
        out_of_turn,
    };
    assert!(matches!(offer_place(&mut tx, &lead, offer(53, None)), Err(ReferralError::NoPlace)));
    let _ = start(&mut tx, &lead, any_version(&first)).unwrap();
    let finish = Complete { target: any_version(&first), outcome: Outcome::GoalMet, close_out: close_out() };
    let _ = complete(&mut tx, &lead, finish).unwrap();
    assert!(matches!(offer_place(&mut tx, &lead, offer(54, None)), Err(ReferralError::NotFirstInQueue)));
    let out_of_turn = Some(OutOfTurnReason::PlaceFitsNeeds);
    let jumped = offer_place(&mut tx.clone(), &lead, offer(54, out_of_turn)).unwrap().into_parts().2;
    assert_eq!(jumped[0].reason(), Some("place_fits_needs"));
    let in_turn = offer_place(&mut tx.clone(), &lead, offer(53, out_of_turn)).unwrap().into_parts().2;
    assert_eq!(in_turn[0].reason(), None, "a reason that was not needed is none");
    assert!(offer_place(&mut tx, &lead, offer(53, None)).is_ok());
}

#[test]
fn passing_on_frees_the_place_and_leaves_an_owner_elsewhere_and_the_person_in_sight() {
    let (mut tx, old) = accepted(Risk::NoneKnown);
    let pass_on =
        Transfer { target: any_version(&old), service: id(OTHER_SERVICE), reason: TransferReason::BetterFit };
    let next = value(transfer(&mut tx, &as_lead(monday()), pass_on));
    assert_eq!((next.stage.name(), next.origin), (StageName::Sent, Some(old.id)));
    assert_eq!(next.owner().map(|(organisation, _)| organisation), Some(id(CHARITY)));
    assert_eq!(tx.referrals[&old.id].stage, Stage::Transferred { to: next.id });
    assert_eq!((taken(&tx), tx.sees(&old)), (0, true), "it may come back");
}

/// Passed from the link workers to the charity, with the note that the practice wrote.
fn passed_on() -> (MemTx, Referral, Referral) {
    let (mut tx, old) = accepted(Risk::NoneKnown);
    tx.notes.insert(old.id, Prose::parse("See people twice a week").unwrap());
    let pass_on =
        Transfer { target: any_version(&old), service: id(OTHER_SERVICE), reason: TransferReason::Moved };
    let next = value(transfer(&mut tx, &as_lead(monday()), pass_on));
    (tx, old, next)
}

#[test]
fn what_is_passed_on_keeps_what_matters_to_the_person_and_who_asked_at_first() {
    let (tx, old, next) = passed_on();
    assert_eq!(tx.notes.get(&next.id), tx.notes.get(&old.id));
    assert_eq!(next.asker, Some(old.from));
    let names = |organisation| next.parties().contains(&id(organisation));
    assert!([PRACTICE, LINK_WORKERS, CHARITY].into_iter().all(names));
}

#[test]
fn who_passed_it_on_can_send_it_again_until_the_next_service_accepts() {
    let (mut tx, old, next) = passed_on();
    let charity = acting(id(CHARITY), id(COLLEAGUE), &[Role::ProviderWorker], monday());
    let back = (any_version(&next), ReturnReason::NeedsInformation);
    let _ = give_back(&mut tx, &charity, back).unwrap();
    assert!(tx.sees(&old), "it came back to them");
    let _ = send(&mut tx, &as_lead(monday()), any_version(&next)).unwrap();
    assert!(tx.sees(&old));
    let _ = accept(&mut tx, &charity, any_version(&next)).unwrap();
    assert_eq!((tx.sees(&old), tx.sees(&next)), (false, true));
}

#[test]
fn who_passed_it_on_and_takes_it_back_sees_nobody_through_it() {
    for command in [Command::Cancel, Command::Withdraw] {
        let (mut tx, old, next) = passed_on();
        let _ = use_case(&mut tx, &as_lead(monday()), &next, command).unwrap();
        assert!(!tx.sees(&old), "{command}");
    }
}

#[test]
fn whoever_asked_at_first_can_say_that_the_person_wants_no_more_of_it() {
    let (mut tx, old, next) = passed_on();
    let events = use_case(&mut tx, &as_referrer(monday()), &next, Command::Withdraw).unwrap();
    assert_eq!(events[0].audience(), [id(PRACTICE), id(LINK_WORKERS), id(CHARITY)]);
    assert!(!tx.sees(&old));
}

#[test]
fn a_stale_version_is_refused_and_somebody_elses_side_denied() {
    let (mut tx, accepted) = accepted(Risk::NoneKnown);
    let stale = Target { referral: accepted.id, version: Some(accepted.version - 1) };
    assert!(matches!(start(&mut tx, &as_lead(monday()), stale), Err(ReferralError::Stale)));
    let sender = acting(id(PRACTICE), id(WORKER), &[Role::TeamLead], monday());
    assert!(matches!(start(&mut tx, &sender, any_version(&accepted)), Err(ReferralError::Denied(_))));
}

#[test]
fn nothing_goes_out_without_a_decision_that_holds() {
    let mut tx = MemTx::with_places(None);
    let draft = referral(Stage::Draft { due: monday() });
    tx.keep(&draft);
    tx.decisions.clear();
    let sent = send(&mut tx, &as_referrer(monday()), any_version(&draft));
    assert!(matches!(sent, Err(ReferralError::NoDecision(NoActiveDecision::Missing))));
    tx.decisions = vec![crate::consent::Decision { withdrawn_at: Some(monday()), ..decision() }];
    let sent = send(&mut tx, &as_referrer(monday()), any_version(&draft));
    assert!(matches!(sent, Err(ReferralError::NoDecision(NoActiveDecision::Withdrawn))));
}

/// What happened on a first Monday, to be reopened.
fn over(stage: Stage, risk: Risk) -> (MemTx, Referral) {
    let mut tx = MemTx::with_places(Some(1));
    let over = Referral { risk, ..referral(stage) };
    tx.keep(&over);
    (tx, over)
}

#[test]
fn what_ended_can_be_reopened_for_thirty_days_to_the_second() {
    let (tx, over) = over(Stage::Completed { outcome: Outcome::GoalMet }, Risk::NoneKnown);
    let again = (any_version(&over), ReopenReason::CameBack);
    let late = as_lead(monday() + days(30) + jiff::SignedDuration::from_secs(1));
    assert!(matches!(reopen(&mut tx.clone(), &late, again), Err(ReferralError::TooLateToReopen)));
    let back = value(reopen(&mut tx.clone(), &as_lead(monday() + days(30)), again));
    assert_eq!((back.stage.name(), back.stage.worker()), (StageName::Active, Some(id(WORKER))));
}

#[test]
fn reopening_takes_a_place_and_is_refused_when_there_is_none() {
    let (mut tx, over) = over(Stage::Ended { reason: EndReason::NotReached }, Risk::NoneKnown);
    let again = (any_version(&over), ReopenReason::CameBack);
    let _ = reopen(&mut tx.clone(), &as_lead(monday()), again).unwrap();
    tx.services.get_mut(&id(THEIR_SERVICE)).unwrap().capacity.taken = 1;
    assert!(matches!(reopen(&mut tx, &as_lead(monday()), again), Err(ReferralError::NoPlace)));
}

#[test]
fn the_sender_cannot_reopen_a_risk_without_a_worker_on_the_other_side() {
    let (mut tx, over) = over(Stage::Completed { outcome: Outcome::NotMet }, Risk::Harm);
    let again = (any_version(&over), ReopenReason::NewNeed);
    let asked = reopen(&mut tx, &as_referrer(monday()), again);
    assert!(matches!(asked, Err(ReferralError::NeedsNamedWorker)));
    assert!(reopen(&mut tx, &as_lead(monday()), again).is_ok());
}

#[test]
fn what_never_began_is_sent_again_only_to_an_open_service() {
    let (mut tx, over) = over(Stage::Declined { reason: DeclineReason::NoCapacity }, Risk::NoneKnown);
    let again = (any_version(&over), ReopenReason::NewNeed);
    let back = value(reopen(&mut tx.clone(), &as_referrer(monday()), again));
    assert_eq!(back.stage, Stage::Sent { reply_by: at("2026-11-04T17:00:00Z") });
    tx.services.get_mut(&id(THEIR_SERVICE)).unwrap().capacity.state = CapacityState::Closed;
    let refused = reopen(&mut tx, &as_referrer(monday()), again);
    assert!(matches!(refused, Err(ReferralError::NotAdmitted(NotAdmitted::Closed))));
}

#[test]
fn withdrawing_a_decision_ends_what_ran_and_what_had_run_under_it() {
    let (mut tx, running) = accepted(Risk::NoneKnown);
    let finished = Referral { id: id(55), ..referral(Stage::Completed { outcome: Outcome::GoalMet }) };
    tx.keep(&finished);
    let mut access = tx.accesses[0].clone();
    access.referral = Some(finished.id);
    tx.accesses.push(access);
    let recorded = withdraw_decision(&mut tx, &as_referrer(monday()), decision().id).unwrap();
    assert_eq!(recorded.value().receipt.len(), 2, "who helped, and who had helped");
    let (_, authorised, events) = recorded.into_parts();
    let names: Vec<_> = events.iter().map(crate::audit::Event::name).collect();
    assert_eq!(names, ["decision.withdrawn", "referral.withdrawn", "sharing.ended"]);
    let kinds: Vec<_> = authorised.iter().map(|act| (act.action().code(), act.kind())).collect();
    let act = "decision.withdraw";
    assert_eq!(kinds, [(act, "decision"), (act, "referral"), (act, "referral")]);
    assert_eq!(tx.referrals[&running.id].stage.name(), StageName::Withdrawn);
    assert!(tx.accesses.is_empty() && taken(&tx) == 0);
    let again = (any_version(&finished), ReopenReason::CameBack);
    let refused = reopen(&mut tx, &as_lead(monday()), again);
    assert!(matches!(refused, Err(ReferralError::NoDecision(NoActiveDecision::Withdrawn))));
}

#[test]
fn a_worker_of_an_organisation_that_is_no_party_is_denied_every_command_on_every_stage() {
    let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| role.is_for_organisations()).collect();
    let stranger = acting(id(CHARITY), id(WORKER), &roles, monday());
    for sample in one_in_each_stage() {
        for command in Command::ALL {
            let mut tx = MemTx::with_places(None);
            tx.keep(&sample);
            tx.contacts.push(logged(&sample));
            let refused = use_case(&mut tx, &stranger, &sample, *command);
            let stage = sample.stage.name();
            assert!(matches!(refused, Err(ReferralError::Denied(_))), "{command} from {stage}");
        }
    }
}

#[test]
fn three_talks_do_not_allow_to_say_that_somebody_was_not_reached() {
    use ContactResult::{Attended, DidNotAttend, LeftMessage, NoAnswer, Sent, Spoke};
    let table = [
        ([Spoke, Spoke, Spoke], false, false),
        ([Attended, Spoke, NoAnswer], false, false),
        ([NoAnswer, LeftMessage, Sent], true, true),
        ([DidNotAttend, DidNotAttend, DidNotAttend], false, true),
        ([NoAnswer, DidNotAttend, LeftMessage], false, true),
    ];
    for (results, not_reached, did_not_engage) in table {
        let (mut tx, accepted) = accepted(Risk::NoneKnown);
        let lead = as_lead(monday());
        for result in results {
            let _ = log(&mut tx, &lead, contact(&accepted, result)).unwrap();
        }
        for (reason, allowed) in
            [(EndReason::NotReached, not_reached), (EndReason::DidNotEngage, did_not_engage)]
        {
            let ended = end(&mut tx.clone(), &lead, (any_version(&accepted), reason));
            let refused = matches!(ended, Err(ReferralError::TooFewAttempts(_)));
            assert_eq!((ended.is_ok(), refused), (allowed, !allowed), "{reason} after {results:?}");
        }
    }
}
