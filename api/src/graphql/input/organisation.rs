//! Setting organisations up, changing how they are reached, shutting them out and closing them.

use async_graphql::{ID, InputObject};
use trellis_domain::kernel::{EmailAddress, Line, OrganisationId, Postcode};
use trellis_domain::policy::Roles;
use trellis_domain::tenancy::close::Close;
use trellis_domain::tenancy::configure::Configure;
use trellis_domain::tenancy::{self, OrganisationKind as Kind, SuspensionReason as Reason};

use super::staff::roles;
use super::{Check, Command};
use crate::graphql::enums::{AgreementKind, OrganisationKind, Role, SuspensionReason};
use crate::graphql::refusal::Refusal;
use crate::graphql::scalars::Date;

const MOST_SERVICES: usize = 20;
const MOST_PEOPLE: usize = 20;

#[derive(InputObject, Clone)]
pub struct NewMemberInput {
    pub email: String,
    pub roles: Vec<Role>,
}

#[derive(InputObject, Clone)]
pub struct SignedAgreementInput {
    pub kind: AgreementKind,
    pub version: String,
    pub agreed_on: Date,
    /// The last day on which it holds.
    pub ends_on: Option<Date>,
}

#[derive(InputObject, Clone)]
pub struct CreateOrganisationInput {
    pub name: String,
    pub kind: OrganisationKind,
    pub help_phone: String,
    /// Where requests to it go.
    pub email: Option<String>,
    pub postcode: Option<String>,
    /// By name. They are paused until their own people say that there is room.
    pub services: Option<Vec<String>>,
    /// Who is invited at once.
    pub people: Option<Vec<NewMemberInput>>,
    pub agreement: Option<SignedAgreementInput>,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct ConfigureOrganisationInput {
    pub organisation_id: ID,
    pub name: String,
    pub help_phone: String,
    pub email: Option<String>,
    pub postcode: Option<String>,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct AddAgreementInput {
    pub organisation_id: ID,
    pub agreement: SignedAgreementInput,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct SuspendOrganisationInput {
    pub organisation_id: ID,
    pub reason: SuspensionReason,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct CloseOrganisationInput {
    pub organisation_id: ID,
    /// Who takes what people have agreed that they may know. Without one, what is under way goes back to whoever asked.
    pub successor_id: Option<ID>,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct NameSuccessorInput {
    /// One that has closed.
    pub organisation_id: ID,
    pub successor_id: ID,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct OrganisationInput {
    pub organisation_id: ID,
    pub idempotency_key: Option<String>,
}

/// What is to be set up; the ids are made when it happens.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    pub name: Line,
    pub kind: Kind,
    pub help_phone: Line,
    pub email: Option<EmailAddress>,
    pub postcode: Option<Postcode>,
    pub services: Vec<Line>,
    pub people: Vec<(EmailAddress, Roles)>,
    pub agreement: Option<tenancy::Agreement>,
}

fn needed(check: &mut Check, name: &str, text: &str) -> Option<Line> {
    check.field(name, Line::parse(text))
}

fn agreement(check: &mut Check, input: &SignedAgreementInput) -> Option<tenancy::Agreement> {
    let version = needed(check, "agreement.version", &input.version)?;
    let (Date(agreed_on), ends_on) = (input.agreed_on, input.ends_on.map(|Date(day)| day));
    Some(tenancy::Agreement { kind: input.kind.into(), version, agreed_on, ends_on })
}

impl CreateOrganisationInput {
    fn services(&self, check: &mut Check) -> Vec<Line> {
        let names = self.services.as_deref().unwrap_or_default();
        if names.len() > MOST_SERVICES {
            check.refuse("services", format!("must hold at most {MOST_SERVICES}"));
            return Vec::new();
        }
        let numbered = names.iter().enumerate();
        numbered.filter_map(|(at, name)| needed(check, &format!("services.{at}"), name)).collect()
    }

    fn people(&self, check: &mut Check) -> Vec<(EmailAddress, Roles)> {
        let people = self.people.as_deref().unwrap_or_default();
        if people.len() > MOST_PEOPLE {
            check.refuse("people", format!("must hold at most {MOST_PEOPLE}"));
            return Vec::new();
        }
        let invited = people.iter().enumerate();
        let parse = |(at, person): (usize, &NewMemberInput)| {
            let email = check.field(&format!("people.{at}.email"), EmailAddress::parse(&person.email));
            email.zip(roles(check, &format!("people.{at}.roles"), &person.roles))
        };
        invited.filter_map(parse).collect()
    }
}

impl Command for CreateOrganisationInput {
    type Parsed = NewOrganisation;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<NewOrganisation, Refusal> {
        let mut check = Check::new();
        let name = needed(&mut check, "name", &self.name);
        let help_phone = needed(&mut check, "helpPhone", &self.help_phone);
        let email = check.optional("email", self.email.as_deref(), EmailAddress::parse);
        let postcode = check.optional("postcode", self.postcode.as_deref(), Postcode::parse);
        let (services, people) = (self.services(&mut check), self.people(&mut check));
        let agreement = self.agreement.as_ref().and_then(|input| agreement(&mut check, input));
        let kind = self.kind.into();
        check.finish(name.zip(help_phone).map(|(name, help_phone)| NewOrganisation {
            name,
            kind,
            help_phone,
            email,
            postcode,
            services,
            people,
            agreement,
        }))
    }
}

impl Command for ConfigureOrganisationInput {
    type Parsed = Configure;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Configure, Refusal> {
        let mut check = Check::new();
        let organisation = check.id("organisationId", &self.organisation_id);
        let name = needed(&mut check, "name", &self.name);
        let help_phone = needed(&mut check, "helpPhone", &self.help_phone);
        let email = check.optional("email", self.email.as_deref(), EmailAddress::parse);
        let postcode = check.optional("postcode", self.postcode.as_deref(), Postcode::parse);
        let parsed = organisation.zip(name).zip(help_phone);
        check.finish(parsed.map(|((organisation, name), help_phone)| Configure {
            organisation,
            name,
            help_phone,
            email,
            postcode,
        }))
    }
}

impl Command for AddAgreementInput {
    type Parsed = (OrganisationId, tenancy::Agreement);

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Self::Parsed, Refusal> {
        let mut check = Check::new();
        let organisation = check.id("organisationId", &self.organisation_id);
        let agreement = agreement(&mut check, &self.agreement);
        check.finish(organisation.zip(agreement))
    }
}

impl Command for SuspendOrganisationInput {
    type Parsed = (OrganisationId, Reason);

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Self::Parsed, Refusal> {
        let mut check = Check::new();
        let organisation = check.id("organisationId", &self.organisation_id);
        let reason = self.reason.into();
        check.finish(organisation.map(|organisation| (organisation, reason)))
    }
}

impl Command for CloseOrganisationInput {
    type Parsed = Close;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Close, Refusal> {
        let mut check = Check::new();
        let organisation = check.id("organisationId", &self.organisation_id);
        let successor = self.successor_id.as_ref().map(|id| check.id("successorId", id));
        // A successor that was named and cannot be read is refused above.
        let successor = successor.flatten();
        check.finish(organisation.map(|organisation| Close { organisation, successor }))
    }
}

impl Command for NameSuccessorInput {
    type Parsed = Close;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Close, Refusal> {
        let mut check = Check::new();
        let organisation = check.id("organisationId", &self.organisation_id);
        let successor = check.id("successorId", &self.successor_id);
        let both = organisation.zip(successor);
        check.finish(both.map(|(organisation, successor)| Close { organisation, successor: Some(successor) }))
    }
}

impl Command for OrganisationInput {
    type Parsed = OrganisationId;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<OrganisationId, Refusal> {
        let mut check = Check::new();
        let organisation = check.id("organisationId", &self.organisation_id);
        check.finish(organisation)
    }
}
