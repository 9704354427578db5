//! News of the acting organisation's worklist. A message says only that something changed: each time the store is
//! asked again, as whoever listens, so that an ended session hears no more and a missed message costs nothing.

use std::sync::Arc;

use async_graphql::{Context, ID, SimpleObject, Subscription};
use futures_util::stream::{self, BoxStream, Stream, StreamExt};
use trellis_domain::policy::Action;
use trellis_infra::redis::Heard;

use super::context::GqlContext;
use super::error::{Answer, Fault, FaultCode};
use super::objects::look::look;
use super::objects::rows::WorklistCounts;
use super::scalars::DateTime;
use crate::app::worklist_channel;
use crate::graphql::rules::{Rule, rule};

/// So many changes at once are told as one.
const AT_ONCE: usize = 64;

#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct WorklistChange {
    referral_id: Option<ID>,
    counts: WorklistCounts,
    at: DateTime,
}

#[derive(Default, Debug)]
pub struct Subscriptions;

#[Subscription(name = "Subscription")]
impl Subscriptions {
    /// Fires after something in the acting organisation's worklist changed.
    #[graphql(directive = rule::apply(Rule::By(Action::ListWorklist).into()))]
    async fn worklist_changed(
        &self,
        ctx: &Context<'_>,
    ) -> Result<BoxStream<'static, Answer<WorklistChange>>, Fault> {
        let gql = Arc::clone(ctx.data_opt::<Arc<GqlContext>>().ok_or_else(Fault::internal)?);
        // Refused before it begins, not with its first news.
        counts(&gql).await?;
        let session = gql.session()?;
        let organisation = session.organisation.ok_or_else(Fault::forbidden)?;
        let channel = worklist_channel(session.network, organisation);
        let heard = gql.parts().broadcast.subscribe(&channel).await;
        Ok(changes(gql, heard).boxed())
    }
}

async fn counts(gql: &GqlContext) -> Answer<WorklistCounts> {
    let read = look(gql, |tx, op| Ok(tx.worklist_counts(op.visibility(Action::ListWorklist)?)?));
    Ok(read.await?.into())
}

/// Ends with the error that says why, once whoever listens may not any more.
fn changes(
    gql: Arc<GqlContext>,
    heard: BoxStream<'static, Heard>,
) -> impl Stream<Item = Answer<WorklistChange>> {
    let bursts = heard.ready_chunks(AT_ONCE).boxed();
    stream::unfold(Some((gql, bursts)), |listening| async move {
        let (gql, mut bursts) = listening?;
        bursts.next().await?;
        let counted = counts(&gql).await;
        let over = matches!(&counted, Err(fault) if ends(fault));
        let at = gql.now();
        let change = counted.map(|counts| WorklistChange { referral_id: None, counts, at: at.into() });
        Some((change, (!over).then_some((gql, bursts))))
    })
}

fn ends(fault: &Fault) -> bool {
    matches!(fault.code, FaultCode::Unauthenticated | FaultCode::Forbidden)
}
