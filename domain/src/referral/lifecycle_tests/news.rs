//! Who hears of an arrow: the receiver nothing of what was never sent, the sender what the person lets it hear.

use super::fixtures::{
    CHARITY, COLLEAGUE, LINK_WORKERS, PRACTICE, REFERRER, WORKER, acting, as_lead, as_referrer, call, id,
    monday, one_in_each_stage, referral,
};
use crate::audit::Event;
use crate::kernel::{OpContext, OrganisationId};
use crate::message::{Notice, TaskKind, Template, Topic, plan};
use crate::policy::{Role, Side};
use crate::referral::referral::{Receiver, Sender};
use crate::referral::{Command, FeedbackChoice, Parent, Referral, ReferralEvent, Stage};

fn told_by(event: &ReferralEvent, op: &OpContext) -> Vec<OrganisationId> {
    let notices = plan(&Event::Referral(event.clone()), op);
    let to = |notice| match notice {
        Notice::Mail { organisation, .. } => organisation,
        Notice::Task { organisation, .. } => Some(organisation),
        Notice::Over { .. } => None,
    };
    let mut told: Vec<OrganisationId> = notices.into_iter().filter_map(to).collect();
    told.sort();
    told.dedup();
    told
}

/// What follows when the side that usually takes the arrow takes it.
fn told(event: &ReferralEvent) -> Vec<OrganisationId> {
    let by_sender = matches!(event.fact.name(), "referral.sent" | "referral.cancelled");
    told_by(event, &if by_sender { as_referrer(monday()) } else { as_lead(monday()) })
}

fn event_of(referral: Referral, command: Command) -> ReferralEvent {
    call(referral, command, monday()).unwrap().1
}

#[test]
fn a_draft_that_comes_to_nothing_is_nobody_elses_business() {
    for command in [Command::Withdraw, Command::Cancel] {
        let event = event_of(referral(Stage::Draft { due: monday() }), command);
        assert!(told(&event).is_empty(), "{command}");
        assert_eq!(Event::Referral(event).audience(), [id(PRACTICE)], "{command}");
    }
}

#[test]
fn what_was_sent_is_heard_of_by_every_party_and_by_nobody_else() {
    let parent = Some(Parent { referral: id(50), organisation: id(CHARITY) });
    for sample in one_in_each_stage() {
        let sample = Referral { parent, sent_at: Some(monday()), ..sample };
        for command in sample.stage.name().commands() {
            let event = event_of(sample.clone(), *command);
            let parties = [id(PRACTICE), id(LINK_WORKERS), id(CHARITY)];
            assert!(told(&event).iter().all(|organisation| parties.contains(organisation)));
            assert_eq!(Event::Referral(event).audience(), parties, "{command}");
        }
    }
}

#[test]
fn declining_and_sending_back_give_the_asker_a_task_whatever_feedback_was_chosen() {
    let expected = [(Command::Decline, TaskKind::FindAlternative), (Command::Return, TaskKind::AnswerReturn)];
    for (command, kind) in expected {
        let sent = referral(Stage::Sent { reply_by: monday() });
        let event = event_of(Referral { feedback: FeedbackChoice::Nothing, ..sent }, command);
        let task =
            plan(&Event::Referral(event), &as_lead(monday())).into_iter().find_map(|notice| match notice {
                Notice::Task { kind, organisation, .. } => Some((kind, organisation)),
                Notice::Mail { .. } | Notice::Over { .. } => None,
            });
        assert_eq!(task, Some((kind, id(PRACTICE))));
    }
}

#[test]
fn a_referral_that_is_sent_again_asks_the_receiver_again() {
    let over = one_in_each_stage().into_iter().filter(|sample| sample.reopens_under_way() == Ok(false));
    for sample in over {
        let event = event_of(sample, Command::Reopen);
        let notices = plan(&Event::Referral(event), &as_referrer(monday()));
        let asked = |notice: &Notice| {
            matches!(notice, Notice::Mail { template: Template::RequestToProvider, organisation, .. }
                if *organisation == Some(id(LINK_WORKERS)))
        };
        assert!(notices.iter().any(asked));
    }
}

#[test]
fn news_is_kept_from_the_asker_when_the_person_says_so() {
    for command in [Command::Hold, Command::Complete, Command::End, Command::Transfer] {
        let active = referral(Stage::Active { worker: None, review_by: monday() });
        let silent = Referral { feedback: FeedbackChoice::Nothing, sent_at: Some(monday()), ..active };
        assert!(told(&event_of(silent, command)).is_empty(), "{command}");
    }
}

/// A referral with a parent and a first asker besides its two sides, sent.
fn with_everybody(sample: Referral) -> Referral {
    Referral {
        parent: Some(Parent { referral: id(50), organisation: id(COORDINATORS) }),
        asker: Some(Sender { organisation: id(FIRST_ASKER), user: Some(id(REFERRER)) }),
        sent_at: Some(monday()),
        ..sample
    }
}

const COORDINATORS: u128 = 4;
const FIRST_ASKER: u128 = 5;

/// Every side that the policy lets take the arrow, as somebody of that organisation.
fn actors(command: Command) -> Vec<(Side, OpContext)> {
    let by = |side| match side {
        Side::Sender => acting(id(PRACTICE), id(REFERRER), &[Role::TeamLead], monday()),
        Side::Receiver => acting(id(LINK_WORKERS), id(COLLEAGUE), &[Role::TeamLead], monday()),
        Side::Parent => acting(id(COORDINATORS), id(COLLEAGUE), &[Role::TeamLead], monday()),
        _ => acting(id(FIRST_ASKER), id(COLLEAGUE), &[Role::TeamLead], monday()),
    };
    command.action().rule().sides.iter().map(|side| (*side, by(*side))).collect()
}

/// Whoever got it sees that it is not on their list. A start that is taken back is news: of the start they had heard.
fn put_right(event: &ReferralEvent) -> bool {
    matches!(event.fact.name(), "referral.allocation_undone" | "referral.read")
}

#[test]
fn whoever_acts_somebody_else_is_told_and_nobody_of_their_own_act() {
    for sample in one_in_each_stage().into_iter().map(with_everybody) {
        for command in sample.stage.name().commands() {
            let event = event_of(sample.clone(), *command);
            for (side, op) in actors(*command) {
                let own = op.organisation().unwrap();
                let told = told_by(&event, &op);
                if put_right(&event) {
                    assert!(told.is_empty(), "what is put right within ten minutes is no news");
                    continue;
                }
                assert!(!told.is_empty(), "{command} from {} by the {side:?}", sample.stage.name());
                // A colleague who is given it hears of it inside the organisation.
                let given = matches!(command, Command::Allocate | Command::Reassign);
                let of_own_act = told.contains(&own) && !given;
                assert!(!of_own_act, "{command} by the {side:?} is no news to them");
            }
        }
    }
}

#[test]
fn withdrawing_and_reopening_tell_every_party_but_the_one_who_did_it() {
    let all = [PRACTICE, LINK_WORKERS, COORDINATORS, FIRST_ASKER].map(id::<OrganisationId>);
    for sample in one_in_each_stage().into_iter().map(with_everybody) {
        for command in [Command::Withdraw, Command::Reopen] {
            if !sample.stage.name().commands().contains(&command) {
                continue;
            }
            let event = event_of(sample.clone(), command);
            for (side, op) in actors(command) {
                let told = told_by(&event, &op);
                let others: Vec<_> =
                    all.iter().copied().filter(|party| Some(*party) != op.organisation()).collect();
                assert_eq!(told, others, "{command} from {} by the {side:?}", sample.stage.name());
            }
        }
    }
}

#[test]
fn the_worker_it_is_given_to_is_told_unless_they_took_it_themselves() {
    let event = event_of(with_everybody(one_in_each_stage().remove(4)), Command::Allocate);
    let by = |user| acting(id(LINK_WORKERS), id(user), &[Role::TeamLead], monday());
    let mail = |op: &OpContext| {
        let mut notices = plan(&Event::Referral(event.clone()), op);
        notices.retain(|notice| matches!(notice, Notice::Mail { .. }));
        notices
    };
    let expected = Notice::Mail {
        template: Template::TaskForWorker,
        organisation: Some(id(LINK_WORKERS)),
        user: Some(id(WORKER)),
        about: Topic::Referral(event.referral),
    };
    assert_eq!(mail(&by(COLLEAGUE)), [expected]);
    assert!(mail(&by(WORKER)).is_empty());
}

#[test]
fn a_person_who_keeps_their_news_is_heard_by_whoever_coordinates_and_by_no_asker() {
    let silent = |sample| Referral { feedback: FeedbackChoice::Nothing, ..with_everybody(sample) };
    let active = referral(Stage::Active { worker: None, review_by: monday() });
    for command in [Command::Hold, Command::Complete, Command::End, Command::Transfer, Command::Withdraw] {
        assert_eq!(told(&event_of(silent(active.clone()), command)), [id(COORDINATORS)], "{command}");
    }
}

#[test]
fn inside_one_organisation_it_is_people_who_tell_each_other() {
    let to = Receiver { organisation: id(PRACTICE), service: id(10) };
    let inside = |stage| Referral { to, sent_at: Some(monday()), ..referral(stage) };
    let sent = event_of(inside(Stage::Draft { due: monday() }), Command::Send);
    assert_eq!(told_by(&sent, &as_referrer(monday())), [id(PRACTICE)]);
    let active = inside(Stage::Active { worker: None, review_by: monday() });
    let finished = event_of(active, Command::Complete);
    let by = |user| acting(id(PRACTICE), id(user), &[Role::LinkWorker], monday());
    assert_eq!(told_by(&finished, &by(WORKER)), [id(PRACTICE)]);
    assert!(told_by(&finished, &by(REFERRER)).is_empty(), "they asked, and finished it themselves");
}
