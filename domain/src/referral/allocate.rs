//! Allocate to a named worker of the receiving organisation: somebody whose roles let them take it up.

use super::reassign::{HandOvers, Reassign, Together, give};
use super::rules::Target;
use super::undo::UndoWrites;
use super::{Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites};
use crate::kernel::{OpContext, Recorded, UserId};
use crate::policy::Action;
use crate::tenancy::OrganisationReads;

impl Referral {
    /// The due time stays: giving it to somebody does not give the person's time away. Where somebody else has it, it is
    /// reassigned, for a reason.
    pub fn allocate(
        mut self,
        worker: UserId,
        together: Option<Together>,
    ) -> Result<(Self, ReferralEvent), NotPossible> {
        let theirs = self.stage.worker().is_some_and(|named| named != worker);
        match self.stage.clone().with_worker(Some(worker)) {
            Some(stage) if !theirs => self.stage = stage,
            _ => return Err(self.not_possible(Command::Allocate)),
        }
        let event = self.event(ReferralFact::Allocated { worker, together: together.map(Box::new) });
        Ok((self, event))
    }
}

pub fn allocate<S>(
    tx: &mut S,
    op: &OpContext,
    (target, worker): (Target, UserId),
) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + OrganisationReads + HandOvers + UndoWrites + ?Sized,
{
    let cmd = Reassign { target, worker, reason: None, together: None };
    give(tx, op, cmd, Action::AllocateReferral)
}
