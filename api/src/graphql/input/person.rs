//! A person's details and how they want to be reached.

use async_graphql::{ID, InputObject};
use trellis_domain::kernel::{EmailAddress, Line, NhsNumber, Postcode, Redacted};
use trellis_domain::person::change::ChangePreferences;
use trellis_domain::person::{Identity, Preferences, Register};

use super::{Check, Command};
use crate::graphql::enums::{ContactChannel, InformationFormat};
use crate::graphql::refusal::Refusal;
use crate::graphql::scalars::Date;

#[derive(InputObject, Clone)]
pub struct IdentityInput {
    pub given_name: String,
    pub family_name: String,
    pub birth_date: Option<Date>,
    pub nhs_number: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub postcode: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct PreferencesInput {
    pub channels: Vec<ContactChannel>,
    #[graphql(default)]
    pub no_voicemail: bool,
    pub safe_times: Option<String>,
    #[graphql(default_with = "InformationFormat::Standard")]
    pub format: InformationFormat,
    pub interpreter: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct NewPersonInput {
    pub identity: IdentityInput,
    pub preferences: PreferencesInput,
    /// Those among possibleMatches who are somebody else.
    #[graphql(default)]
    pub not_the_same_as: Vec<ID>,
}

#[derive(InputObject, Clone)]
pub struct RegisterPersonInput {
    pub identity: IdentityInput,
    pub preferences: PreferencesInput,
    /// Those among possibleMatches who are somebody else.
    #[graphql(default)]
    pub not_the_same_as: Vec<ID>,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct ChangePreferencesInput {
    pub person_id: ID,
    pub version: i32,
    pub preferences: PreferencesInput,
    pub idempotency_key: Option<String>,
}

impl IdentityInput {
    pub fn check(&self, check: &mut Check) -> Option<Identity> {
        let given_name = check.field("givenName", Line::parse(&self.given_name));
        let family_name = check.field("familyName", Line::parse(&self.family_name));
        let nhs_number = check.optional("nhsNumber", self.nhs_number.as_deref(), NhsNumber::parse);
        let phone = check.line("phone", self.phone.as_deref());
        let email = check.optional("email", self.email.as_deref(), EmailAddress::parse);
        let address = check.line("address", self.address.as_deref());
        let postcode = check.optional("postcode", self.postcode.as_deref(), Postcode::parse);
        Some(Identity {
            given_name: Redacted::new(given_name?),
            family_name: Redacted::new(family_name?),
            birth_date: self.birth_date.map(|Date(date)| Redacted::new(date)),
            nhs_number,
            phone: phone.map(Redacted::new),
            email,
            address: address.map(Redacted::new),
            postcode,
        })
    }
}

impl PreferencesInput {
    pub fn check(&self, check: &mut Check) -> Option<Preferences> {
        let channels = check.some_of("channels", &self.channels);
        let safe_times = check.line("safeTimes", self.safe_times.as_deref());
        let interpreter = check.line("interpreter", self.interpreter.as_deref());
        Some(Preferences {
            channels: channels?,
            no_voicemail: self.no_voicemail,
            safe_times,
            format: self.format.into(),
            interpreter,
        })
    }
}

impl NewPersonInput {
    pub fn check(&self, check: &mut Check) -> Option<Register> {
        let identity = self.identity.check(check.within("newPerson.identity."));
        let preferences = self.preferences.check(check.within("newPerson.preferences."));
        let not_the_same_as = check.within("newPerson.").ids("notTheSameAs", &self.not_the_same_as);
        check.within("");
        Some(Register { identity: identity?, preferences: preferences?, not_the_same_as: not_the_same_as? })
    }
}

impl Command for RegisterPersonInput {
    type Parsed = Register;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Register, Refusal> {
        let mut check = Check::new();
        let identity = self.identity.check(check.within("identity."));
        let preferences = self.preferences.check(check.within("preferences."));
        let others = check.within("").ids("notTheSameAs", &self.not_the_same_as);
        let parsed = identity.zip(preferences).zip(others);
        check.finish(parsed.map(|((identity, preferences), not_the_same_as)| Register {
            identity,
            preferences,
            not_the_same_as,
        }))
    }
}

impl Command for ChangePreferencesInput {
    type Parsed = ChangePreferences;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<ChangePreferences, Refusal> {
        let mut check = Check::new();
        let (person, version) = (check.id("personId", &self.person_id), check.version(self.version));
        let preferences = self.preferences.check(check.within("preferences."));
        let parsed = person.zip(version).zip(preferences);
        check.finish(parsed.map(|((person, version), preferences)| ChangePreferences {
            person,
            version,
            preferences,
        }))
    }
}
