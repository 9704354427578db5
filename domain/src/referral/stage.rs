//! What is known at each stage, and nothing else. Every open stage has a due time; every end stage has a reason.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::codes::{
    CancelReason, DeclineReason, EndReason, HoldReason, Outcome, ReturnReason, StageName, WithdrawnBy,
};
use crate::kernel::{ReferralId, UserId};

/// Where a held referral goes back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldFrom {
    Accepted,
    Active,
}

/// The life of a referral (`domain` §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    Draft { due: Timestamp },
    Sent { reply_by: Timestamp },
    Waitlisted { review_by: Timestamp },
    Returned { reason: ReturnReason, answer_by: Timestamp },
    Accepted { worker: Option<UserId>, contact_by: Timestamp },
    Active { worker: Option<UserId>, review_by: Timestamp },
    OnHold(Hold),
    Completed { outcome: Outcome },
    Ended { reason: EndReason },
    Declined { reason: DeclineReason },
    Withdrawn { by: WithdrawnBy },
    Cancelled { reason: CancelReason },
    Transferred { to: ReferralId },
}

/// A pause, with what is needed to go on as if it had not been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    pub worker: Option<UserId>,
    pub from: HeldFrom,
    pub reason: HoldReason,
    pub until: Timestamp,
    /// A next step that comes up before the pause ends.
    pub look_at: Option<Timestamp>,
    /// When the stage that was paused would have been due.
    pub due_before: Timestamp,
}

impl Stage {
    pub fn name(&self) -> StageName {
        match self {
            Self::Draft { .. } => StageName::Draft,
            Self::Sent { .. } => StageName::Sent,
            Self::Waitlisted { .. } => StageName::Waitlisted,
            Self::Returned { .. } => StageName::Returned,
            Self::Accepted { .. } => StageName::Accepted,
            Self::Active { .. } => StageName::Active,
            Self::OnHold(_) => StageName::OnHold,
            Self::Completed { .. } => StageName::Completed,
            Self::Ended { .. } => StageName::Ended,
            Self::Declined { .. } => StageName::Declined,
            Self::Withdrawn { .. } => StageName::Withdrawn,
            Self::Cancelled { .. } => StageName::Cancelled,
            Self::Transferred { .. } => StageName::Transferred,
        }
    }

    /// When somebody has to have done something. None for end stages only.
    pub fn due(&self) -> Option<Timestamp> {
        match self {
            Self::Draft { due } => Some(*due),
            Self::Sent { reply_by } => Some(*reply_by),
            Self::Waitlisted { review_by } | Self::Active { review_by, .. } => Some(*review_by),
            Self::Returned { answer_by, .. } => Some(*answer_by),
            Self::Accepted { contact_by, .. } => Some(*contact_by),
            Self::OnHold(hold) => Some(hold.look_at.unwrap_or(hold.until)),
            _ => None,
        }
    }

    /// The named worker on the receiving side.
    pub fn worker(&self) -> Option<UserId> {
        match self {
            Self::Accepted { worker, .. } | Self::Active { worker, .. } => *worker,
            Self::OnHold(hold) => hold.worker,
            _ => None,
        }
    }

    /// The same stage with another worker, due when it was. None where nobody is named.
    pub(super) fn with_worker(self, named: Option<UserId>) -> Option<Self> {
        match self {
            Self::Accepted { contact_by, .. } => Some(Self::Accepted { worker: named, contact_by }),
            Self::Active { review_by, .. } => Some(Self::Active { worker: named, review_by }),
            Self::OnHold(hold) => Some(Self::OnHold(Hold { worker: named, ..hold })),
            _ => None,
        }
    }

    /// Why it ended, or why it came back. Every end stage has one.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Returned { reason, .. } => Some(reason.code()),
            Self::OnHold(hold) => Some(hold.reason.code()),
            Self::Completed { outcome } => Some(outcome.code()),
            Self::Ended { reason } => Some(reason.code()),
            Self::Declined { reason } => Some(reason.code()),
            Self::Withdrawn { by } => Some(by.code()),
            Self::Cancelled { reason } => Some(reason.code()),
            Self::Transferred { .. } => Some("transferred"),
            _ => None,
        }
    }

    pub fn is_open(&self) -> bool {
        self.due().is_some()
    }

    /// Does it hold one of the service's places?
    pub fn holds_place(&self) -> bool {
        matches!(self, Self::Accepted { .. } | Self::Active { .. } | Self::OnHold(_))
    }
}

impl StageName {
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Draft
                | Self::Sent
                | Self::Waitlisted
                | Self::Returned
                | Self::Accepted
                | Self::Active
                | Self::OnHold
        )
    }

    /// The commands that the lifecycle knows from here. What a role may do is the policy's business.
    pub fn commands(self) -> &'static [super::Command] {
        use super::Command as C;
        match self {
            Self::Draft => &[C::Send, C::Withdraw, C::Cancel],
            Self::Returned => &[C::Send, C::Withdraw],
            Self::Sent => &[C::Accept, C::Waitlist, C::Return, C::Decline, C::Withdraw, C::Cancel],
            Self::Waitlisted => &[C::OfferPlace, C::Return, C::Decline, C::Withdraw, C::Cancel],
            Self::Accepted => &[
                C::Allocate,
                C::Reassign,
                C::AcknowledgeRisk,
                C::Start,
                C::Hold,
                C::End,
                C::Withdraw,
                C::Transfer,
                C::UndoAllocation,
                C::UndoContact,
            ],
            Self::Active => &[
                C::Allocate,
                C::Reassign,
                C::AcknowledgeRisk,
                C::Hold,
                C::Complete,
                C::End,
                C::Withdraw,
                C::Transfer,
                C::UndoAllocation,
                C::UndoContact,
            ],
            Self::OnHold => &[
                C::Allocate,
                C::Reassign,
                C::AcknowledgeRisk,
                C::Resume,
                C::End,
                C::Withdraw,
                C::Transfer,
                C::UndoAllocation,
                C::UndoContact,
            ],
            Self::Completed | Self::Ended | Self::Declined | Self::Withdrawn | Self::Cancelled => {
                &[C::Reopen]
            }
            Self::Transferred => &[],
        }
    }
}
