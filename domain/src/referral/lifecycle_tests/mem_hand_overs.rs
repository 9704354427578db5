//! What the store in memory keeps of hand-overs and of what can be undone.

use super::mem_tx::MemTx;
use crate::kernel::{ReassignmentId, ReferralId, StoreError, UserId};
use crate::referral::reassign::{HandOvers, InHand};
use crate::referral::undo::{Undo, UndoWrites};

type Kept<T> = Result<T, StoreError>;

impl HandOvers for MemTx {
    fn told_together(&mut self, id: ReassignmentId) -> Kept<Vec<UserId>> {
        Ok(self.told.iter().filter(|(about, _)| *about == id).map(|(_, user)| *user).collect())
    }

    fn hand_over(&mut self, id: ReferralId, from: UserId, to: UserId) -> Kept<InHand> {
        let theirs = self.tasks.iter_mut().filter(|(_, task)| **task == (id, from));
        let moved = theirs.map(|(task, whose)| {
            whose.1 = to;
            *task
        });
        Ok(InHand { tasks: moved.collect(), asked: Vec::new() })
    }

    fn hand_back(&mut self, in_hand: &InHand, from: UserId, to: UserId) -> Kept<()> {
        for (_, whose) in self.tasks.iter_mut().filter(|(task, _)| in_hand.tasks.contains(task)) {
            if whose.1 == from {
                whose.1 = to;
            }
        }
        Ok(())
    }
}

impl UndoWrites for MemTx {
    fn keep_undo(&mut self, undo: &Undo) -> Kept<()> {
        self.undos.insert(undo.referral, undo.clone());
        Ok(())
    }

    fn undo(&mut self, referral: ReferralId) -> Kept<Option<Undo>> {
        Ok(self.undos.get(&referral).cloned())
    }
}
