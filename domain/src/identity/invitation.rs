//! An invitation asks somebody, by e-mail, to take up roles. It is good once and for five days; a newer link ends an
//! older one. The roles are whoever invited's choice, and nothing that is done with the link changes them.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::MembershipError;
use crate::kernel::{
    EmailAddress, InvitationId, MembershipId, NetworkId, OpContext, OrganisationId, StoreError, Subject,
    TypedId, UserId,
};
use crate::policy::{Denied, Guarded, Role, Roles, Side};

pub const INVITATION_LASTS: SignedDuration = SignedDuration::from_hours(24 * 5);

/// How far it has come. That it has run out is a matter of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationStage {
    Open,
    Accepted { membership: MembershipId },
    Withdrawn,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub network: NetworkId,
    /// None for a role in the network itself.
    pub organisation: Option<OrganisationId>,
    pub email: EmailAddress,
    pub roles: Roles,
    pub invited_by: Option<UserId>,
    /// When the newest link was made.
    pub sent_at: Timestamp,
    pub expires_at: Timestamp,
    /// Counts the links: only the newest opens it.
    pub generation: i32,
    pub stage: InvitationStage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationFact {
    Sent,
    Resent,
    Withdrawn,
    Accepted,
    /// Whoever was invited came too late and asks for a new link.
    AskedAgain {
        of: Option<UserId>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationEvent {
    pub invitation: InvitationId,
    pub organisation: Option<OrganisationId>,
    pub fact: InvitationFact,
}

impl InvitationFact {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sent => "invitation.sent",
            Self::Resent => "invitation.resent",
            Self::Withdrawn => "invitation.withdrawn",
            Self::Accepted => "invitation.accepted",
            Self::AskedAgain { .. } => "invitation.asked_again",
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum InvitationError {
    #[error("there is no such invitation")]
    NotFound,
    #[error("the invitation has run out")]
    Expired,
    #[error("the invitation was withdrawn")]
    Withdrawn,
    #[error("the invitation was taken up already")]
    Spent,
    #[error("the organisation is suspended or closed")]
    OrganisationShut,
    #[error("somebody with this address is a member already")]
    AlreadyMember,
    #[error("somebody with this address is invited already")]
    AlreadyInvited,
    /// Whoever manages a network does not let themselves into its organisations.
    #[error("nobody invites themselves")]
    Yourself,
    /// Once an organisation has an administrator, the rest of its people are theirs to choose.
    #[error("from outside only an administrator can be invited")]
    OnlyAdministrators,
    /// About the organisation or the roles.
    #[error(transparent)]
    Membership(#[from] MembershipError),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Invitation {
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }

    /// Can it be taken up at this instant?
    pub fn check_open(&self, now: Timestamp) -> Result<(), InvitationError> {
        match self.stage {
            InvitationStage::Accepted { .. } => Err(InvitationError::Spent),
            InvitationStage::Withdrawn => Err(InvitationError::Withdrawn),
            InvitationStage::Open if self.has_expired(now) => Err(InvitationError::Expired),
            InvitationStage::Open => Ok(()),
        }
    }

    /// A new link, good for five days from now; the one before it opens nothing any more.
    pub fn renewed(self, now: Timestamp) -> Result<Self, InvitationError> {
        match self.stage {
            InvitationStage::Accepted { .. } => Err(InvitationError::Spent),
            InvitationStage::Withdrawn => Err(InvitationError::Withdrawn),
            InvitationStage::Open => Ok(Self {
                generation: self.generation.saturating_add(1),
                sent_at: now,
                expires_at: ends(now),
                ..self
            }),
        }
    }

    pub fn withdrawn(self) -> Result<Self, InvitationError> {
        match self.stage {
            InvitationStage::Accepted { .. } => Err(InvitationError::Spent),
            InvitationStage::Open | InvitationStage::Withdrawn => {
                Ok(Self { stage: InvitationStage::Withdrawn, ..self })
            }
        }
    }

    pub fn event(&self, fact: InvitationFact) -> InvitationEvent {
        InvitationEvent { invitation: self.id, organisation: self.organisation, fact }
    }

    pub(super) fn is_for_an_administrator(&self) -> bool {
        self.roles.iter().all(|role| role == Role::OrganisationAdmin)
    }
}

/// Until when a link made now is good.
pub fn ends(now: Timestamp) -> Timestamp {
    now.checked_add(INVITATION_LASTS).unwrap_or(now)
}

impl Subject for Invitation {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Guarded for Invitation {
    const KIND: &'static str = "invitation";

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
        self.invited_by.is_some() && op.user() == self.invited_by
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(stage: InvitationStage) -> Invitation {
        let id = |number| Uuid::from_u128(number);
        Invitation {
            id: InvitationId::from_uuid(id(1)),
            network: NetworkId::from_uuid(id(2)),
            organisation: Some(OrganisationId::from_uuid(id(3))),
            email: EmailAddress::parse("jo@example.org").unwrap(),
            roles: Roles::from_iter([Role::Referrer]),
            invited_by: None,
            sent_at: Timestamp::UNIX_EPOCH,
            expires_at: ends(Timestamp::UNIX_EPOCH),
            generation: 1,
            stage,
        }
    }

    #[test]
    fn it_is_good_for_five_days_to_the_second_and_a_new_link_for_five_more() {
        let open = invitation(InvitationStage::Open);
        let last = open.expires_at - SignedDuration::from_secs(1);
        assert!(open.check_open(last).is_ok());
        assert!(matches!(open.check_open(open.expires_at), Err(InvitationError::Expired)));
        let renewed = open.renewed(last).unwrap();
        assert_eq!((renewed.generation, renewed.expires_at), (2, ends(last)));
    }

    #[test]
    fn what_was_taken_up_is_never_undone_and_what_was_withdrawn_never_sent_again() {
        let membership = MembershipId::from_uuid(Uuid::from_u128(9));
        let accepted = || invitation(InvitationStage::Accepted { membership });
        let now = Timestamp::UNIX_EPOCH;
        assert!(matches!(accepted().renewed(now), Err(InvitationError::Spent)));
        assert!(matches!(accepted().withdrawn(), Err(InvitationError::Spent)));
        assert!(matches!(accepted().check_open(now), Err(InvitationError::Spent)));
        let withdrawn = || invitation(InvitationStage::Withdrawn);
        assert!(matches!(withdrawn().renewed(now), Err(InvitationError::Withdrawn)));
        assert_eq!(withdrawn().withdrawn().unwrap().stage, InvitationStage::Withdrawn);
    }
}
