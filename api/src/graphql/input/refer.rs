//! Asking a service for help: on one page, as a draft, or onward from a referral under way.

use async_graphql::{ID, InputObject};
use trellis_domain::referral::ask::Ask;
use trellis_domain::referral::place::Place;
use trellis_domain::referral::refer::{Refer, Whom};

use super::decision::AgreementInput;
use super::person::NewPersonInput;
use super::{Check, Command};
use crate::graphql::enums::{AccessNeed, AgainReason, FeedbackChoice, Need, ReferralRoute, Risk};
use crate::graphql::refusal::Refusal;

/// Exactly one of personId and newPerson.
#[derive(InputObject, Clone)]
pub struct ReferInput {
    pub person_id: Option<ID>,
    pub new_person: Option<NewPersonInput>,
    pub service_id: ID,
    pub needs: Vec<Need>,
    #[graphql(default)]
    pub access_needs: Vec<AccessNeed>,
    pub risk: Risk,
    #[graphql(default_with = "ReferralRoute::Professional")]
    pub route: ReferralRoute,
    #[graphql(default_with = "FeedbackChoice::All")]
    pub feedback: FeedbackChoice,
    pub what_matters: Option<String>,
    /// Why, if you have asked this service for this person already and that is still open.
    pub again: Option<AgainReason>,
    /// How the person agreed. Leave out only if a decision for this recipient is on record.
    pub agreement: Option<AgreementInput>,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct DraftReferralInput {
    pub person_id: ID,
    pub service_id: ID,
    pub needs: Vec<Need>,
    #[graphql(default)]
    pub access_needs: Vec<AccessNeed>,
    pub risk: Risk,
    #[graphql(default_with = "ReferralRoute::Professional")]
    pub route: ReferralRoute,
    #[graphql(default_with = "FeedbackChoice::All")]
    pub feedback: FeedbackChoice,
    pub what_matters: Option<String>,
    /// Why, if you have asked this service for this person already and that is still open.
    pub again: Option<AgainReason>,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct ReferOnwardInput {
    /// The referral under way that this one comes from.
    pub referral_id: ID,
    pub service_id: ID,
    /// Empty: the same needs.
    #[graphql(default)]
    pub needs: Vec<Need>,
    pub what_matters: Option<String>,
    /// Why, if you have asked this service for this person already and that is still open.
    pub again: Option<AgainReason>,
    pub agreement: Option<AgreementInput>,
    pub idempotency_key: Option<String>,
}

impl ReferInput {
    fn whom(&self, check: &mut Check) -> Option<Whom> {
        match (&self.person_id, &self.new_person) {
            (Some(id), None) => check.id("personId", id).map(Whom::Known),
            (None, Some(new)) => new.check(check).map(|details| Whom::New(Box::new(details))),
            _ => {
                check.refuse("personId", "give exactly one of personId and newPerson");
                None
            }
        }
    }
}

impl Command for ReferInput {
    type Parsed = Refer;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Refer, Refusal> {
        let mut check = Check::new();
        let whom = self.whom(&mut check);
        let service = check.id("serviceId", &self.service_id);
        let needs = check.some_of("needs", &self.needs);
        let access_needs = check.list("accessNeeds", &self.access_needs);
        let note = check.prose("whatMatters", self.what_matters.as_deref());
        let agreed = self.agreement.as_ref().and_then(|agreement| agreement.check(&mut check));
        let parsed = whom.zip(service).zip(needs).zip(access_needs);
        check.finish(parsed.map(|(((whom, service), needs), access_needs)| Refer {
            whom,
            service,
            route: self.route.into(),
            needs,
            access_needs,
            risk: self.risk.into(),
            feedback: self.feedback.into(),
            note,
            again: self.again.map(Into::into),
            agreed,
        }))
    }
}

impl Command for DraftReferralInput {
    type Parsed = Ask;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Ask, Refusal> {
        let mut check = Check::new();
        let (person, service) =
            (check.id("personId", &self.person_id), check.id("serviceId", &self.service_id));
        let needs = check.some_of("needs", &self.needs);
        let access_needs = check.list("accessNeeds", &self.access_needs);
        let note = check.prose("whatMatters", self.what_matters.as_deref());
        let parsed = person.zip(service).zip(needs).zip(access_needs);
        check.finish(parsed.map(|(((person, service), needs), access_needs)| Ask {
            person,
            service,
            route: self.route.into(),
            needs,
            access_needs,
            risk: self.risk.into(),
            feedback: self.feedback.into(),
            note,
            again: self.again.map(Into::into),
        }))
    }
}

impl Command for ReferOnwardInput {
    type Parsed = Place;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Place, Refusal> {
        let mut check = Check::new();
        let (parent, service) =
            (check.id("referralId", &self.referral_id), check.id("serviceId", &self.service_id));
        let needs = check.list("needs", &self.needs);
        let note = check.prose("whatMatters", self.what_matters.as_deref());
        let agreed = self.agreement.as_ref().and_then(|agreement| agreement.check(&mut check));
        let parsed = parent.zip(service).zip(needs);
        let again = self.again.map(Into::into);
        check.finish(parsed.map(|((parent, service), needs)| Place {
            parent,
            service,
            needs,
            note,
            again,
            agreed,
        }))
    }
}
