//! Who may be the same person, and which records an organisation has found to be of one.

use trellis_domain::kernel::{PersonId, StoreError, TypedId};
use trellis_domain::person::{Identity, Likeness, Person, PersonReads, alike};
use trellis_domain::policy::Action;
use trellis_domain::sameness::{Same, Verdict};

use super::super::tx::PgTx;

/// More than this many would not help anybody to decide.
const SHOWN: usize = 5;

/// Somebody who may be the same, and by what.
#[derive(Debug, Clone)]
pub struct PossibleMatch {
    pub person: Person,
    pub common: Vec<Likeness>,
}

/// Another record of the same person, by what was said.
#[derive(Debug, Clone)]
pub struct SameAs {
    pub said: Same,
    pub person: Person,
}

impl<M> PgTx<'_, M> {
    /// Those who look like somebody about to be entered, the likeliest first.
    pub fn possible_matches(&mut self, identity: &Identity) -> Result<Vec<PossibleMatch>, StoreError> {
        self.alike_but_for(identity, &[])
    }

    /// Those who look like somebody on record and of whom nobody has said whether they are.
    pub fn possible_matches_of(&mut self, person: &Person) -> Result<Vec<PossibleMatch>, StoreError> {
        let mut answered: Vec<PersonId> =
            self.matches_of(person.id)?.iter().map(|said| other_of(said, person.id)).collect();
        answered.push(person.id);
        let seen = person.identity.clone().as_seen_with(person.level);
        self.alike_but_for(&seen, &answered)
    }

    /// As far as the other record is still open to the acting organisation.
    pub fn same_as(&mut self, person: PersonId) -> Result<Vec<SameAs>, StoreError> {
        let mut found = Vec::new();
        for said in self.matches_of(person)? {
            if said.verdict != Verdict::Same {
                continue;
            }
            if let Some(person) = self.person(other_of(&said, person))? {
                found.push(SameAs { said, person });
            }
        }
        self.audit_page(Action::ViewIdentity, found.iter().map(|same| same.person.id.uuid()).collect());
        Ok(found)
    }

    fn alike_but_for(
        &mut self,
        identity: &Identity,
        known: &[PersonId],
    ) -> Result<Vec<PossibleMatch>, StoreError> {
        let mut found = Vec::new();
        let others = alike(self, identity)?.into_iter().filter(|(other, _)| !known.contains(&other.id));
        for (other, common) in others.take(SHOWN) {
            if let Some(person) = self.person(other.id)? {
                found.push(PossibleMatch { person, common });
            }
        }
        let shown: Vec<_> = found.iter().map(|like: &PossibleMatch| like.person.id.uuid()).collect();
        self.audit_page(Action::ComparePeople, shown.clone());
        self.audit_page(Action::ViewIdentity, shown);
        Ok(found)
    }
}

fn other_of(said: &Same, person: PersonId) -> PersonId {
    let (one, two) = said.pair;
    if one == person { two } else { one }
}
