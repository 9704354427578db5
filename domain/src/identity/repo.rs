//! What the verbs of identity need from the store.

use super::{Held, Invitation, Membership, ResetTimes};
use crate::kernel::{
    EmailAddress, InvitationId, LoginLinkId, MembershipId, OrganisationId, StoreError, UserId,
};
use crate::policy::{Role, Roles};

/// Who is told, and who signs.
pub trait RoleHolders {
    /// Who holds a role in an organisation of this network, in the order of their ids.
    fn holders(&mut self, role: Role, organisation: OrganisationId) -> Result<Vec<UserId>, StoreError>;
}

pub trait IdentityWrites {
    fn insert_membership(&mut self, membership: &Membership) -> Result<(), StoreError>;
    /// An unended membership of the tenant.
    fn member(&mut self, id: MembershipId) -> Result<Option<Held>, StoreError>;
    fn lock_member(&mut self, id: MembershipId) -> Result<Option<Held>, StoreError>;
    /// The unended membership of one user in one place, locked.
    fn member_of(
        &mut self,
        organisation: Option<OrganisationId>,
        user: UserId,
    ) -> Result<Option<Held>, StoreError>;
    /// What somebody may do there as it stands, not locked; also where one could not write.
    fn roles_held(&mut self, organisation: Option<OrganisationId>, user: UserId)
    -> Result<Roles, StoreError>;
    /// Everybody who answers for the place, locked in the order of their ids.
    fn lock_administrators(
        &mut self,
        organisation: Option<OrganisationId>,
    ) -> Result<Vec<MembershipId>, StoreError>;
    /// Over the version that was read; counts it up.
    fn save_roles(&mut self, id: MembershipId, version: i32, roles: &Roles) -> Result<(), StoreError>;
    fn end_membership(&mut self, id: MembershipId, version: i32) -> Result<(), StoreError>;
    fn end_sessions_of(&mut self, id: MembershipId) -> Result<(), StoreError>;
    /// False when the login has no second factor that could be reset.
    fn begin_factor_reset(
        &mut self,
        id: MembershipId,
        link: LoginLinkId,
        times: ResetTimes,
    ) -> Result<bool, StoreError>;
}

pub trait InvitationWrites {
    fn insert_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError>;
    fn lock_invitation(&mut self, id: InvitationId) -> Result<Option<Invitation>, StoreError>;
    fn save_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError>;
    /// False when it was asked for this link before.
    fn note_asked_again(&mut self, id: InvitationId) -> Result<bool, StoreError>;
    fn is_member(
        &mut self,
        organisation: Option<OrganisationId>,
        email: &EmailAddress,
    ) -> Result<bool, StoreError>;
    fn is_invited(
        &mut self,
        organisation: Option<OrganisationId>,
        email: &EmailAddress,
    ) -> Result<bool, StoreError>;
    fn has_administrator(&mut self, organisation: OrganisationId) -> Result<bool, StoreError>;
    /// Of the signed-in member who acts.
    fn own_address(&mut self) -> Result<Option<EmailAddress>, StoreError>;
}
