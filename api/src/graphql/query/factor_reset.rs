//! The link of a reset, as whoever holds it sees it.

use async_graphql::{Context, Object, SimpleObject};
use trellis_infra::pg::platform::OpenedReset;

use crate::graphql::context::gql;
use crate::graphql::error::Answer;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

/// A reset of second factors that was begun and not finished.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct FactorReset {
    /// It may be finished from then on.
    opens_at: DateTime,
    ends_at: DateTime,
    open: bool,
}

#[derive(Default, Debug)]
pub struct FactorResetQuery;

#[Object]
impl FactorResetQuery {
    /// Anonymous: the secret is the token of the link. Looking spends nothing. Null: unknown, used, stopped or run out.
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn factor_reset(&self, ctx: &Context<'_>, token: String) -> Answer<Option<FactorReset>> {
        let gql = gql(ctx)?;
        let now = gql.now();
        let opened: Option<OpenedReset> = gql.parts().platform.opened_reset(&token, now).await?;
        Ok(opened.map(|opened| FactorReset {
            opens_at: opened.opens_at.into(),
            ends_at: opened.ends_at.into(),
            open: opened.is_open(now),
        }))
    }
}
