//! Requests for access that the acting administrator answers.

use async_graphql::{Context, Object};
use trellis_domain::policy::Action;

use super::page::{List, Placed, connection};
use crate::graphql::context::gql;
use crate::graphql::error::Answer;
use crate::graphql::objects::AccessRequestObject;
use crate::graphql::objects::look::look;
use crate::graphql::rules::{Rule, rule};

connection!(AccessRequestConnection, AccessRequestEdge of AccessRequestObject);

#[derive(Default, Debug)]
pub struct AccessRequestQuery;

#[Object]
impl AccessRequestQuery {
    /// Newest first. `waiting`: only those without an answer.
    #[graphql(directive = rule::apply(Rule::By(Action::ListAccessRequests).into()))]
    async fn access_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(default)] waiting: bool,
        first: i32,
        after: Option<String>,
    ) -> Answer<AccessRequestConnection> {
        let gql = gql(ctx)?;
        let list = List::of("access-requests", gql.session()?);
        let page = list.page(first, after.as_deref())?;
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::ListAccessRequests)?;
            Ok(tx.access_requests(seen, waiting, &page)?)
        });
        let page = read.await?;
        let cursors: Vec<String> = page.rows.iter().map(|entry| list.cursor(&entry.key())).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let rows = page.rows.into_iter().zip(cursors);
        let rows = rows.map(|(entry, cursor)| Placed { node: AccessRequestObject::of(entry), cursor });
        Ok(AccessRequestConnection::new(rows.collect(), page_info))
    }
}
