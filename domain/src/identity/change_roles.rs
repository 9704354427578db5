//! Change what a member may do. It holds from their next request.

use super::colleague::{Colleague, check_not_the_last};
use super::{Held, IdentityEvent, IdentityWrites, MembershipError, fitting};
use crate::audit::Event;
use crate::kernel::{MembershipId, OpContext, Recorded};
use crate::policy::{Action, Role, Roles};
use crate::tenancy::OrganisationReads;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRoles {
    pub membership: MembershipId,
    /// The version that was read.
    pub version: i32,
    pub roles: Roles,
}

pub fn change_roles<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: ChangeRoles,
) -> Result<Recorded<Held>, MembershipError>
where
    S: IdentityWrites + OrganisationReads + ?Sized,
{
    let ChangeRoles { membership: id, version, roles } = cmd;
    let seen = tx.member(id)?.ok_or(MembershipError::NotFound)?;
    // Those who answer for the place are locked first and in one order, so that no two changes wait for each other.
    let answering = tx.lock_administrators(seen.membership.organisation)?;
    let Held { membership, version: stands } = tx.lock_member(id)?.ok_or(MembershipError::NotFound)?;
    let colleague = Colleague(membership);
    let permit = op.authorize(Action::ChangeRoles, &colleague)?;
    let Colleague(membership) = colleague;
    fitting(tx, membership.organisation, &roles)?;
    if stands != version {
        return Err(MembershipError::Stale);
    }
    if roles == membership.roles {
        return Ok(Recorded::unchanged(Held { membership, version }));
    }
    let added = |role: Role| !membership.roles.has(role);
    if op.user() == Some(membership.user) && roles.iter().any(added) {
        return Err(MembershipError::OwnRoles);
    }
    check_not_the_last(&membership, &answering, &roles)?;
    tx.save_roles(id, version, &roles)?;
    let changed = super::Membership { roles, ..membership };
    let event =
        IdentityEvent { membership: id, organisation: changed.organisation, name: "member.roles_changed" };
    let held = Held { membership: changed, version: version.saturating_add(1) };
    Ok(Recorded::new(permit, held, [Event::Identity(event)]))
}
