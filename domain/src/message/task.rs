//! A task: something a worker was asked to look at because of what somebody else did.

use uuid::Uuid;

use crate::define_codes;
use crate::kernel::{OpContext, OrganisationId, ReferralId, StoreError, Subject, TaskId, TypedId, UserId};
use crate::policy::{Denied, Guarded, Side};

define_codes! {
    TaskKind {
        FindAlternative = "find_alternative", "Declined: find another service";
        AnswerReturn = "answer_return", "Sent back: answer or choose again";
        TellPerson = "tell_person", "Tell the person: on the waiting list";
        SharingWithdrawn = "sharing_withdrawn", "Sharing was withdrawn: stop and confirm";
        MessageFailed = "message_failed", "An e-mail could not be delivered";
        NameOwner = "name_owner", "Risk recorded: name a worker";
        AcknowledgeRisk = "acknowledge_risk", "Risk recorded: say that you know of it";
        Overdue = "overdue", "Overdue: see who has it";
        NoAnswer = "no_answer", "Nobody has taken it up: choose another service or ask them";
        AskerClosed = "asker_closed", "Whoever asked has closed: tell the person yourselves";
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub id: TaskId,
    pub organisation: OrganisationId,
    pub user: Option<UserId>,
    pub kind: TaskKind,
    pub referral: Option<ReferralId>,
    pub done: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    #[error("there is no such task")]
    NotFound,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub trait TaskWrites {
    fn task(&mut self, id: TaskId) -> Result<Option<Task>, StoreError>;
    fn finish_task(&mut self, id: TaskId) -> Result<(), StoreError>;
}

impl Subject for Task {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Guarded for Task {
    const KIND: &'static str = "task";

    fn subject(&self) -> Uuid {
        self.id.uuid()
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        side == Side::Owner && op.organisation() == Some(self.organisation)
    }

    fn is_own(&self, op: &OpContext) -> bool {
        self.user.is_none() || self.user == op.user()
    }
}
