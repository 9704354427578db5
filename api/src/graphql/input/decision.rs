//! Sharing decisions: what the person agreed to, and taking it back.

use async_graphql::{ID, InputObject};
use trellis_domain::consent::record::RecordDecision;
use trellis_domain::consent::{Explained, HowGiven as Given, Recipient};
use trellis_domain::kernel::{DecisionId, Line, OrganisationId};

use super::{Check, Command};
use crate::graphql::enums::{DecisionPurpose, DecisionScope, HowGiven, OrganisationKind};
use crate::graphql::refusal::Refusal;
use crate::graphql::scalars::DateTime;

const LONGEST_LANGUAGE: usize = 35;

#[derive(InputObject, Clone)]
pub struct AgreementInput {
    pub how_given: HowGiven,
    pub statement: String,
    #[graphql(default_with = "String::from(\"en-GB\")")]
    pub language: String,
}

#[derive(InputObject, Clone)]
pub struct RecordDecisionInput {
    pub person_id: ID,
    pub purpose: DecisionPurpose,
    pub scope: DecisionScope,
    pub agreement: AgreementInput,
    /// One of the three: an organisation, a kind of organisation, or neither for the whole network.
    pub organisation_id: Option<ID>,
    pub organisation_kind: Option<OrganisationKind>,
    pub ends_at: Option<DateTime>,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct WithdrawDecisionInput {
    pub decision_id: ID,
    pub idempotency_key: Option<String>,
}

impl AgreementInput {
    pub fn check(&self, check: &mut Check) -> Option<(Given, Explained)> {
        let statement = check.within("agreement.").field("statement", Line::parse(&self.statement));
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let known = !self.language.is_empty()
            && self.language.len() <= LONGEST_LANGUAGE
            && self.language.chars().all(plain);
        if !known {
            check.refuse("language", "not a language such as en-GB or cy");
        }
        check.within("");
        let explained = Explained { statement: statement?.into(), language: self.language.clone() };
        known.then_some((self.how_given.into(), explained))
    }
}

impl RecordDecisionInput {
    fn recipient(&self, check: &mut Check) -> Option<Recipient> {
        match (&self.organisation_id, self.organisation_kind) {
            (Some(id), None) => check.id::<OrganisationId>("organisationId", id).map(Recipient::Organisation),
            (None, Some(kind)) => Some(Recipient::Kind(kind.into())),
            (None, None) => Some(Recipient::Network),
            (Some(_), Some(_)) => {
                check.refuse("organisationKind", "give an organisation or a kind, not both");
                None
            }
        }
    }
}

impl Command for RecordDecisionInput {
    type Parsed = RecordDecision;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<RecordDecision, Refusal> {
        let mut check = Check::new();
        let person = check.id("personId", &self.person_id);
        let agreement = self.agreement.check(&mut check);
        let recipient = self.recipient(&mut check);
        let parsed = person.zip(agreement).zip(recipient);
        check.finish(parsed.map(|((person, (how_given, explained)), recipient)| RecordDecision {
            person,
            recipient,
            purpose: self.purpose.into(),
            scope: self.scope.into(),
            how_given,
            explained,
            ends_at: Check::instant(self.ends_at),
        }))
    }
}

impl Command for WithdrawDecisionInput {
    type Parsed = DecisionId;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<DecisionId, Refusal> {
        let mut check = Check::new();
        let decision = check.id("decisionId", &self.decision_id);
        check.finish(decision)
    }
}
