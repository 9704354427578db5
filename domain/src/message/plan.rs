//! From an event to what follows from it. Every event has its line here, also when nobody is told.

use super::{MessageFailed, TaskKind};
use crate::audit::Event;
use crate::define_codes;
use crate::kernel::{OrganisationId, ReferralId, UserId};
use crate::referral::{FeedbackChoice, ReferralEvent, ReferralFact as Fact, StageName};

define_codes! {
    /// Reviewed templates. None of them has room for a name or a need (E3).
    Template {
        RequestToProvider = "request_to_provider", "A request to answer";
        ReferralNews = "referral_news", "News of a referral";
        TaskForWorker = "task_for_worker", "Something to look at";
        DeviceCode = "device_code", "A code for this device";
    }
}

/// Something that follows from an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// To an organisation's own address, or to a user of it.
    Mail {
        template: Template,
        organisation: OrganisationId,
        user: Option<UserId>,
        referral: ReferralId,
    },
    Task {
        kind: TaskKind,
        organisation: OrganisationId,
        user: Option<UserId>,
        referral: ReferralId,
    },
}

pub fn plan(event: &Event) -> Vec<Notice> {
    match event {
        Event::Referral(referral) => plan_referral(referral),
        Event::MessageFailed(failed) => {
            failed.referral.map(|referral| failure_task(failed, referral)).into_iter().collect()
        }
        // The lists show these; nobody is interrupted by them.
        Event::Person(_)
        | Event::Decision(_)
        | Event::Contact(_)
        | Event::Service(_)
        | Event::Identity(_)
        | Event::OrganisationAdded(_)
        | Event::TaskFinished { .. } => Vec::new(),
    }
}

fn plan_referral(event: &ReferralEvent) -> Vec<Notice> {
    match &event.fact {
        Fact::Sent { .. } => vec![to_receiver(event, Template::RequestToProvider)],
        Fact::Declined { .. } => to_sender_with_task(event, TaskKind::FindAlternative),
        Fact::Returned { .. } => to_sender_with_task(event, TaskKind::AnswerReturn),
        Fact::Waitlisted => to_sender_with_task(event, TaskKind::TellPerson),
        Fact::Withdrawn { .. } | Fact::Cancelled { .. } if !event.sent => Vec::new(),
        Fact::Withdrawn { .. } => {
            vec![
                to_receiver(event, Template::TaskForWorker),
                receiver_task(event, TaskKind::SharingWithdrawn),
            ]
        }
        Fact::Cancelled { .. } => vec![to_receiver(event, Template::TaskForWorker)],
        Fact::Accepted | Fact::PlaceOffered | Fact::Started | Fact::Completed { .. } | Fact::Ended { .. } => {
            news(event)
        }
        Fact::Reopened { .. } if event.stage == StageName::Sent => {
            vec![to_receiver(event, Template::RequestToProvider)]
        }
        Fact::Transferred { .. } | Fact::Reopened { .. } => news(event),
        Fact::Drafted | Fact::Allocated { .. } | Fact::Held { .. } | Fact::Resumed | Fact::Read => Vec::new(),
    }
}

fn failure_task(failed: &MessageFailed, referral: ReferralId) -> Notice {
    Notice::Task { kind: TaskKind::MessageFailed, organisation: failed.organisation, user: None, referral }
}

/// F1: the person chose what whoever asked may hear.
fn news(event: &ReferralEvent) -> Vec<Notice> {
    if event.feedback == FeedbackChoice::Nothing {
        Vec::new()
    } else {
        vec![to_sender(event, Template::ReferralNews)]
    }
}

fn to_sender_with_task(event: &ReferralEvent, kind: TaskKind) -> Vec<Notice> {
    let task = Notice::Task {
        kind,
        organisation: event.sender.organisation,
        user: event.sender.user,
        referral: event.referral,
    };
    vec![to_sender(event, Template::TaskForWorker), task]
}

fn receiver_task(event: &ReferralEvent, kind: TaskKind) -> Notice {
    Notice::Task { kind, organisation: event.receiver.organisation, user: None, referral: event.referral }
}

fn to_sender(event: &ReferralEvent, template: Template) -> Notice {
    let (organisation, user) = (event.sender.organisation, event.sender.user);
    Notice::Mail { template, organisation, user, referral: event.referral }
}

fn to_receiver(event: &ReferralEvent, template: Template) -> Notice {
    Notice::Mail { template, organisation: event.receiver.organisation, user: None, referral: event.referral }
}
