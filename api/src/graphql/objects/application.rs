//! An application to join, as whoever coordinates the network sees it, and as whoever applied does.

use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use trellis_domain::application::{Application, Exchange, Joining};
use trellis_domain::kernel::Postcode;
use trellis_domain::policy::Action;
use trellis_infra::pg::platform::JoinableNetwork;

use super::look::look;
use crate::graphql::context::gql;
use crate::graphql::enums::{ApplicationRefusal, ApplicationStage, OrganisationKind};
use crate::graphql::error::Answer;
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
    /// The newest last.
    talk: Vec<ApplicationExchange>,
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
            talk: application.talk.into_iter().map(ApplicationExchange::new).collect(),
            refusal_reason: application.refusal.map(Into::into),
            organisation_id: application.organisation.map(|id| id.to_string().into()),
        }
    }
}

/// A question of the network, and what they said to it.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::By(Action::ListApplications).into()))]
pub struct ApplicationExchange {
    question: String,
    reply: Option<String>,
}

impl ApplicationExchange {
    fn new(exchange: Exchange) -> Self {
        Self { question: exchange.question.into(), reply: exchange.reply.map(String::from) }
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
        let question = application.talk.last().map(|last| last.question.as_str().to_owned());
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
#[graphql(name = "Joining", complex, directive = rule::apply(Rule::NothingMore.into()))]
pub struct JoiningObject {
    open: bool,
    agreement: String,
}

#[ComplexObject]
impl JoiningObject {
    /// Where groups ask to join.
    #[graphql(directive = rule::apply(Rule::By(Action::ListApplications).into()))]
    async fn address(&self, ctx: &Context<'_>) -> Answer<String> {
        let gql = gql(ctx)?;
        let read = look(gql, |tx, op| {
            op.visibility(Action::ListApplications)?;
            Ok(tx.network_slug()?)
        });
        let slug = read.await?;
        Ok(gql.parts().join_address(&slug))
    }
}

impl JoiningObject {
    pub fn new(joining: Joining) -> Self {
        Self { open: joining.open, agreement: joining.agreement.into() }
    }
}
