//! Give a user roles in an organisation or in the network.

use super::{IdentityEvent, IdentityWrites, Membership, MembershipError};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded};
use crate::policy::{Action, Role};

pub fn add_member<S>(
    tx: &mut S,
    op: &OpContext,
    member: Membership,
) -> Result<Recorded<Membership>, MembershipError>
where
    S: IdentityWrites + ?Sized,
{
    let permit = op.authorize(Action::AddMember, &member)?;
    if member.roles.is_empty() || !member.roles.iter().all(Role::is_for_people) {
        return Err(MembershipError::NoRole);
    }
    let fits = if member.organisation.is_some() { Role::is_for_organisations } else { Role::is_for_networks };
    if !member.roles.iter().all(fits) {
        return Err(MembershipError::RoleNotHere);
    }
    tx.insert_membership(&member)?;
    let event =
        IdentityEvent { membership: member.id, organisation: member.organisation, name: "member.added" };
    Ok(Recorded::new(permit, member, [Event::Identity(event)]))
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
