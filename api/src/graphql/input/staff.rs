//! Inviting people, changing what they may do, and ending it.

use async_graphql::{ID, InputObject};
use trellis_domain::identity::change_roles::ChangeRoles;
use trellis_domain::identity::end_membership::EndMembership;
use trellis_domain::identity::invite::Invite;
use trellis_domain::kernel::{EmailAddress, InvitationId, MembershipId};
use trellis_domain::policy::{self, Roles};

use super::{Check, Command};
use crate::graphql::enums::Role;
use crate::graphql::refusal::Refusal;

#[derive(InputObject, Clone)]
pub struct InviteMemberInput {
    /// None: the acting organisation, or the network for a role in it.
    pub organisation_id: Option<ID>,
    pub email: String,
    pub roles: Vec<Role>,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct InvitationInput {
    pub invitation_id: ID,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct ChangeRolesInput {
    pub membership_id: ID,
    pub version: i32,
    pub roles: Vec<Role>,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct EndMembershipInput {
    pub membership_id: ID,
    pub version: i32,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct EndMemberSessionsInput {
    pub membership_id: ID,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct StartFactorResetInput {
    pub membership_id: ID,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct FinishFactorResetInput {
    /// From the link in the e-mail.
    pub token: String,
    /// Of the login: the link alone is not enough.
    pub password: String,
}

#[derive(InputObject, Clone)]
pub struct AcceptInvitationInput {
    /// From the link in the e-mail.
    pub token: String,
    /// For a new login only.
    pub name: Option<String>,
    /// A new one, or that of the login which the address has already.
    pub password: String,
}

/// Nobody holds a role twice.
pub fn roles(check: &mut Check, name: &str, given: &[Role]) -> Option<Roles> {
    let known: Vec<policy::Role> = check.some_of(name, given)?;
    Some(known.into_iter().collect())
}

impl Command for InviteMemberInput {
    type Parsed = Invite;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Invite, Refusal> {
        let mut check = Check::new();
        let organisation = self.organisation_id.as_ref().map(|id| check.id("organisationId", id));
        let email = check.field("email", EmailAddress::parse(&self.email));
        let roles = roles(&mut check, "roles", &self.roles);
        let invite = email.zip(roles);
        check.finish(invite.map(|(email, roles)| Invite {
            organisation: organisation.flatten(),
            email,
            roles,
        }))
    }
}

impl Command for InvitationInput {
    type Parsed = InvitationId;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<InvitationId, Refusal> {
        let mut check = Check::new();
        let id = check.id("invitationId", &self.invitation_id);
        check.finish(id)
    }
}

impl Command for ChangeRolesInput {
    type Parsed = ChangeRoles;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<ChangeRoles, Refusal> {
        let mut check = Check::new();
        let membership = check.id("membershipId", &self.membership_id);
        let version = check.version(self.version);
        let roles = roles(&mut check, "roles", &self.roles);
        let parsed = membership.zip(version).zip(roles);
        check.finish(parsed.map(|((membership, version), roles)| ChangeRoles { membership, version, roles }))
    }
}

impl Command for EndMembershipInput {
    type Parsed = EndMembership;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<EndMembership, Refusal> {
        let mut check = Check::new();
        let membership = check.id("membershipId", &self.membership_id);
        let version = check.version(self.version);
        check.finish(
            membership.zip(version).map(|(membership, version)| EndMembership { membership, version }),
        )
    }
}

impl Command for StartFactorResetInput {
    type Parsed = MembershipId;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<MembershipId, Refusal> {
        let mut check = Check::new();
        let membership = check.id("membershipId", &self.membership_id);
        check.finish(membership)
    }
}

impl Command for EndMemberSessionsInput {
    type Parsed = MembershipId;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<MembershipId, Refusal> {
        let mut check = Check::new();
        let membership = check.id("membershipId", &self.membership_id);
        check.finish(membership)
    }
}
