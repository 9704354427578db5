//! That somebody looked at what a member may do, and found it right.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::kernel::{
    ConfirmationId, MembershipId, NetworkId, OpContext, OrganisationId, StoreError, Subject, TypedId, UserId,
};
use crate::policy::{Denied, Guarded, Roles, Side};

/// After so long a look has to be taken again, and somebody who was not seen for so long may have left. A quarter is what
/// reviews of access usually keep to, and sessions are kept as long: nothing older is known.
pub const LONG_AGO: SignedDuration = SignedDuration::from_hours(24 * 90);

/// One press: whose access was looked at, as it stood. It counts for this version of the membership and no other, so
/// roles that come later, or come back, are looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    pub id: ConfirmationId,
    pub membership: MembershipId,
    pub organisation: Option<OrganisationId>,
    pub version: i32,
    pub roles: Roles,
    pub at: Timestamp,
    /// The membership that looked.
    pub by: MembershipId,
}

/// Everybody whom one press confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    pub id: ConfirmationId,
    pub memberships: Vec<MembershipId>,
}

impl Subject for Confirmed {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

/// One line of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedAccess {
    pub membership: MembershipId,
    pub user: UserId,
    pub name: String,
    pub email: String,
    pub roles: Roles,
    pub version: i32,
    pub organisation: Option<(OrganisationId, String)>,
    pub joined_at: Timestamp,
    /// None: not as long as sessions are kept.
    pub last_seen_at: Option<Timestamp>,
    /// That there is one, and not which.
    pub second_factor: bool,
    /// These roles: when, and by whom.
    pub confirmed: Option<(Timestamp, String)>,
}

/// What is reviewed: an organisation, or the network with all of its organisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewedPlace {
    pub network: NetworkId,
    pub organisation: Option<OrganisationId>,
}

impl Subject for ReviewedPlace {
    fn subject(&self) -> Uuid {
        self.organisation.map_or(self.network.uuid(), TypedId::uuid)
    }
}

impl Guarded for ReviewedPlace {
    const KIND: &'static str = "access_review";

    fn subject(&self) -> Uuid {
        Subject::subject(self)
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        match side {
            Side::Owner => self.organisation.is_some() && op.organisation() == self.organisation,
            Side::Network => op.network() == self.network,
            _ => false,
        }
    }

    fn is_own(&self, _: &OpContext) -> bool {
        false
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessReviewEvent {
    pub organisation: Option<OrganisationId>,
    /// The membership that was confirmed, or the place whose list was taken away.
    pub subject: Uuid,
    pub fact: AccessReviewFact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessReviewFact {
    Confirmed,
    Exported { rows: usize },
}

#[derive(Debug, thiserror::Error)]
pub enum AccessReviewError {
    #[error("there is no such member")]
    MemberNotFound,
    #[error("there is no such organisation")]
    OrganisationNotFound,
    #[error("a membership has changed since it was opened")]
    Stale,
    /// Nobody says of their own access that it is right: somebody else looks at it.
    #[error("nobody confirms their own access")]
    OwnAccess,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}
