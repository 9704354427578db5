//! Undo, for ten minutes: giving a referral to somebody, and logging a contact. Events are only ever added, so an undo is one
//! more, which puts owner, due time and next step to what they were and the version forward. It is for whoever did it, and
//! only while nothing else has happened to the referral: what others have built on is not pulled away from under them.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::reassign::InHand;
use super::{Referral, ReferralError, Stage, StageName};
use crate::contact::NextStep;
use crate::kernel::{ContactId, OpContext, OrganisationId, ReferralId, StoreError, TypedId, UserId};
use crate::policy::{Action, Denied, Guarded};

const UNDO_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// What can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undoable {
    Allocation,
    Contact(ContactId),
}

/// How a referral that somebody helps with stood before. Codes and ids only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    pub stage: StageName,
    pub since: Timestamp,
    pub worker: Option<UserId>,
    pub due: Option<Timestamp>,
    /// A next step that came up before a pause ended.
    pub look_at: Option<Timestamp>,
    pub next_step: Option<NextStep>,
    #[serde(default)]
    pub in_hand: InHand,
}

/// The latest act on a referral that can be undone. There is one at most: an older one is built on by now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    pub referral: ReferralId,
    pub organisation: OrganisationId,
    pub what: Undoable,
    pub by: UserId,
    pub at: Timestamp,
    /// Of the referral, as the act has left it; or its undo.
    pub version: i32,
    pub undone: bool,
    pub before: Before,
}

pub trait UndoWrites {
    fn keep_undo(&mut self, undo: &Undo) -> Result<(), StoreError>;
    fn undo(&mut self, referral: ReferralId) -> Result<Option<Undo>, StoreError>;
}

impl Before {
    pub fn of(referral: &Referral) -> Self {
        let look_at = match &referral.stage {
            Stage::OnHold(hold) => hold.look_at,
            _ => None,
        };
        Self {
            stage: referral.stage.name(),
            since: referral.stage_since,
            worker: referral.stage.worker(),
            due: referral.stage.due(),
            look_at,
            next_step: referral.next_step,
            in_hand: InHand::default(),
        }
    }
}

impl Undo {
    /// None where nobody signed in did it: there is nobody to undo it.
    pub fn of(op: &OpContext, left: &Referral, what: Undoable, before: Before) -> Option<Self> {
        Some(Self {
            referral: left.id,
            organisation: left.to.organisation,
            what,
            by: op.user()?,
            at: op.now(),
            version: left.version,
            undone: false,
            before,
        })
    }

    /// The undo that may be carried out now; none where it was carried out already.
    pub(crate) fn to_carry_out(
        kept: Option<Self>,
        what: Undoable,
        referral: &Referral,
        (op, action): (&OpContext, Action),
    ) -> Result<Option<Self>, ReferralError> {
        let undo = kept.filter(|kept| kept.what == what).ok_or(ReferralError::ChangedSince)?;
        if op.user() != Some(undo.by) {
            return Err(Denied::by_role(action, Referral::KIND, referral.id.uuid()).into());
        }
        if undo.version != referral.version {
            return Err(ReferralError::ChangedSince);
        }
        if undo.undone {
            return Ok(None);
        }
        if op.now().duration_since(undo.at) > UNDO_WITHIN {
            return Err(ReferralError::TooLateToUndo);
        }
        Ok(Some(undo))
    }

    /// Kept, so that a second time is once.
    pub(crate) fn carried_out(self, left: &Referral) -> Self {
        Self { version: left.version, undone: true, ..self }
    }
}
