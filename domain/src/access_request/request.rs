//! One request and its answer.

use jiff::Timestamp;
use uuid::Uuid;

use super::Wanted;
use crate::define_codes;
use crate::kernel::{
    AccessRequestId, MembershipId, OpContext, OrganisationId, StoreError, Subject, TypedId, UserId,
};
use crate::policy::{Denied, Guarded, Side};

define_codes! {
    AccessAnswer {
        Granted = "granted", "Granted";
        Refused = "refused", "Refused";
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRequest {
    pub id: AccessRequestId,
    /// None: a role of the network asks.
    pub organisation: Option<OrganisationId>,
    pub membership: MembershipId,
    pub user: UserId,
    pub wanted: Wanted,
    pub asked_at: Timestamp,
    pub answer: Option<AccessAnswer>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRequestEvent {
    pub request: AccessRequestId,
    pub organisation: Option<OrganisationId>,
    pub fact: AccessRequestFact,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessRequestFact {
    /// With those who can answer it.
    Asked { administrators: Vec<UserId> },
    /// With whoever asked.
    Answered { asker: UserId, answer: AccessAnswer },
}

impl AccessRequestFact {
    pub(crate) fn answer(&self) -> Option<AccessAnswer> {
        match self {
            Self::Answered { answer, .. } => Some(*answer),
            Self::Asked { .. } => None,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum AccessRequestError {
    #[error("there is no such request")]
    NotFound,
    #[error("the request was answered")]
    AnsweredAlready,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Subject for AccessRequest {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Guarded for AccessRequest {
    const KIND: &'static str = "access_request";

    fn subject(&self) -> Uuid {
        self.id.uuid()
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        match side {
            Side::Owner => self.organisation.is_some() && op.organisation() == self.organisation,
            Side::Network => op.organisation() == self.organisation,
            _ => false,
        }
    }

    fn is_own(&self, op: &OpContext) -> bool {
        op.user() == Some(self.user)
    }
}
