//! End a membership. From the next request on it opens nothing; what the member did stays theirs in the record.

use super::colleague::check_not_the_last;
use super::{Held, IdentityEvent, IdentityWrites, MembershipError};
use crate::audit::Event;
use crate::kernel::{MembershipId, OpContext, Recorded};
use crate::policy::{Action, Roles};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndMembership {
    pub membership: MembershipId,
    /// The version that was read.
    pub version: i32,
}

pub fn end_membership<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: EndMembership,
) -> Result<Recorded<Held>, MembershipError>
where
    S: IdentityWrites + ?Sized,
{
    let seen = tx.member(cmd.membership)?.ok_or(MembershipError::NotFound)?;
    let answering = tx.lock_administrators(seen.membership.organisation)?;
    let held = tx.lock_member(cmd.membership)?.ok_or(MembershipError::NotFound)?;
    let permit = op.authorize(Action::EndMembership, &held.membership)?;
    if held.version != cmd.version {
        return Err(MembershipError::Stale);
    }
    check_not_the_last(&held.membership, &answering, &Roles::default())?;
    tx.end_membership(cmd.membership, cmd.version)?;
    let event = IdentityEvent {
        membership: cmd.membership,
        organisation: held.membership.organisation,
        name: "member.ended",
    };
    Ok(Recorded::new(permit, held, [Event::Identity(event)]))
}
