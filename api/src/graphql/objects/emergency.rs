//! An emergency opening, as whoever opened and whoever reviews see it.

use async_graphql::{Context, ID, Object, SimpleObject};
use tokio::sync::OnceCell;
use trellis_domain::emergency::Opening;
use trellis_domain::policy::Action;
use trellis_infra::pg::read::{EmergencyEntry, Helping};

use super::look::look;
use crate::graphql::context::gql;
use crate::graphql::enums::{ReferralStage, ReviewVerdict, Risk};
use crate::graphql::error::{Answer, Fault};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

#[derive(Debug, Clone)]
pub struct EmergencyObject {
    opening: Opening,
    entry: OnceCell<EmergencyEntry>,
}

impl EmergencyObject {
    pub fn new(opening: Opening) -> Self {
        Self { opening, entry: OnceCell::new() }
    }

    pub fn of(entry: EmergencyEntry) -> Self {
        Self { opening: entry.opening.clone(), entry: OnceCell::new_with(Some(entry)) }
    }

    async fn entry(&self, ctx: &Context<'_>) -> Answer<&EmergencyEntry> {
        let gql = gql(ctx)?;
        let read = || async {
            let opening = self.opening.clone();
            let entry = look(gql, move |tx, op| {
                tx.audit_read(op.authorize(Action::ListEmergencies, &opening)?);
                Ok(tx.emergency_entry_of(&opening)?)
            });
            entry.await?.ok_or_else(Fault::internal)
        };
        self.entry.get_or_try_init(read).await
    }
}

#[Object(name = "Emergency", directive = rule::apply(Rule::By(Action::ListEmergencies).into()))]
impl EmergencyObject {
    async fn id(&self) -> ID {
        self.opening.id.to_string().into()
    }

    async fn person_id(&self) -> ID {
        self.opening.person.to_string().into()
    }

    /// Null for whoever has no way to the person any more.
    #[graphql(directive = rule::apply(Rule::Access.into()))]
    async fn person_name(&self, ctx: &Context<'_>) -> Answer<Option<&str>> {
        Ok(self.entry(ctx).await?.person_name.as_deref())
    }

    /// In the worker's own words; null for whoever has no way to the person any more.
    #[graphql(directive = rule::apply(Rule::Access.into()))]
    async fn reason(&self, ctx: &Context<'_>) -> Answer<Option<&str>> {
        Ok(self.entry(ctx).await?.reason.as_deref())
    }

    async fn opened_by(&self, ctx: &Context<'_>) -> Answer<Option<&str>> {
        Ok(self.entry(ctx).await?.opened_by.as_deref())
    }

    /// For which organisation it was opened.
    async fn organisation_name(&self, ctx: &Context<'_>) -> Answer<&str> {
        Ok(&self.entry(ctx).await?.organisation_name)
    }

    /// Who keeps the record.
    async fn custodian_name(&self, ctx: &Context<'_>) -> Answer<&str> {
        Ok(&self.entry(ctx).await?.custodian_name)
    }

    async fn opened_at(&self) -> DateTime {
        self.opening.opened_at.into()
    }

    /// When it ends whatever happens.
    async fn until(&self) -> DateTime {
        self.opening.until.into()
    }

    /// When somebody ended it before that.
    async fn closed_at(&self) -> Option<DateTime> {
        self.opening.closed_at.map(DateTime::from)
    }

    async fn open(&self, ctx: &Context<'_>) -> Answer<bool> {
        Ok(self.opening.is_open(gql(ctx)?.now()))
    }

    async fn verdict(&self) -> Option<ReviewVerdict> {
        self.opening.review.map(|review| review.verdict.into())
    }

    async fn reviewed_at(&self) -> Option<DateTime> {
        self.opening.review.map(|review| review.at.into())
    }

    /// May the acting membership review it?
    async fn reviewable(&self, ctx: &Context<'_>) -> Answer<bool> {
        let op = gql(ctx)?.op()?;
        Ok(self.opening.review.is_none() && op.authorize(Action::ReviewEmergency, &self.opening).is_ok())
    }

    /// May the acting membership end it now?
    async fn closable(&self, ctx: &Context<'_>) -> Answer<bool> {
        let (gql, action) = (gql(ctx)?, Action::CloseEmergency);
        let open = self.opening.is_open(gql.now());
        Ok(open && gql.op()?.authorize(action, &self.opening).is_ok())
    }
}

/// Somebody who helps the person now, with the risk they know of.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "EmergencyHelper", directive = rule::apply(Rule::NothingMore.into()))]
pub struct HelperObject {
    organisation_name: String,
    help_phone: String,
    service_name: String,
    stage: ReferralStage,
    stage_words: &'static str,
    risk: Risk,
}

impl HelperObject {
    pub fn of(helping: Helping) -> Self {
        Self {
            organisation_name: helping.organisation_name,
            help_phone: helping.help_phone,
            service_name: helping.service_name,
            stage: helping.stage.into(),
            stage_words: helping.stage.words(),
            risk: helping.risk.into(),
        }
    }
}
