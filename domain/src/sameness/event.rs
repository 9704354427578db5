//! What was said of two records. Ids only; nobody outside the organisation that said it hears of it.

use super::{Same, Verdict};
use crate::kernel::{MatchId, OrganisationId, PersonId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamenessEvent {
    pub id: MatchId,
    pub organisation: OrganisationId,
    /// The one of the two whose story this event belongs to; each gets its own.
    pub person: PersonId,
    pub fact: SamenessFact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SamenessFact {
    Decided(Verdict),
    TakenBack,
}

impl SamenessEvent {
    pub(super) fn of_both(same: &Same, fact: SamenessFact) -> [Self; 2] {
        let (one, two) = same.pair;
        [one, two].map(|person| Self { id: same.id, organisation: same.organisation, person, fact })
    }
}
