//! Whose records the acting organisation answers for, and the offers to hand them over.

use async_graphql::{Context, Object};
use trellis_domain::policy::Action;

use crate::graphql::context::gql;
use crate::graphql::error::Answer;
use crate::graphql::objects::CustodyObject;
use crate::graphql::objects::look::look;
use crate::graphql::rules::{Rule, rule};

#[derive(Default, Debug)]
pub struct CustodyQuery;

#[Object]
impl CustodyQuery {
    /// Numbers and names of organisations; nobody's record.
    #[graphql(directive = rule::apply(Rule::By(Action::ListCustody).into()))]
    async fn custody(&self, ctx: &Context<'_>) -> Answer<CustodyObject> {
        look(gql(ctx)?, |_, op| Ok(op.visibility(Action::ListCustody).map(|_| CustodyObject)?)).await
    }
}
