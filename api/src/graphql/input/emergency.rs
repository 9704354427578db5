//! Whose record is wanted in an emergency, and what a privacy officer makes of it.

use async_graphql::{ID, InputObject};
use trellis_domain::emergency::{Find, OpenInEmergency, ReviewOpening};
use trellis_domain::kernel::{EmergencyOpeningId, Line, NhsNumber, Postcode, Prose, Redacted};

use super::{Check, Command};
use crate::graphql::enums::ReviewVerdict;
use crate::graphql::refusal::Refusal;
use crate::graphql::scalars::Date;

/// A reason that can be reviewed is at least a few words long.
const SHORTEST_REASON: usize = 20;

/// Either the NHS number, or family name, date of birth and postcode together; all of it exact.
#[derive(InputObject, Clone)]
pub struct OpenInEmergencyInput {
    pub nhs_number: Option<String>,
    pub family_name: Option<String>,
    pub birth_date: Option<Date>,
    pub postcode: Option<String>,
    /// Why it cannot wait. The privacy officers of whoever keeps the record read it.
    pub reason: String,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct CloseEmergencyInput {
    pub opening_id: ID,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct ReviewEmergencyInput {
    pub opening_id: ID,
    pub verdict: ReviewVerdict,
    pub idempotency_key: Option<String>,
}

impl OpenInEmergencyInput {
    fn find(&self, check: &mut Check) -> Option<Find> {
        let number = check.optional("nhsNumber", self.nhs_number.as_deref(), NhsNumber::parse);
        let family = check.optional("familyName", self.family_name.as_deref(), Line::parse);
        let postcode = check.optional("postcode", self.postcode.as_deref(), Postcode::parse);
        let alike = family.zip(self.birth_date).zip(postcode);
        match (number, alike) {
            (Some(number), _) => Some(Find::NhsNumber(number)),
            (None, Some(((family, Date(birth)), postcode))) => Some(Find::Likeness {
                family_name: Redacted::new(family),
                birth_date: Redacted::new(birth),
                postcode,
            }),
            (None, None) => {
                check.refuse("nhsNumber", "give it, or family name, date of birth and postcode");
                None
            }
        }
    }
}

fn reason(text: &str) -> Result<Prose, String> {
    let reason = Prose::parse(text).map_err(|error| error.to_string())?;
    if reason.as_str().chars().count() < SHORTEST_REASON {
        return Err(format!("must be at least {SHORTEST_REASON} characters"));
    }
    Ok(reason)
}

impl Command for OpenInEmergencyInput {
    type Parsed = OpenInEmergency;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<OpenInEmergency, Refusal> {
        let mut check = Check::new();
        let find = self.find(&mut check);
        let reason = check.field("reason", reason(&self.reason));
        let parsed = find.zip(reason);
        check.finish(parsed.map(|(find, reason)| OpenInEmergency { find, reason: Redacted::new(reason) }))
    }
}

impl Command for CloseEmergencyInput {
    type Parsed = EmergencyOpeningId;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<EmergencyOpeningId, Refusal> {
        let mut check = Check::new();
        let opening = check.id("openingId", &self.opening_id);
        check.finish(opening)
    }
}

impl Command for ReviewEmergencyInput {
    type Parsed = ReviewOpening;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<ReviewOpening, Refusal> {
        let mut check = Check::new();
        let opening = check.id("openingId", &self.opening_id);
        check.finish(opening.map(|opening| ReviewOpening { opening, verdict: self.verdict.into() }))
    }
}
