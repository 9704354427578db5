//! Applications to join: the list of whoever coordinates the network, and the one application of a link.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use trellis_domain::application::ApplicationReads;
use trellis_domain::kernel::{ApplicationId, OpContext};
use trellis_domain::policy::Action;
use trellis_infra::pg::read::applications::{ApplicationsShown, application_key};
use trellis_infra::redis::{Limit, LimitKey, Verdict as Counted};

use super::page::{List, Placed, connection};
use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::{Answer, Fault, FaultCode};
use crate::graphql::node_id::parse_id;
use crate::graphql::objects::application::{
    ApplicationObject, JoinableNetworkObject, JoiningObject, OwnApplication,
};
use crate::graphql::objects::look::look;
use crate::graphql::rules::{Rule, rule};

connection!(ApplicationConnection, ApplicationEdge of ApplicationObject);

/// Each look costs a signature and a statement or two.
const FROM_ONE_SOURCE: Limit = Limit::per_minute(30);

#[derive(Default, Debug)]
pub struct ApplicationQuery;

#[Object]
impl ApplicationQuery {
    /// Those whose address is proved, newest first. `open`: only those without a last word.
    #[graphql(directive = rule::apply(Rule::By(Action::ListApplications).into()))]
    async fn applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(default)] open: bool,
        first: i32,
        after: Option<String>,
    ) -> Answer<ApplicationConnection> {
        let gql = gql(ctx)?;
        let list = List::of("applications", gql.session()?);
        let page = list.page(first, after.as_deref())?;
        let shown = if open { ApplicationsShown::Open } else { ApplicationsShown::All };
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::ListApplications)?;
            Ok(tx.applications(seen, shown, &page)?)
        });
        let page = read.await?;
        let cursors: Vec<String> = page.rows.iter().map(|one| list.cursor(&application_key(one))).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let rows = page.rows.into_iter().zip(cursors);
        let rows = rows.map(|(one, cursor)| Placed { node: ApplicationObject::new(one), cursor });
        Ok(ApplicationConnection::new(rows.collect(), page_info))
    }

    #[graphql(directive = rule::apply(Rule::By(Action::ListApplications).into()))]
    async fn application(&self, ctx: &Context<'_>, id: ID) -> Answer<Option<ApplicationObject>> {
        let gql = gql(ctx)?;
        let Ok(id) = parse_id::<ApplicationId>(&id) else { return gql.session().map(|_| None) };
        let read = look(gql, move |tx, op| {
            op.visibility(Action::ListApplications)?;
            Ok(tx.proved_application(id)?)
        });
        Ok(read.await?.map(ApplicationObject::new))
    }

    /// How many wait for an answer of ours.
    #[graphql(directive = rule::apply(Rule::By(Action::ListApplications).into()))]
    async fn waiting_applications(&self, ctx: &Context<'_>) -> Answer<u64> {
        let read = look(gql(ctx)?, move |tx, op| {
            let seen = op.visibility(Action::ListApplications)?;
            Ok(tx.waiting_applications(seen)?)
        });
        read.await
    }

    /// Whether the network takes applications; null where nobody has settled it.
    #[graphql(directive = rule::apply(Rule::By(Action::ListApplications).into()))]
    async fn joining(&self, ctx: &Context<'_>) -> Answer<Option<JoiningObject>> {
        let read = look(gql(ctx)?, move |tx, op| {
            op.visibility(Action::ListApplications)?;
            Ok(tx.joining()?)
        });
        Ok(read.await?.map(JoiningObject::new))
    }

    /// Anonymous. Null for a network that takes none, and for one that does not exist.
    #[graphql(directive = rule::apply(Rule::Anybody.into()))]
    async fn joinable_network(
        &self,
        ctx: &Context<'_>,
        network: String,
    ) -> Answer<Option<JoinableNetworkObject>> {
        let gql = gql(ctx)?;
        counted(gql).await?;
        Ok(gql.parts().platform.joinable(&network).await?.map(Into::into))
    }

    /// Anonymous: the secret is the token of the link. Looking changes nothing.
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn own_application(&self, ctx: &Context<'_>, token: String) -> Answer<OwnApplication> {
        let gql = gql(ctx)?;
        counted(gql).await?;
        let parts = gql.parts();
        let gone =
            || Fault::new(FaultCode::NotFound, "this link is not known; use the one in the newest e-mail");
        let applicant = parts.platform.applicant(&token).await?.ok_or_else(gone)?;
        let op = OpContext::for_applicant(applicant, &*parts.clock, Arc::clone(&parts.ids));
        let read = gql.store().read(&op, move |tx, _| {
            let application = tx.application(applicant.application)?;
            Ok::<_, trellis_domain::kernel::StoreError>((application, tx.network_words()?))
        });
        let (application, network) = read.await?;
        Ok(OwnApplication::new(&application.ok_or_else(gone)?, network))
    }
}

async fn counted(gql: &GqlContext) -> Answer<()> {
    let key = LimitKey::new("application-look", &[&gql.asked().address]);
    match gql.parts().limiter.check(&key, FROM_ONE_SOURCE, gql.now()).await {
        Counted::Limited { retry_after } => Err(Fault::throttled(retry_after)),
        Counted::Allowed => Ok(()),
    }
}
