//! Allocate to a named worker of the receiving organisation: somebody whose roles let them take it up.

use super::rules::{Target, load};
use super::{
    Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites, Stage,
};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded, UserId};
use crate::policy::Action;
use crate::tenancy::OrganisationReads;

impl Referral {
    /// The due time stays: giving it to somebody does not give the person's time away.
    pub fn allocate(mut self, worker: UserId) -> Result<(Self, ReferralEvent), NotPossible> {
        match &mut self.stage {
            Stage::Accepted { worker: named, .. } => *named = Some(worker),
            _ => return Err(self.not_possible(Command::Allocate)),
        }
        let event = self.event(ReferralFact::Allocated { worker });
        Ok((self, event))
    }
}

pub fn allocate<S>(
    tx: &mut S,
    op: &OpContext,
    (target, worker): (Target, UserId),
) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + OrganisationReads + ?Sized,
{
    let referral = load(tx, op, target)?;
    let permit = op.authorize(Action::AllocateReferral, &referral)?;
    if !Action::StartReferral.is_for(&tx.roles_of(worker)?) {
        return Err(ReferralError::WorkerNotFound);
    }
    let (allocated, event) = referral.allocate(worker)?;
    let saved = tx.save_referral(&allocated)?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}
