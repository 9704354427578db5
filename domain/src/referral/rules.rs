//! What several verbs ask alike: is it there, is it the version that was read, when is it due.

use jiff::Timestamp;

use super::referral::Sender;
use super::{Referral, ReferralError, ReferralWrites};
use crate::consent::{Decision, DecisionLocks, Purpose};
use crate::kernel::{OpContext, ReferralId, WorkingCalendar};
use crate::tenancy::OrganisationReads;

/// Which referral, and the version the actor was shown. `None` skips the check (links, jobs).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    pub referral: ReferralId,
    pub version: Option<i32>,
}

pub(crate) fn load<S: ReferralWrites + ?Sized>(
    tx: &mut S,
    op: &OpContext,
    target: Target,
) -> Result<Referral, ReferralError> {
    let referral = tx.lock_referral(target.referral)?.ok_or(ReferralError::NotFound)?;
    match target.version {
        Some(version) if version != referral.version_for(op.organisation()) => Err(ReferralError::Stale),
        _ => Ok(referral),
    }
}

/// For what shares. The person's decisions are locked before the referral, in the order in which a withdrawal takes
/// them: none that is being withdrawn is taken for active, and none is withdrawn without what is sent under it here.
pub(super) fn load_to_share<S>(
    tx: &mut S,
    op: &OpContext,
    target: Target,
) -> Result<(Referral, Vec<Decision>), ReferralError>
where
    S: ReferralWrites + DecisionLocks + ?Sized,
{
    let known = tx.referral(target.referral)?.ok_or(ReferralError::NotFound)?;
    let decisions = tx.lock_decisions(known.person, Purpose::Referral)?;
    Ok((load(tx, op, target)?, decisions))
}

/// Who finds somebody else, when it comes back: whoever asked; where they have closed, whoever asked at first, or coordinates
/// the helping. None: nobody is there any more.
pub(super) fn home<S>(tx: &mut S, referral: &Referral) -> Result<Option<Sender>, ReferralError>
where
    S: OrganisationReads + ?Sized,
{
    let parent = referral.parent.map(|parent| Sender { organisation: parent.organisation, user: None });
    for one in [Some(referral.from), referral.asker, parent].into_iter().flatten() {
        if tx.organisation(one.organisation)?.is_some() {
            return Ok(Some(one));
        }
    }
    Ok(None)
}

pub(super) fn due(calendar: &WorkingCalendar, op: &OpContext, working_days: u16) -> Timestamp {
    calendar.after(op.now(), working_days)
}
