//! Give a user roles in an organisation or in the network.

use super::{IdentityEvent, IdentityWrites, Membership, MembershipError};
use crate::audit::Event;
use crate::kernel::{OpContext, OrganisationId, Recorded};
use crate::policy::{Action, Role, Roles};
use crate::tenancy::OrganisationReads;

pub fn add_member<S>(
    tx: &mut S,
    op: &OpContext,
    member: Membership,
) -> Result<Recorded<Membership>, MembershipError>
where
    S: IdentityWrites + OrganisationReads + ?Sized,
{
    let permit = op.authorize(Action::AddMember, &member)?;
    fitting(tx, member.organisation, &member.roles)?;
    tx.insert_membership(&member)?;
    let event =
        IdentityEvent { membership: member.id, organisation: member.organisation, name: "member.added" };
    Ok(Recorded::new(permit, member, [Event::Identity(event)]))
}

/// May these roles be held in this organisation, or in the network?
pub fn fitting<S>(
    tx: &mut S,
    organisation: Option<OrganisationId>,
    roles: &Roles,
) -> Result<(), MembershipError>
where
    S: OrganisationReads + ?Sized,
{
    if roles.is_empty() || !roles.iter().all(Role::is_for_people) {
        return Err(MembershipError::NoRole);
    }
    let Some(id) = organisation else {
        let fit = roles.iter().all(Role::is_for_networks);
        return if fit { Ok(()) } else { Err(MembershipError::RoleNotHere) };
    };
    let kind = tx.organisation(id)?.ok_or(MembershipError::OrganisationNotFound)?.kind;
    if roles.iter().all(|role| kind.may_hold(role)) { Ok(()) } else { Err(MembershipError::RoleNotHere) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coordinators_role_is_held_in_the_network_only() {
        let in_both: Vec<Role> =
            Role::ALL.iter().copied().filter(|r| r.is_for_organisations() && r.is_for_networks()).collect();
        assert_eq!(in_both, [Role::Analyst]);
        assert!(!Role::NetworkCoordinator.is_for_organisations());
        assert!(
            Role::ALL.iter().all(|r| r.is_for_people() == (r.is_for_organisations() || r.is_for_networks()))
        );
    }
}
