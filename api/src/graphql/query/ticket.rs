//! What half a sign-in waits for; for the page that asks.

use async_graphql::{Context, Object};
use trellis_infra::pg::platform::TicketError;

use crate::graphql::context::gql;
use crate::graphql::error::Answer;
use crate::graphql::objects::TicketObject;
use crate::graphql::rules::{Rule, rule};

#[derive(Default, Debug)]
pub struct TicketQuery;

#[Object]
impl TicketQuery {
    /// Null when the sign-in has to begin again, for whatever reason.
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn sign_in_ticket(&self, ctx: &Context<'_>, ticket: String) -> Answer<Option<TicketObject>> {
        let gql = gql(ctx)?;
        match gql.parts().platform.ways_of_ticket(&ticket, gql.now()).await {
            Ok(ways) => Ok(Some(TicketObject::with(ways))),
            Err(TicketError::Store(error)) => Err(error.into()),
            Err(_) => Ok(None),
        }
    }
}
