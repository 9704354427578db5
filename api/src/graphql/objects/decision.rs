//! A sharing decision.

use async_graphql::{Context, ID, Object, SimpleObject};
use tokio::sync::OnceCell;
use trellis_domain::consent::{Decision, Recipient};
use trellis_domain::person::AccessLevel as Level;
use trellis_domain::policy::Action;
use trellis_infra::pg::read::{DecisionEntry, ReceiptLine};

use super::look::look;
use super::organisation::OrganisationObject;
use crate::graphql::context::gql;
use crate::graphql::enums::{AccessLevel, DecisionPurpose, DecisionScope, HowGiven};
use crate::graphql::error::Answer;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

/// A sharing decision.
#[derive(Debug, Clone)]
pub struct DecisionObject {
    decision: Decision,
    recipient: OnceCell<String>,
}

impl DecisionObject {
    pub fn new(decision: Decision) -> Self {
        Self { decision, recipient: OnceCell::new() }
    }

    pub fn from_entry(entry: DecisionEntry) -> Self {
        Self { decision: entry.decision, recipient: OnceCell::new_with(entry.recipient_name) }
    }
}

#[Object(name = "Decision", directive = rule::apply(Rule::By(Action::ViewRecord).into()))]
impl DecisionObject {
    pub async fn id(&self) -> ID {
        self.decision.id.to_string().into()
    }

    async fn purpose(&self) -> DecisionPurpose {
        self.decision.purpose.into()
    }

    async fn scope(&self) -> DecisionScope {
        self.decision.scope.into()
    }

    async fn recipient(&self, ctx: &Context<'_>) -> Answer<String> {
        let organisation = match self.decision.recipient {
            Recipient::Organisation(organisation) => organisation,
            Recipient::Kind(kind) => return Ok(format!("Any: {}", kind.words())),
            Recipient::Network => return Ok("Everybody in the network".to_owned()),
        };
        let gql = gql(ctx)?;
        let read = || async move {
            let card = look(gql, move |tx, _| Ok(tx.organisation_card(organisation)?)).await?;
            Ok(card.map(|card| card.name).unwrap_or_default())
        };
        self.recipient.get_or_try_init(read).await.cloned()
    }

    async fn how_given(&self) -> HowGiven {
        self.decision.how_given.into()
    }

    async fn statement(&self) -> &str {
        &self.decision.explained.statement
    }

    async fn language(&self) -> &str {
        &self.decision.explained.language
    }

    async fn given_at(&self) -> DateTime {
        self.decision.given_at.into()
    }

    async fn ends_at(&self) -> Option<DateTime> {
        self.decision.ends_at.map(DateTime)
    }

    async fn withdrawn_at(&self) -> Option<DateTime> {
        self.decision.withdrawn_at.map(DateTime)
    }

    async fn active(&self, ctx: &Context<'_>) -> Answer<bool> {
        let now = gql(ctx)?.now();
        let over = [self.decision.withdrawn_at, self.decision.ends_at];
        Ok(!over.into_iter().flatten().any(|end| end <= now))
    }
}

/// One organisation on the receipt of a withdrawn decision.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "ReceiptLine", directive = rule::apply(Rule::NothingMore.into()))]
pub struct ReceiptLineObject {
    organisation: OrganisationObject,
    /// None is a request that did not say who it was about.
    access_level: Option<AccessLevel>,
    /// What it held, in plain English.
    words: &'static str,
    since: DateTime,
}

impl ReceiptLineObject {
    pub fn of(line: ReceiptLine) -> Self {
        Self {
            organisation: OrganisationObject(line.organisation),
            access_level: line.level.map(AccessLevel::from),
            words: line.level.map_or("A request without a name", Level::words),
            since: line.since.into(),
        }
    }
}
