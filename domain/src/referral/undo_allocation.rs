//! Undo who has it: it is whose it was, or nobody's, and what had gone along comes back.

use super::reassign::HandOvers;
use super::rules::{Target, load};
use super::undo::{Undo, UndoWrites, Undoable};
use super::{Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded, ReferralId, UserId};
use crate::policy::Action;

impl Referral {
    /// Due when it was: giving it away had not moved that.
    pub fn undo_allocation(mut self, worker: Option<UserId>) -> Result<(Self, ReferralEvent), NotPossible> {
        let from = self.stage.worker();
        match self.stage.clone().with_worker(worker) {
            Some(stage) => self.stage = stage,
            None => return Err(self.not_possible(Command::UndoAllocation)),
        }
        let event = self.event(ReferralFact::AllocationUndone { from, worker });
        Ok((self, event))
    }
}

pub fn undo_allocation<S>(
    tx: &mut S,
    op: &OpContext,
    id: ReferralId,
) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + HandOvers + UndoWrites + ?Sized,
{
    let referral = load(tx, op, Target { referral: id, version: None })?;
    let permit = op.authorize(Action::UndoAllocation, &referral)?;
    let kept = tx.undo(id)?;
    let asked = (op, Action::UndoAllocation);
    let Some(undo) = Undo::to_carry_out(kept, Undoable::Allocation, &referral, asked)? else {
        return Ok(Recorded::unchanged(referral));
    };
    if let Some((from, to)) = referral.stage.worker().zip(undo.before.worker) {
        tx.hand_back(&undo.before.in_hand, from, to)?;
    }
    let (back, event) = referral.undo_allocation(undo.before.worker)?;
    let saved = tx.save_referral(&back)?;
    tx.keep_undo(&undo.carried_out(&saved))?;
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}
