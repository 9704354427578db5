//! Give a user roles in an organisation or in the network.

use super::{IdentityEvent, IdentityWrites, Membership, MembershipError};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded};
use crate::policy::Action;

pub fn add_member<S>(
    tx: &mut S,
    op: &OpContext,
    member: Membership,
) -> Result<Recorded<Membership>, MembershipError>
where
    S: IdentityWrites + ?Sized,
{
    let permit = op.authorize(Action::AddMember, &member)?;
    if member.roles.is_empty() || !member.roles.iter().all(crate::policy::Role::is_for_people) {
        return Err(MembershipError::NoRole);
    }
    tx.insert_membership(&member)?;
    let event =
        IdentityEvent { membership: member.id, organisation: member.organisation, name: "member.added" };
    Ok(Recorded::new(permit, member, [Event::Identity(event)]))
}
