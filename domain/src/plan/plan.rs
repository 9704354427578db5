//! A version of somebody's plan: what it says, and who wrote it down when.

use jiff::Timestamp;
use uuid::Uuid;

use super::Content;
use crate::kernel::{OrganisationId, PersonId, PlanId, StoreError, Subject, TypedId, UserId};
use crate::policy::Denied;

/// It belongs to the person's record: whoever has the full record open reads it, whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub id: PlanId,
    pub person: PersonId,
    /// From 1 on; 0 is no plan.
    pub version: i32,
    pub content: Content,
    /// Who wrote this version, and for whom they acted.
    pub organisation: OrganisationId,
    pub user: UserId,
    pub saved_at: Timestamp,
}

/// A version was saved. What it says is nobody's but the person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanEvent {
    pub plan: PlanId,
    pub person: PersonId,
    pub version: i32,
    pub organisation: OrganisationId,
    pub custodian: OrganisationId,
}

impl Subject for Plan {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error("there is no such person")]
    NotFound,
    #[error("the plan has changed since it was opened")]
    Stale,
    #[error("a plan says what matters, or a goal")]
    Empty,
    #[error("a goal or an action is in the plan twice")]
    Twice,
    #[error("a goal was rated on a day to come")]
    RatedInFuture,
    #[error("the ratings of a goal are not one a day, the earliest first")]
    RatedTwice,
    #[error("an action was done on a day to come")]
    DoneInFuture,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}
