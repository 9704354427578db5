//! The referral itself. Its stage changes only through the verbs beside this file.

use jiff::Timestamp;
use uuid::Uuid;

use super::codes::{Command, FeedbackChoice, Risk, Route};
use super::{Brief, NotPossible, Reference, ReferralEvent, ReferralFact, Stage};
use crate::contact::NextStep;
use crate::kernel::{
    DecisionId, OpContext, OrganisationId, PersonId, ReferralId, ServiceId, Subject, TypedId, UserId,
};
use crate::policy::{Guarded, Side};

/// The referral this one came from, and who owns that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    pub referral: ReferralId,
    pub organisation: OrganisationId,
}

/// Who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sender {
    pub organisation: OrganisationId,
    pub user: Option<UserId>,
}

/// Where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receiver {
    pub organisation: OrganisationId,
    pub service: ServiceId,
}

/// One request from one side to one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    pub id: ReferralId,
    pub reference: Reference,
    pub person: PersonId,
    pub from: Sender,
    pub to: Receiver,
    pub parent: Option<Parent>,
    /// The referral that was passed on and became this one.
    pub origin: Option<ReferralId>,
    /// Who asked at first, where it was passed on since: they still hear how it ends.
    pub asker: Option<Sender>,
    /// The sharing decision it goes out under.
    pub decision: Option<DecisionId>,
    pub route: Route,
    pub brief: Brief,
    pub feedback: FeedbackChoice,
    pub risk: Risk,
    /// The worker who said that they know of the risk. It counts for that worker only.
    pub risk_acknowledged: Option<UserId>,
    pub drafted_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    /// Counts the saves; a command that names an older one is stale.
    pub version: i32,
    pub stage_since: Timestamp,
    /// What was agreed to do next. It belongs to the stage it was agreed in.
    pub next_step: Option<NextStep>,
    pub stage: Stage,
}

impl Referral {
    /// Who has to act next. None for end stages only.
    pub fn owner(&self) -> Option<(OrganisationId, Option<UserId>)> {
        match &self.stage {
            Stage::Draft { .. } | Stage::Returned { .. } => Some((self.from.organisation, self.from.user)),
            stage if stage.is_open() => Some((self.to.organisation, stage.worker())),
            _ => None,
        }
    }

    /// Every organisation that is party to it.
    pub fn parties(&self) -> Vec<OrganisationId> {
        let mut parties = vec![self.from.organisation, self.to.organisation];
        parties.extend(self.parent.map(|parent| parent.organisation));
        parties.extend(self.asker.map(|asker| asker.organisation));
        parties.sort();
        parties.dedup();
        parties
    }

    pub(crate) fn not_possible(&self, command: Command) -> NotPossible {
        NotPossible { command, stage: self.stage.name(), words: self.stage.name().words() }
    }

    /// The one way into another stage.
    pub(super) fn enter(mut self, stage: Stage, now: Timestamp, fact: ReferralFact) -> (Self, ReferralEvent) {
        self.stage = stage;
        self.stage_since = now;
        self.next_step = None;
        let event = self.event(fact);
        (self, event)
    }

    pub(super) fn event(&self, fact: ReferralFact) -> ReferralEvent {
        ReferralEvent {
            referral: self.id,
            reference: self.reference.clone(),
            person: self.person,
            sender: self.from,
            receiver: self.to,
            parent: self.parent,
            asker: self.asker,
            home: None,
            feedback: self.feedback,
            sent: self.sent_at.is_some(),
            needs_owner: self.risk.demands_named_owner() && self.stage.worker().is_none(),
            unacknowledged: self.stage.worker().is_some() && !self.is_answered_for(),
            worker: self.stage.worker(),
            stage: self.stage.name(),
            fact,
        }
    }
}

impl Subject for Referral {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Guarded for Referral {
    const KIND: &'static str = "referral";

    fn subject(&self) -> Uuid {
        self.id.uuid()
    }

    fn person(&self) -> Option<Uuid> {
        Some(self.person.uuid())
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        let acting = op.organisation();
        match side {
            Side::Sender => acting == Some(self.from.organisation),
            Side::Receiver => acting == Some(self.to.organisation),
            Side::Parent => acting.is_some() && acting == self.parent.map(|parent| parent.organisation),
            Side::Asker => acting.is_some() && acting == self.asker.map(|asker| asker.organisation),
            Side::Owner => acting.is_some() && acting == self.owner().map(|(organisation, _)| organisation),
            Side::Record | Side::Access | Side::Emergency | Side::Network => false,
        }
    }

    /// Mine, or nobody's yet. A link was checked against its one referral when it was resolved.
    fn is_own(&self, op: &OpContext) -> bool {
        match op.user() {
            Some(user) => {
                self.stage.worker().is_none_or(|worker| worker == user) || self.from.user == Some(user)
            }
            None => true,
        }
    }
}
