//! Who of the people that the acting organisation may see is probably somebody who is about to be entered, or somebody on record.

use super::{Identity, Likeness, PersonReads};
use crate::kernel::{PersonId, StoreError};

/// Somebody to compare with, as far as the acting organisation may: see `Identity::as_seen_with`.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub id: PersonId,
    pub identity: Identity,
}

/// Those among the people the acting organisation may see who are probably the same, and what they have in common; the
/// likeliest first.
pub fn alike<S>(tx: &mut S, identity: &Identity) -> Result<Vec<(Candidate, Vec<Likeness>)>, StoreError>
where
    S: PersonReads + ?Sized,
{
    let candidates = tx.candidates(identity)?.into_iter();
    let compared = candidates.map(|other| {
        let common = identity.likeness(&other.identity);
        (other, common)
    });
    let mut found: Vec<_> = compared.filter(|(_, common)| !common.is_empty()).collect();
    found.sort_by(|(one, in_one), (two, in_two)| {
        in_two.len().cmp(&in_one.len()).then_with(|| in_one.cmp(in_two)).then_with(|| one.id.cmp(&two.id))
    });
    Ok(found)
}
