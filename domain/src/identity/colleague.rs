//! What protects a place from being left with nobody who answers for it, or from being run from outside.

use uuid::Uuid;

use super::{Membership, MembershipError};
use crate::kernel::{MembershipId, OpContext, TypedId};
use crate::policy::{Guarded, Role, Roles, Side};

/// A membership in the very place that is acted for: a role of the network reaches those who hold one too, and nobody
/// inside an organisation.
pub(super) struct Colleague(pub(super) Membership);

impl Guarded for Colleague {
    const KIND: &'static str = Membership::KIND;

    fn subject(&self) -> Uuid {
        self.0.id.uuid()
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        match side {
            Side::Network => self.0.organisation.is_none() && self.0.stands(side, op),
            _ => self.0.stands(side, op),
        }
    }

    fn is_own(&self, op: &OpContext) -> bool {
        self.0.is_own(op)
    }
}

impl Membership {
    /// Whoever answers for the place: invites, changes, closes.
    pub fn answering_role(&self) -> Role {
        if self.organisation.is_some() { Role::OrganisationAdmin } else { Role::NetworkCoordinator }
    }
}

/// `answering`: everybody who answers for the place, locked. Whoever is the last of them stays.
pub(super) fn check_not_the_last(
    membership: &Membership,
    answering: &[MembershipId],
    roles: &Roles,
) -> Result<(), MembershipError> {
    let stays = roles.has(membership.answering_role());
    if !stays && answering == [membership.id] { Err(MembershipError::LastAdministrator) } else { Ok(()) }
}
