//! Reassign: from one worker to another, for a coded reason (W5). The person's time stays, and so does what was agreed with
//! them; what the old worker had in hand about it goes along. Several may go in one go, and each is its own decision.

use super::codes::ReassignReason;
use super::rules::{Target, load};
use super::undo::{Before, Undo, UndoWrites, Undoable};
use super::{Command, NotPossible, Referral, ReferralError, ReferralEvent, ReferralFact, ReferralWrites};
use crate::audit::Event;
use crate::kernel::{OpContext, ReassignmentId, Recorded, ReferralId, StoreError, TaskId, UserId};
use crate::policy::Action;
use crate::tenancy::OrganisationReads;
use serde::{Deserialize, Serialize};

/// Give it to this worker, whoever has it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reassign {
    pub target: Target,
    pub worker: UserId,
    /// Needed where somebody else has it.
    pub reason: Option<ReassignReason>,
    /// It is one of several: those it concerns hear of it once.
    pub together: Option<ReassignmentId>,
}

/// Several that move in one go, and who has still to hear of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    pub id: ReassignmentId,
    pub tell: Vec<UserId>,
}

/// What the old worker had in hand and the new one has now: to be given back exactly, if that is undone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InHand {
    pub tasks: Vec<TaskId>,
    /// What was asked of others for the person as part of it: whoever asked hears how that ends.
    pub asked: Vec<ReferralId>,
}

pub trait HandOvers {
    /// Who has a mail about this one already.
    fn told_together(&mut self, id: ReassignmentId) -> Result<Vec<UserId>, StoreError>;
    /// What one worker has in hand about a referral is the other's from now on.
    fn hand_over(&mut self, id: ReferralId, from: UserId, to: UserId) -> Result<InHand, StoreError>;
    /// Only these, and only those of them that are still in the hands of `from`.
    fn hand_back(&mut self, in_hand: &InHand, from: UserId, to: UserId) -> Result<(), StoreError>;
}

impl Referral {
    pub fn reassign(
        mut self,
        worker: UserId,
        reason: ReassignReason,
        together: Together,
    ) -> Result<(Self, ReferralEvent), NotPossible> {
        let held_by = self.stage.worker().filter(|named| *named != worker);
        let Some((from, stage)) = held_by.zip(self.stage.clone().with_worker(Some(worker))) else {
            return Err(self.not_possible(Command::Reassign));
        };
        self.stage = stage;
        let event =
            self.event(ReferralFact::Reassigned { from, worker, reason, together: Box::new(together) });
        Ok((self, event))
    }
}

pub fn reassign<S>(tx: &mut S, op: &OpContext, cmd: Reassign) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + OrganisationReads + HandOvers + UndoWrites + ?Sized,
{
    give(tx, op, cmd, Action::ReassignReferral)
}

/// What allocating and reassigning have in common.
pub(super) fn give<S>(
    tx: &mut S,
    op: &OpContext,
    cmd: Reassign,
    action: Action,
) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + OrganisationReads + HandOvers + UndoWrites + ?Sized,
{
    let referral = load(tx, op, cmd.target)?;
    let held_by = referral.stage.worker();
    let permit = op.authorize(action, &referral)?;
    if !works_here(tx, cmd.worker)? {
        return Err(ReferralError::WorkerNotFound);
    }
    if held_by == Some(cmd.worker) {
        return Ok(Recorded::unchanged(referral));
    }
    let mut before = Before::of(&referral);
    let (moved, event) = match held_by {
        None => {
            let together =
                cmd.together.map(|id| to_tell(tx, op, id, [None, Some(cmd.worker)])).transpose()?;
            referral.allocate(cmd.worker, together)?
        }
        Some(from) => {
            let reason = cmd.reason.ok_or(ReferralError::ReasonNeeded)?;
            let id = cmd.together.unwrap_or_else(|| op.new_id());
            let together = to_tell(tx, op, id, [Some(from), Some(cmd.worker)])?;
            before.in_hand = tx.hand_over(referral.id, from, cmd.worker)?;
            referral.reassign(cmd.worker, reason, together)?
        }
    };
    let saved = tx.save_referral(&moved)?;
    if let Some(undo) = Undo::of(op, &saved, Undoable::Allocation, before) {
        tx.keep_undo(&undo)?;
    }
    Ok(Recorded::new(permit, saved, [Event::Referral(event)]))
}

fn works_here<S: OrganisationReads + ?Sized>(tx: &mut S, worker: UserId) -> Result<bool, StoreError> {
    Ok(Action::StartReferral.is_for(&tx.roles_of(worker)?))
}

/// Not whoever does it, nor whoever has left, nor whoever has heard.
fn to_tell<S>(
    tx: &mut S,
    op: &OpContext,
    id: ReassignmentId,
    concerned: [Option<UserId>; 2],
) -> Result<Together, StoreError>
where
    S: OrganisationReads + HandOvers + ?Sized,
{
    let told = tx.told_together(id)?;
    let mut tell = Vec::new();
    for user in concerned.into_iter().flatten() {
        if op.user() != Some(user) && !told.contains(&user) && works_here(tx, user)? {
            tell.push(user);
        }
    }
    Ok(Together { id, tell })
}
