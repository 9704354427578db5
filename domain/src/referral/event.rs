//! What happened to a referral. Codes and ids only: events are kept for ever, so nothing personal is in them.

use jiff::Timestamp;
use serde::Serialize;

use super::codes::{
    AgainReason, CancelReason, DeclineReason, EndReason, FeedbackChoice, HoldReason, OutOfTurnReason,
    Outcome, ReassignReason, ReopenReason, ReturnReason, StageName, TransferReason, WithdrawnBy,
};
use super::reassign::Together;
use super::referral::{Receiver, Sender};
use super::{Parent, Reference};
use crate::kernel::{OrganisationId, PersonId, ReferralId, UserId};

/// One arrow that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferralEvent {
    pub referral: ReferralId,
    pub reference: Reference,
    pub person: PersonId,
    pub sender: Sender,
    pub receiver: Receiver,
    pub parent: Option<Parent>,
    pub asker: Option<Sender>,
    /// Who finds somebody else, where the sender is not there any more.
    pub home: Option<Sender>,
    pub feedback: FeedbackChoice,
    /// Was it ever sent? Until then the receiver knows nothing of it.
    pub sent: bool,
    /// There is a risk that demands a named worker, and none is named.
    pub needs_owner: bool,
    /// One is named, and has not said yet that they know of it.
    pub unacknowledged: bool,
    /// The named worker on the receiving side.
    pub worker: Option<UserId>,
    /// The stage after the event.
    pub stage: StageName,
    pub fact: ReferralFact,
}

impl ReferralEvent {
    /// It comes back to them.
    pub(super) fn back_to(self, home: Sender) -> Self {
        Self { home: Some(home).filter(|home| *home != self.sender), ..self }
    }

    /// What an organisation may hear of it: whoever helps, and whoever coordinates the helping, all; anybody else
    /// what the person chose. `Referral::hears` asks the same of where it stands.
    pub fn feedback_of(&self, party: OrganisationId) -> FeedbackChoice {
        let coordinates = self.parent.is_some_and(|parent| parent.organisation == party);
        if self.receiver.organisation == party || coordinates { FeedbackChoice::All } else { self.feedback }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum ReferralFact {
    Drafted {
        #[serde(skip_serializing_if = "Option::is_none")]
        again: Option<AgainReason>,
    },
    Sent {
        reply_by: Timestamp,
    },
    Accepted,
    Waitlisted,
    PlaceOffered {
        out_of_turn: Option<OutOfTurnReason>,
    },
    Returned {
        reason: ReturnReason,
    },
    Declined {
        reason: DeclineReason,
    },
    Allocated {
        worker: UserId,
        /// One of several that are given away in one go.
        #[serde(skip)]
        together: Option<Box<Together>>,
    },
    /// From one worker to another.
    Reassigned {
        from: UserId,
        worker: UserId,
        reason: ReassignReason,
        #[serde(skip)]
        together: Box<Together>,
    },
    /// Whoever gave it away has taken that back: it is whose it was before.
    AllocationUndone {
        from: Option<UserId>,
        worker: Option<UserId>,
    },
    RiskAcknowledged,
    Started,
    /// The contact that started it was taken back, and the start with it.
    StartUndone,
    Held {
        reason: HoldReason,
        until: Timestamp,
    },
    Resumed,
    Completed {
        outcome: Outcome,
    },
    Ended {
        reason: EndReason,
    },
    Withdrawn {
        by: WithdrawnBy,
    },
    Cancelled {
        reason: CancelReason,
    },
    Transferred {
        to: ReferralId,
        reason: TransferReason,
    },
    Reopened {
        reason: ReopenReason,
    },
    Read,
    /// Whoever asked has closed. It stays where it is, and cannot be sent back.
    AskerClosed,
    /// Whoever keeps the person's record has changed, and with it who asks.
    WentAlong,
    /// It is overdue, and whoever has it was reminded.
    Reminded,
    /// It still is, and their leads were told.
    LeadTold {
        #[serde(skip)]
        leads: Vec<UserId>,
    },
    /// Nobody has taken it up, and whoever asked was told.
    Unanswered,
}

impl ReferralFact {
    /// The stable name of the fact.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Drafted { .. } => "referral.drafted",
            Self::Sent { .. } => "referral.sent",
            Self::Accepted => "referral.accepted",
            Self::Waitlisted => "referral.waitlisted",
            Self::PlaceOffered { .. } => "referral.place_offered",
            Self::Returned { .. } => "referral.returned",
            Self::Declined { .. } => "referral.declined",
            Self::Allocated { .. } => "referral.allocated",
            Self::Reassigned { .. } => "referral.reassigned",
            Self::AllocationUndone { .. } => "referral.allocation_undone",
            Self::RiskAcknowledged => "referral.risk_acknowledged",
            Self::Started => "referral.started",
            Self::StartUndone => "referral.start_undone",
            Self::Held { .. } => "referral.held",
            Self::Resumed => "referral.resumed",
            Self::Completed { .. } => "referral.completed",
            Self::Ended { .. } => "referral.ended",
            Self::Withdrawn { .. } => "referral.withdrawn",
            Self::Cancelled { .. } => "referral.cancelled",
            Self::Transferred { .. } => "referral.transferred",
            Self::Reopened { .. } => "referral.reopened",
            Self::Read => "referral.read",
            Self::AskerClosed => "referral.asker_closed",
            Self::WentAlong => "referral.went_along",
            Self::Reminded => "referral.reminded",
            Self::LeadTold { .. } => "referral.lead_told",
            Self::Unanswered => "referral.unanswered",
        }
    }
}
