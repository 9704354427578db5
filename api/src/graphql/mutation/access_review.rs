//! Confirming that members need what they have, and taking the list of it away.

use async_graphql::{Context, Object};
use trellis_domain::access_review::{
    AccessReviewError, AccessReviewWrites, Confirmed, Exported, confirm, export,
};
use trellis_domain::kernel::{ConfirmationId, OpContext, TypedId};
use trellis_domain::policy::Action;
use uuid::Uuid;

use crate::graphql::context::gql;
use crate::graphql::error::Fault;
use crate::graphql::input::access_review::{ConfirmAccessInput, ExportAccessReviewInput};
use crate::graphql::payload::Payload;
use crate::graphql::payload::access_review::{AccessReviewExportPayload, ConfirmAccessPayload};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::write::{Tx, once};

#[derive(Default, Debug)]
pub struct AccessReviewMutation;

#[Object]
impl AccessReviewMutation {
    /// Somebody looked at what they have, and they need it. It counts for the roles of this version and no others.
    #[graphql(directive = rule::apply(Rule::By(Action::ConfirmAccess).into()))]
    async fn confirm_access(
        &self,
        ctx: &Context<'_>,
        input: ConfirmAccessInput,
    ) -> Result<ConfirmAccessPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| confirm(tx, op, cmd);
        ConfirmAccessPayload::present(once(gql(ctx)?, "confirmAccess", &input, decide, again).await)
    }

    /// Everybody with what they have, for a file. Recorded with how many it names, each time.
    #[graphql(directive = rule::apply(Rule::By(Action::ExportAccessReview).into()))]
    async fn export_access_review(
        &self,
        ctx: &Context<'_>,
        input: ExportAccessReviewInput,
    ) -> Result<AccessReviewExportPayload, Fault> {
        let (gql, decide) = (gql(ctx)?, |tx: &mut Tx<'_>, op: &OpContext, cmd| export(tx, op, cmd));
        let you = gql.session()?.user;
        let exported = once(gql, "exportAccessReview", &input, decide, never_again).await;
        AccessReviewExportPayload::present(exported.map(|exported| (exported.rows, you)))
    }
}

fn again(tx: &mut Tx<'_>, id: Uuid) -> Result<Confirmed, AccessReviewError> {
    tx.confirmed(ConfirmationId::from_uuid(id))?.ok_or(AccessReviewError::MemberNotFound)
}

/// A list that left is not handed out again for its key: what it would say now was recorded by nobody.
fn never_again(_: &mut Tx<'_>, _: Uuid) -> Result<Exported, AccessReviewError> {
    Err(AccessReviewError::Stale)
}
