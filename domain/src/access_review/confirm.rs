//! Confirm that members need what they have: one, or everybody who was ticked. All of them or nobody, so that whoever pressed
//! knows what they have confirmed.

use super::{
    AccessReviewError, AccessReviewEvent, AccessReviewFact, AccessReviewWrites, Confirmation, Confirmed,
};
use crate::audit::Event;
use crate::identity::{IdentityWrites, Membership};
use crate::kernel::{Actor, ConfirmationId, MembershipId, OpContext, Recorded, TypedId};
use crate::policy::{Action, Permit};

/// A member, at the version that was on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub membership: MembershipId,
    pub version: i32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmAccess {
    pub first: Seen,
    pub others: Vec<Seen>,
}

pub fn confirm<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: ConfirmAccess,
) -> Result<Recorded<Confirmed>, AccessReviewError>
where
    S: AccessReviewWrites + IdentityWrites + ?Sized,
{
    let id: ConfirmationId = op.new_id();
    let memberships = std::iter::once(cmd.first).chain(cmd.others.iter().copied());
    let confirmed = Confirmed { id, memberships: memberships.map(|seen| seen.membership).collect() };
    let first = confirm_one(tx, op, (id, cmd.first))?;
    let all = cmd
        .others
        .into_iter()
        .try_fold(first, |all, seen| confirm_one(tx, op, (id, seen)).map(|one| all.and(one)))?;
    Ok(all.map(|()| confirmed))
}

fn confirm_one<S>(
    tx: &mut S,
    op: &OpContext,
    (id, seen): (ConfirmationId, Seen),
) -> Result<Recorded<()>, AccessReviewError>
where
    S: AccessReviewWrites + IdentityWrites + ?Sized,
{
    let held = tx.member(seen.membership)?.ok_or(AccessReviewError::MemberNotFound)?;
    let permit: Permit<Membership> = op.authorize(Action::ConfirmAccess, &held.membership)?;
    if held.version != seen.version {
        return Err(AccessReviewError::Stale);
    }
    // The same person in another of their memberships is no other pair of eyes.
    let Actor::User { user, membership: by } = op.actor() else { return Err(AccessReviewError::OwnAccess) };
    if user == held.membership.user {
        return Err(AccessReviewError::OwnAccess);
    }
    let Membership { id: membership, organisation, roles, .. } = held.membership;
    let confirmation =
        Confirmation { id, membership, organisation, version: seen.version, roles, at: op.now(), by };
    tx.insert_confirmation(&confirmation)?;
    let fact = AccessReviewFact::Confirmed;
    let event = AccessReviewEvent { organisation, subject: membership.uuid(), fact };
    Ok(Recorded::new(permit, (), [Event::AccessReview(event)]))
}
