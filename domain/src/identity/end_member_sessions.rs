//! End every sign-in that acts for a membership, as when a phone was lost. The member may sign in again.

use super::{Held, IdentityEvent, IdentityWrites, MembershipError};
use crate::audit::Event;
use crate::kernel::{MembershipId, OpContext, Recorded};
use crate::policy::Action;

pub fn end_member_sessions<S>(
    tx: &mut S,
    op: &OpContext,
    id: MembershipId,
) -> Result<Recorded<Held>, MembershipError>
where
    S: IdentityWrites + ?Sized,
{
    let held = tx.member(id)?.ok_or(MembershipError::NotFound)?;
    let permit = op.authorize(Action::EndMemberSessions, &held.membership)?;
    tx.end_sessions_of(id)?;
    let organisation = held.membership.organisation;
    let event = IdentityEvent { membership: id, organisation, name: "member.sessions_ended" };
    Ok(Recorded::new(permit, held, [Event::Identity(event)]))
}
