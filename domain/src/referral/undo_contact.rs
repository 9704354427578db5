//! What a contact has changed of its referral, put back: the next step, and the start, where that contact started it.

use super::stage::Hold;
use super::undo::Before;
use super::{Command, NotPossible, Referral, ReferralEvent, ReferralFact, Stage, StageName};

impl Referral {
    /// With the event that the start was taken back, where it was.
    pub fn undo_contact(mut self, before: &Before) -> Result<(Self, Option<ReferralEvent>), NotPossible> {
        let due = before.due.or(self.stage.due());
        let stage = match (self.stage.clone(), before.stage, due) {
            (Stage::Accepted { worker, .. }, StageName::Accepted, Some(contact_by)) => {
                Stage::Accepted { worker, contact_by }
            }
            (Stage::Active { .. }, StageName::Accepted, Some(contact_by)) => {
                Stage::Accepted { worker: before.worker, contact_by }
            }
            (Stage::Active { worker, .. }, StageName::Active, Some(review_by)) => {
                Stage::Active { worker, review_by }
            }
            (Stage::OnHold(hold), StageName::OnHold, _) => {
                Stage::OnHold(Hold { look_at: before.look_at, ..hold })
            }
            _ => return Err(self.not_possible(Command::UndoContact)),
        };
        let started = self.stage.name() != stage.name();
        self.stage = stage;
        self.stage_since = before.since;
        self.next_step = before.next_step;
        let event = started.then(|| self.event(ReferralFact::StartUndone));
        Ok((self, event))
    }
}
