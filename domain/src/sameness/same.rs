//! What one organisation has said of two records.

use jiff::Timestamp;
use uuid::Uuid;

use crate::define_codes;
use crate::kernel::{MatchId, OpContext, OrganisationId, PersonId, StoreError, Subject, TypedId, UserId};
use crate::policy::{Denied, Guarded, Side};

define_codes! {
    Verdict {
        Same = "same", "One person";
        Different = "different", "Two people";
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Same {
    pub id: MatchId,
    pub organisation: OrganisationId,
    /// The two records, the smaller id first: there is one answer for a pair, whichever way round it is asked.
    pub pair: (PersonId, PersonId),
    pub verdict: Verdict,
    pub decided_at: Timestamp,
    pub decided_by: Option<UserId>,
    pub taken_back_at: Option<Timestamp>,
}

impl Same {
    /// None for a record and itself.
    pub fn pair_of(one: PersonId, two: PersonId) -> Option<(PersonId, PersonId)> {
        match one.cmp(&two) {
            std::cmp::Ordering::Less => Some((one, two)),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some((two, one)),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SamenessError {
    #[error("there is no such person")]
    PersonNotFound,
    #[error("there is no such answer")]
    NotFound,
    #[error("a record is always of the same person as itself")]
    Itself,
    #[error("it was taken back")]
    TakenBackAlready,
    /// The other answer stands; it is taken back first.
    #[error("another answer was given")]
    AnsweredOtherwise,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Subject for Same {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Guarded for Same {
    const KIND: &'static str = "person_match";

    fn subject(&self) -> Uuid {
        self.id.uuid()
    }

    fn person(&self) -> Option<Uuid> {
        Some(self.pair.0.uuid())
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        side == Side::Owner && op.organisation() == Some(self.organisation)
    }

    fn is_own(&self, op: &OpContext) -> bool {
        self.decided_by.is_some() && self.decided_by == op.user()
    }
}
