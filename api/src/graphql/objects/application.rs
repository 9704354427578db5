//! An application to join, as whoever coordinates the network sees it, and as whoever applied does.

use async_graphql::{ID, SimpleObject};
use trellis_domain::application::{Application, Joining};
use trellis_domain::kernel::{Postcode, Prose};
use trellis_domain::policy::Action;
use trellis_infra::pg::platform::JoinableNetwork;

use crate::graphql::enums::{ApplicationRefusal, ApplicationStage, OrganisationKind};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

/// For whoever coordinates the network.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Application", directive = rule::apply(Rule::By(Action::ListApplications).into()))]
pub struct ApplicationObject {
    id: ID,
    name: String,
    kind: OrganisationKind,
    postcode: Option<String>,
    contact_name: String,
    email: String,
    phone: String,
    offers: Vec<String>,
    /// The version of the network's agreement that they said yes to.
    agreement: String,
    stage: ApplicationStage,
    applied_at: DateTime,
    question: Option<String>,
    reply: Option<String>,
    refusal_reason: Option<ApplicationRefusal>,
    /// What it became.
    organisation_id: Option<ID>,
}

impl ApplicationObject {
    pub fn new(application: Application) -> Self {
        let details = application.details;
        Self {
            id: application.id.to_string().into(),
            name: application.name.into(),
            kind: application.kind.into(),
            postcode: application.postcode.as_ref().map(Postcode::as_str).map(str::to_owned),
            contact_name: details.contact.into(),
            email: details.email.into(),
            phone: details.phone.into(),
            offers: details.offers.into_iter().map(String::from).collect(),
            agreement: application.agreement.into(),
            stage: application.stage.into(),
            applied_at: application.applied_at.into(),
            question: application.question.map(String::from),
            reply: application.reply.map(String::from),
            refusal_reason: application.refusal.map(Into::into),
            organisation_id: application.organisation.map(|id| id.to_string().into()),
        }
    }
}

/// For whoever holds the link: how it stands, and what they are asked.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct OwnApplication {
    name: String,
    network_name: String,
    help_phone: Option<String>,
    stage: ApplicationStage,
    /// While it waits for an answer of theirs.
    question: Option<String>,
    refusal_reason: Option<ApplicationRefusal>,
}

impl OwnApplication {
    pub fn new(application: &Application, (network_name, help_phone): (String, Option<String>)) -> Self {
        let stage = ApplicationStage::from(application.stage);
        let asked = stage == ApplicationStage::Asked;
        let question = application.question.as_ref().map(Prose::as_str).map(str::to_owned);
        Self {
            name: application.name.as_str().to_owned(),
            network_name,
            help_phone,
            stage,
            question: question.filter(|_| asked),
            refusal_reason: application.refusal.map(Into::into),
        }
    }
}

/// A network that takes applications, as everybody may know it.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "JoinableNetwork", directive = rule::apply(Rule::NothingMore.into()))]
pub struct JoinableNetworkObject {
    name: String,
    help_phone: Option<String>,
    /// The version of its agreement.
    agreement: String,
}

impl From<JoinableNetwork> for JoinableNetworkObject {
    fn from(network: JoinableNetwork) -> Self {
        let JoinableNetwork { name, help_phone, agreement, .. } = network;
        Self { name, help_phone, agreement }
    }
}

/// Whether the network takes applications.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Joining", directive = rule::apply(Rule::NothingMore.into()))]
pub struct JoiningObject {
    open: bool,
    agreement: String,
}

impl JoiningObject {
    pub fn new(joining: Joining) -> Self {
        Self { open: joining.open, agreement: joining.agreement.into() }
    }
}
