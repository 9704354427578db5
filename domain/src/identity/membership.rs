//! A membership gives one user roles in one organisation, or in the network itself.

use uuid::Uuid;

use crate::kernel::{
    EmailAddress, MembershipId, NetworkId, OpContext, OrganisationId, StoreError, Subject, TypedId, UserId,
};
use crate::policy::{Denied, Guarded, Roles, Side};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub email: EmailAddress,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub id: MembershipId,
    pub user: UserId,
    pub network: NetworkId,
    pub organisation: Option<OrganisationId>,
    pub roles: Roles,
    /// The name colleagues see, and where news of work goes.
    pub name: String,
    pub email: EmailAddress,
}

/// A membership as it is kept: each change of its roles counts it up, and a session knows the count it was read at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub membership: Membership,
    pub version: i32,
}

impl Subject for Held {
    fn subject(&self) -> Uuid {
        self.membership.id.uuid()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityEvent {
    pub membership: MembershipId,
    pub organisation: Option<OrganisationId>,
    pub name: &'static str,
}

#[derive(Debug, thiserror::Error)]
pub enum MembershipError {
    #[error("there is no such member")]
    NotFound,
    #[error("the membership has changed since it was opened")]
    Stale,
    /// Somebody has to answer for an organisation, and for a network.
    #[error("the last administrator stays")]
    LastAdministrator,
    /// Somebody else begins it.
    #[error("nobody resets their own factors")]
    OwnFactors,
    #[error("the login has no second factor")]
    NothingToReset,
    /// Somebody else has to add a role to one's own.
    #[error("nobody adds a role to their own")]
    OwnRoles,
    #[error("there is no such organisation")]
    OrganisationNotFound,
    #[error("a membership needs at least one role")]
    NoRole,
    /// A role of the network in an organisation, the other way round, or one that organisations of this kind do not have.
    #[error("this role cannot be held there")]
    RoleNotHere,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Subject for Membership {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Guarded for Membership {
    const KIND: &'static str = "membership";

    fn subject(&self) -> Uuid {
        self.id.uuid()
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        match side {
            Side::Owner => self.organisation.is_some() && op.organisation() == self.organisation,
            Side::Network => op.network() == self.network,
            _ => false,
        }
    }

    fn is_own(&self, op: &OpContext) -> bool {
        op.user() == Some(self.user)
    }
}
