//! Applying to join a network, and what is answered.

use async_graphql::{ID, InputObject};
use trellis_domain::application::apply::Apply;
use trellis_domain::application::{ApplicationRefusal as Reason, Details};
use trellis_domain::kernel::{ApplicationId, EmailAddress, Line, Postcode, Prose};

use super::{Check, Command};
use crate::graphql::enums::ApplicationRefusal;
use crate::graphql::refusal::Refusal;

const MOST_OFFERS: usize = 10;
const LONGEST_KEY: usize = 200;

/// Anonymous: nobody is signed in.
#[derive(InputObject, Clone)]
pub struct ApplyToJoinInput {
    /// The network's short name, as in the address of its page.
    pub network: String,
    pub name: String,
    /// What it offers, by name.
    pub offers: Vec<String>,
    pub postcode: Option<String>,
    pub contact_name: String,
    pub email: String,
    pub phone: String,
    /// To the network's agreement.
    pub agrees: bool,
    /// The version that was shown. Where it is another by now, nothing is kept.
    pub agreement: String,
    /// The same again with the same words is the same application.
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct ApplicationInput {
    pub application_id: ID,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct AskApplicantInput {
    pub application_id: ID,
    pub question: String,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct DeclineApplicationInput {
    pub application_id: ID,
    pub reason: ApplicationRefusal,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct ChangeJoiningInput {
    pub open: bool,
    /// The version of the network's agreement that whoever applies says yes to.
    pub agreement: String,
    pub idempotency_key: Option<String>,
}

impl ApplyToJoinInput {
    /// Everything that is wrong with it at once, whether or not the network takes applications.
    pub fn parse(&self) -> Result<Apply, Refusal> {
        let mut check = Check::new();
        let name = check.field("name", Line::parse(&self.name));
        let postcode = check.optional("postcode", self.postcode.as_deref(), Postcode::parse);
        let contact = check.field("contactName", Line::parse(&self.contact_name));
        let email = check.field("email", EmailAddress::parse(&self.email));
        let phone = check.field("phone", Line::parse(&self.phone));
        if self.offers.is_empty() || self.offers.len() > MOST_OFFERS {
            check.refuse("offers", format!("must hold between 1 and {MOST_OFFERS}"));
        }
        if !self.agrees {
            check.refuse("agrees", "must be agreed to".to_owned());
        }
        let offers: Vec<Line> =
            self.offers.iter().filter_map(|one| check.field("offers", Line::parse(one))).collect();
        let agreement = check.field("agreement", Line::parse(&self.agreement));
        let form = self.idempotency_key.as_deref().filter(|key| !key.is_empty());
        if form.is_some_and(|key| key.len() > LONGEST_KEY) {
            check.refuse("idempotencyKey", format!("must be at most {LONGEST_KEY} characters"));
        }
        let all = name.zip(agreement).zip(contact.zip(email.zip(phone)));
        check.finish(all.map(|((name, agreement), (contact, (email, phone)))| Apply {
            name,
            postcode,
            details: Details { contact, email, phone, offers },
            agreement,
            form: form.map(str::to_owned),
        }))
    }
}

macro_rules! about_an_application {
    ($input:ident -> $parsed:ty, |$self:ident, $check:ident, $id:ident| $rest:expr) => {
        impl Command for $input {
            type Parsed = $parsed;

            fn idempotency_key(&self) -> Option<&str> {
                self.idempotency_key.as_deref()
            }

            fn parse(&self) -> Result<$parsed, Refusal> {
                let ($self, mut $check) = (self, Check::new());
                let $id = $check.id("applicationId", &self.application_id);
                let parsed = $rest;
                $check.finish(parsed)
            }
        }
    };
}

about_an_application!(ApplicationInput -> ApplicationId, |_this, check, id| id);
about_an_application!(AskApplicantInput -> (ApplicationId, Prose), |this, check, id| {
    id.zip(check.field("question", Prose::parse(&this.question)))
});
about_an_application!(DeclineApplicationInput -> (ApplicationId, Reason), |this, check, id| {
    id.map(|id| (id, this.reason.into()))
});

impl Command for ChangeJoiningInput {
    type Parsed = (bool, Line);

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Self::Parsed, Refusal> {
        let mut check = Check::new();
        let agreement = check.field("agreement", Line::parse(&self.agreement));
        check.finish(agreement.map(|agreement| (self.open, agreement)))
    }
}
