//! Who is told of what happens to a referral: whoever is party to it, as far as the person lets them hear.

use super::{Notice, TaskKind, Template, Topic};
use crate::kernel::{OpContext, OrganisationId, UserId};
use crate::referral::reassign::Together;
use crate::referral::{FeedbackChoice, ReferralEvent, ReferralFact as Fact, StageName};

/// Also a draft can be overdue.
fn is_chase(fact: &Fact) -> bool {
    matches!(fact, Fact::Reminded | Fact::LeadTold { .. } | Fact::Unanswered)
}

/// One arrow, and who took it.
pub(super) struct Telling<'a> {
    pub(super) event: &'a ReferralEvent,
    pub(super) op: &'a OpContext,
}

impl Telling<'_> {
    pub(super) fn plan(&self) -> Vec<Notice> {
        match &self.event.fact {
            // Whoever gets a record hears of all of them once, by the offer.
            Fact::Drafted { .. } | Fact::Read | Fact::WentAlong => Vec::new(),
            // What was never sent is nobody else's business.
            fact if !self.event.sent && !is_chase(fact) => Vec::new(),
            Fact::Sent { .. } => vec![self.to_receiver(Template::RequestToProvider)],
            Fact::Declined { .. } => self.to_sender_with_task(TaskKind::FindAlternative),
            Fact::Returned { .. } => self.to_sender_with_task(TaskKind::AnswerReturn),
            Fact::Waitlisted => self.to_sender_with_task(TaskKind::TellPerson),
            Fact::Allocated { worker, together } => self.given(*worker, together.as_deref()),
            Fact::Reassigned { worker, together, .. } => self.reassigned(*worker, together),
            Fact::AllocationUndone { .. } => self.asks_for_owner().into_iter().collect(),
            Fact::Withdrawn { .. } => self.withdrawn(),
            Fact::AskerClosed => self.asker_closed(),
            Fact::Reminded => vec![self.reminder(self.owner())],
            Fact::LeadTold { leads } => self.to_leads(leads),
            Fact::Unanswered => self.unanswered(),
            Fact::Reopened { .. } if self.event.stage == StageName::Sent => {
                self.receiver_and_news(Template::RequestToProvider)
            }
            Fact::Cancelled { .. } | Fact::Reopened { .. } => self.receiver_and_news(Template::TaskForWorker),
            Fact::Accepted | Fact::PlaceOffered { .. } => self.taken_up(),
            Fact::RiskAcknowledged
            | Fact::Started
            | Fact::StartUndone
            | Fact::Held { .. }
            | Fact::Resumed
            | Fact::Completed { .. }
            | Fact::Ended { .. }
            | Fact::Transferred { .. } => self.news(),
        }
    }

    /// A risk without a worker is the first thing its leads see (X6).
    fn taken_up(&self) -> Vec<Notice> {
        self.news().into_iter().chain(self.asks_for_owner()).collect()
    }

    fn asks_for_owner(&self) -> Option<Notice> {
        let receiver = self.event.receiver.organisation;
        self.event.needs_owner.then(|| self.task(TaskKind::NameOwner, receiver, None))
    }

    fn given(&self, worker: UserId, together: Option<&Together>) -> Vec<Notice> {
        match together {
            Some(together) => self.to_each_once(together),
            None => self.to_worker(worker).into_iter().collect(),
        }
    }

    /// A risk that is under way has somebody new, who has not said yet that they know of it (X6).
    fn reassigned(&self, worker: UserId, together: &Together) -> Vec<Notice> {
        let receiver = self.event.receiver.organisation;
        let risk =
            self.event.unacknowledged.then(|| self.task(TaskKind::AcknowledgeRisk, receiver, Some(worker)));
        self.to_each_once(together).into_iter().chain(risk).collect()
    }

    /// However many move: one mail to each who gets some or gives some away. Their lists say whom.
    fn to_each_once(&self, together: &Together) -> Vec<Notice> {
        let mail = |user: &UserId| Notice::Mail {
            template: Template::CaseloadChanged,
            organisation: Some(self.event.receiver.organisation),
            user: Some(*user),
            about: Topic::Reassignment(together.id),
        };
        together.tell.iter().map(mail).collect()
    }

    fn withdrawn(&self) -> Vec<Notice> {
        let mut told = self.receiver_and_news(Template::TaskForWorker);
        let receiver = self.event.receiver.organisation;
        if !self.acted(receiver, None) {
            told.push(self.task(TaskKind::SharingWithdrawn, receiver, None));
        }
        told
    }

    /// Whoever has it now is the only one who can tell the person how it goes on.
    fn asker_closed(&self) -> Vec<Notice> {
        let receiver = self.event.receiver.organisation;
        vec![self.to_receiver(Template::TaskForWorker), self.task(TaskKind::AskerClosed, receiver, None)]
    }

    /// Who has to act: whoever it came back to or has not sent it, and else whoever was asked.
    fn owner(&self) -> (OrganisationId, Option<UserId>) {
        match self.event.stage {
            StageName::Draft | StageName::Returned => {
                (self.event.sender.organisation, self.event.sender.user)
            }
            _ => (self.event.receiver.organisation, self.event.worker),
        }
    }

    /// A request is answered from the mail itself, without an account.
    fn reminder(&self, (organisation, user): (OrganisationId, Option<UserId>)) -> Notice {
        match self.event.stage {
            StageName::Sent => self.mail(Template::RequestReminder, organisation, None),
            _ => self.mail(Template::Overdue, organisation, user),
        }
    }

    /// Where nobody leads, the place is reminded once more.
    fn to_leads(&self, leads: &[UserId]) -> Vec<Notice> {
        let (organisation, _) = self.owner();
        if leads.is_empty() {
            return vec![self.reminder((organisation, None))];
        }
        // Whoever leads sees the tasks of all: one line is enough for all of them.
        let first = self.task(TaskKind::Overdue, organisation, leads.first().copied());
        let mails = leads.iter().map(|lead| self.mail(Template::Overdue, organisation, Some(*lead)));
        mails.chain([first]).collect()
    }

    /// Whoever asked looks elsewhere, or waits on: the request stands.
    fn unanswered(&self) -> Vec<Notice> {
        let home = self.event.home.unwrap_or(self.event.sender);
        let (organisation, user) = (home.organisation, home.user);
        vec![
            self.mail(Template::NoAnswer, organisation, user),
            self.task(TaskKind::NoAnswer, organisation, user),
        ]
    }

    fn receiver_and_news(&self, template: Template) -> Vec<Notice> {
        let receiver = self.event.receiver.organisation;
        let mut told: Vec<Notice> =
            (!self.acted(receiver, None)).then(|| self.to_receiver(template)).into_iter().collect();
        told.extend(self.news());
        told
    }

    /// News to whoever asked (F1: as much as the person chose), and to those who stand behind them.
    fn news(&self) -> Vec<Notice> {
        let sender = self.event.sender;
        let told = self.event.feedback_of(sender.organisation) != FeedbackChoice::Nothing
            && !self.acted(sender.organisation, sender.user);
        let to_sender = told.then(|| self.news_to(sender.organisation, sender.user));
        to_sender.into_iter().chain(self.bystanders()).collect()
    }

    /// Whoever coordinates the helping, and whoever asked before it was passed on, where these are others.
    fn bystanders(&self) -> Vec<Notice> {
        let parent = self.event.parent.map(|parent| (parent.organisation, None));
        let asker = self.event.asker.map(|asker| (asker.organisation, asker.user));
        let mut known = vec![self.event.sender.organisation, self.event.receiver.organisation];
        known.extend(self.event.home.map(|home| home.organisation));
        let mut told = Vec::new();
        for (organisation, user) in parent.into_iter().chain(asker) {
            let hears = self.event.feedback_of(organisation) != FeedbackChoice::Nothing;
            if hears && !known.contains(&organisation) && self.op.organisation() != Some(organisation) {
                told.push(self.news_to(organisation, user));
            }
            known.push(organisation);
        }
        told
    }

    /// Did this side act? Inside one organisation it is a person that acts and another that has to hear of it.
    fn acted(&self, organisation: OrganisationId, user: Option<UserId>) -> bool {
        let inside = self.event.sender.organisation == self.event.receiver.organisation;
        self.op.organisation() == Some(organisation)
            && (!inside || (user.is_some() && user == self.op.user()))
    }

    /// Or to whoever stands in for a sender that is not there any more.
    fn to_sender_with_task(&self, kind: TaskKind) -> Vec<Notice> {
        let home = self.event.home.unwrap_or(self.event.sender);
        let (organisation, user) = (home.organisation, home.user);
        let mut told =
            vec![self.mail(Template::TaskForWorker, organisation, user), self.task(kind, organisation, user)];
        told.extend(self.bystanders());
        told
    }

    fn to_worker(&self, worker: UserId) -> Option<Notice> {
        let receiver = self.event.receiver.organisation;
        (self.op.user() != Some(worker)).then(|| self.mail(Template::TaskForWorker, receiver, Some(worker)))
    }

    fn to_receiver(&self, template: Template) -> Notice {
        self.mail(template, self.event.receiver.organisation, None)
    }

    fn news_to(&self, organisation: OrganisationId, user: Option<UserId>) -> Notice {
        self.mail(Template::ReferralNews, organisation, user)
    }

    fn mail(&self, template: Template, organisation: OrganisationId, user: Option<UserId>) -> Notice {
        let about = Topic::Referral(self.event.referral);
        Notice::Mail { template, organisation: Some(organisation), user, about }
    }

    fn task(&self, kind: TaskKind, organisation: OrganisationId, user: Option<UserId>) -> Notice {
        Notice::Task { kind, organisation, user, referral: self.event.referral }
    }
}
