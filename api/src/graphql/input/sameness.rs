//! Two records and whether they are of one person.

use async_graphql::{ID, InputObject};
use trellis_domain::kernel::MatchId;
use trellis_domain::sameness::Decide;

use super::{Check, Command};
use crate::graphql::enums::SamenessVerdict;
use crate::graphql::refusal::Refusal;

#[derive(InputObject, Clone)]
pub struct DecideSamenessInput {
    pub person_id: ID,
    pub other_person_id: ID,
    pub verdict: SamenessVerdict,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct TakeBackSamenessInput {
    pub match_id: ID,
    pub idempotency_key: Option<String>,
}

impl Command for DecideSamenessInput {
    type Parsed = Decide;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Decide, Refusal> {
        let mut check = Check::new();
        let one = check.id("personId", &self.person_id);
        let two = check.id("otherPersonId", &self.other_person_id);
        check.finish(one.zip(two).map(|(one, two)| Decide { one, two, verdict: self.verdict.into() }))
    }
}

impl Command for TakeBackSamenessInput {
    type Parsed = MatchId;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<MatchId, Refusal> {
        let mut check = Check::new();
        let id = check.id("matchId", &self.match_id);
        check.finish(id)
    }
}
