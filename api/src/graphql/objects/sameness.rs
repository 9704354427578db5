//! Who may be the same person, and what an organisation has said of two records.

use async_graphql::{ID, Object};
use trellis_domain::kernel::OpContext;
use trellis_domain::person::{Likeness as Common, Person};
use trellis_domain::policy::Action;
use trellis_domain::sameness::Same;
use trellis_infra::pg::read::{PossibleMatch, SameAs};

use super::look::Tx;
use super::person::PersonObject;
use crate::graphql::enums::{Likeness, SamenessVerdict};
use crate::graphql::error::ReadError;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

/// Whoever may not compare them is told of nobody, not of an error.
pub fn possible_matches_of(
    tx: &mut Tx<'_>,
    op: &OpContext,
    person: &Person,
) -> Result<Vec<PossibleMatch>, ReadError> {
    match op.authorize(Action::ComparePeople, person) {
        Ok(permit) => {
            tx.audit_read(permit);
            Ok(tx.possible_matches_of(person)?)
        }
        Err(_) => Ok(Vec::new()),
    }
}

/// Somebody on record who may be the same person. A worker decides; nothing merges by itself.
#[derive(Debug, Clone)]
pub struct PossibleMatchObject(pub PossibleMatch);

#[Object(name = "PossibleMatch", directive = rule::apply(Rule::NothingMore.into()))]
impl PossibleMatchObject {
    async fn person(&self) -> PersonObject {
        PersonObject::new(self.0.person.clone())
    }

    /// The strongest first.
    async fn in_common(&self) -> Vec<Likeness> {
        self.0.common.iter().copied().map(Likeness::from).collect()
    }

    /// The same in words.
    async fn in_common_words(&self) -> String {
        in_words(&self.0.common)
    }
}

/// "Same name, similar date of birth".
fn in_words(common: &[Common]) -> String {
    let mut said = String::new();
    for like in common {
        if said.is_empty() {
            said.push_str(like.words());
        } else {
            let mut words = like.words().chars();
            let first = words.next().map(|letter| letter.to_lowercase().to_string()).unwrap_or_default();
            said.push_str(", ");
            said.push_str(&first);
            said.push_str(words.as_str());
        }
    }
    said
}

/// What the acting organisation has said of two records.
#[derive(Debug, Clone)]
pub struct PersonMatchObject {
    said: Same,
    other: Option<PersonObject>,
}

impl PersonMatchObject {
    pub fn new(said: Same) -> Self {
        Self { said, other: None }
    }

    pub fn of(found: SameAs) -> Self {
        Self { said: found.said, other: Some(PersonObject::new(found.person)) }
    }
}

#[Object(name = "PersonMatch", directive = rule::apply(Rule::NothingMore.into()))]
impl PersonMatchObject {
    async fn id(&self) -> ID {
        self.said.id.to_string().into()
    }

    async fn verdict(&self) -> SamenessVerdict {
        self.said.verdict.into()
    }

    async fn decided_at(&self) -> DateTime {
        DateTime(self.said.decided_at)
    }

    async fn taken_back_at(&self) -> Option<DateTime> {
        self.said.taken_back_at.map(DateTime)
    }

    /// The other record; null in the answer to a decision.
    async fn person(&self) -> Option<PersonObject> {
        self.other.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_common_reads_as_a_sentence_and_keeps_its_names() {
        assert_eq!(in_words(&[Common::SameNumber, Common::SimilarName]), "Same NHS number, similar name");
    }
}
