//! Emergency openings that the acting organisation made or has to review.

use async_graphql::{Context, Object};
use trellis_domain::policy::Action;

use super::page::{List, Placed, connection};
use crate::graphql::context::gql;
use crate::graphql::error::Answer;
use crate::graphql::objects::EmergencyObject;
use crate::graphql::objects::look::look;
use crate::graphql::rules::{Rule, rule};

connection!(EmergencyConnection, EmergencyEdge of EmergencyObject);

#[derive(Default, Debug)]
pub struct EmergencyQuery;

#[Object]
impl EmergencyQuery {
    /// Newest first. `waiting`: only those whose review the acting organisation owes.
    #[graphql(directive = rule::apply(Rule::By(Action::ListEmergencies).into()))]
    async fn emergencies(
        &self,
        ctx: &Context<'_>,
        #[graphql(default)] waiting: bool,
        first: i32,
        after: Option<String>,
    ) -> Answer<EmergencyConnection> {
        let gql = gql(ctx)?;
        let list = List::of("emergencies", gql.session()?);
        let page = list.page(first, after.as_deref())?;
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::ListEmergencies)?;
            Ok(tx.emergencies(seen, waiting, &page)?)
        });
        let page = read.await?;
        let cursors: Vec<String> = page.rows.iter().map(|entry| list.cursor(&entry.key())).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let rows = page.rows.into_iter().zip(cursors);
        let rows = rows.map(|(entry, cursor)| Placed { node: EmergencyObject::of(entry), cursor });
        Ok(EmergencyConnection::new(rows.collect(), page_info))
    }
}
