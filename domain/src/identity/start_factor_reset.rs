//! Begin a reset for a member who has lost every factor. It takes nothing away: the login's owner gets a link, and goes on
//! with their password or stops it. Nobody else ever chooses what they sign in with.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Held, IdentityWrites, Membership, MembershipError};
use crate::audit::Event;
use crate::kernel::{LoginLinkId, MembershipId, OpContext, OrganisationId, Recorded, UserId};
use crate::policy::{Action, Guarded, Role, Side};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorResetEvent {
    pub membership: MembershipId,
    pub organisation: Option<OrganisationId>,
    pub user: UserId,
    pub link: LoginLinkId,
}

/// While the member looks into their mailbox.
const OPEN_FOR: SignedDuration = SignedDuration::from_hours(1);
/// In which the owner of a login can stop what one of its organisations has begun: the others have not agreed, and a password
/// that was set since may be no more than a mailbox.
const WAITS_FOR: SignedDuration = SignedDuration::from_hours(24);
/// After the wait, for somebody who slept when it ended.
const OPEN_AFTER_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// When the link opens and ends: at once, or after the wait. Which of them is the platform's to find out, as a tenant does not
/// know for whom else a login acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResetTimes {
    pub soon_ends: Timestamp,
    pub later: Timestamp,
    pub later_ends: Timestamp,
}

impl From<Timestamp> for ResetTimes {
    fn from(now: Timestamp) -> Self {
        let after = |at: Timestamp, time| at.checked_add(time).unwrap_or(at);
        let later = after(now, WAITS_FOR);
        Self { soon_ends: after(now, OPEN_FOR), later, later_ends: after(later, OPEN_AFTER_WAIT) }
    }
}

/// From outside an organisation, whoever coordinates the network reaches those who answer for it, as a single one of them has
/// nobody else to ask; everybody else has their own administrator.
struct Helped(Membership);

impl Guarded for Helped {
    const KIND: &'static str = Membership::KIND;

    fn subject(&self) -> Uuid {
        Guarded::subject(&self.0)
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        let answers = self.0.organisation.is_none() || self.0.roles.has(Role::OrganisationAdmin);
        self.0.stands(side, op) && (side != Side::Network || answers)
    }

    fn is_own(&self, op: &OpContext) -> bool {
        self.0.is_own(op)
    }
}

pub fn start_factor_reset<S>(
    tx: &mut S,
    op: &OpContext,
    id: MembershipId,
) -> Result<Recorded<Held>, MembershipError>
where
    S: IdentityWrites + ?Sized,
{
    let Held { membership, version } = tx.member(id)?.ok_or(MembershipError::NotFound)?;
    let helped = Helped(membership);
    let permit = op.authorize(Action::StartFactorReset, &helped)?;
    let Helped(membership) = helped;
    if op.user() == Some(membership.user) {
        return Err(MembershipError::OwnFactors);
    }
    let link: LoginLinkId = op.new_id();
    if !tx.begin_factor_reset(id, link, ResetTimes::from(op.now()))? {
        return Err(MembershipError::NothingToReset);
    }
    let (organisation, user) = (membership.organisation, membership.user);
    let event = FactorResetEvent { membership: id, organisation, user, link };
    Ok(Recorded::new(permit, Held { membership, version }, [Event::FactorReset(event)]))
}
