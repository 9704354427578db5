//! Who hears of an arrow: the receiver nothing of what was never sent, the sender what the person lets it hear.

use super::fixtures::{CHARITY, LINK_WORKERS, PRACTICE, call, id, monday, one_in_each_stage, referral};
use crate::audit::Event;
use crate::kernel::OrganisationId;
use crate::message::{Notice, TaskKind, Template, plan};
use crate::referral::{Command, FeedbackChoice, Parent, Referral, ReferralEvent, Stage};

fn told(event: &ReferralEvent) -> Vec<OrganisationId> {
    let notices = plan(&Event::Referral(event.clone()));
    let to = |notice| match notice {
        Notice::Mail { organisation, .. } | Notice::Task { organisation, .. } => organisation,
    };
    notices.into_iter().map(to).collect()
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
        let task = plan(&Event::Referral(event)).into_iter().find_map(|notice| match notice {
            Notice::Task { kind, organisation, .. } => Some((kind, organisation)),
            Notice::Mail { .. } => None,
        });
        assert_eq!(task, Some((kind, id(PRACTICE))));
    }
}

#[test]
fn a_referral_that_is_sent_again_asks_the_receiver_again() {
    let over = one_in_each_stage().into_iter().filter(|sample| sample.reopens_under_way() == Ok(false));
    for sample in over {
        let event = event_of(sample, Command::Reopen);
        let notices = plan(&Event::Referral(event));
        let asked = |notice: &Notice| {
            matches!(notice, Notice::Mail { template: Template::RequestToProvider, organisation, .. }
                if *organisation == id(LINK_WORKERS))
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
