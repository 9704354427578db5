//! The way of every read: session, one transaction, one answer. Fields that need the store after their object was
//! made go this way too.

use trellis_domain::kernel::{OpContext, OrganisationId};
use trellis_infra::pg::{PgTx, ReadOnly};

use async_graphql::Context;

use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::{Answer, ReadError};

/// A transaction that can only look.
pub type Tx<'a> = PgTx<'a, ReadOnly>;

pub async fn look<T, F>(gql: &GqlContext, question: F) -> Answer<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>, &OpContext) -> Result<T, ReadError> + Send + 'static,
{
    let op = gql.op()?;
    Ok(gql.store().read(&op, question).await?)
}

/// For whom the signed-in membership acts.
pub fn acting(ctx: &Context<'_>) -> Answer<Option<OrganisationId>> {
    Ok(gql(ctx)?.session()?.organisation)
}
