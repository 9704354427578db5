//! What a provider's link shows. Nobody is signed in: the secret is the token of the link. Looking spends nothing.

use std::sync::Arc;

use async_graphql::{Context, Object};
use trellis_domain::kernel::OpContext;
use trellis_infra::pg::platform::LinkError;

use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::{Answer, Fault, FaultCode};
use crate::graphql::objects::OfferedRequestObject;
use crate::graphql::rules::{Rule, rule};

#[derive(Default, Debug)]
pub struct OfferQuery;

#[Object]
impl OfferQuery {
    /// Anonymous: the secret is the token of the link, and of the device where one was verified.
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn offered_request(
        &self,
        ctx: &Context<'_>,
        token: String,
        device: Option<String>,
    ) -> Answer<OfferedRequestObject> {
        offered_request(gql(ctx)?, &token, device).await
    }
}

/// Also what the answer to an offer shows. A token that is malformed, forged or unknown is not found.
pub async fn offered_request(
    gql: &GqlContext,
    token: &str,
    device: Option<String>,
) -> Answer<OfferedRequestObject> {
    let parts = gql.parts();
    let unknown =
        || Fault::new(FaultCode::NotFound, "this link is not known; use the one in the newest e-mail");
    let facts = match parts.platform.link(token).await {
        Ok(facts) => facts,
        Err(LinkError::Unknown) => return Err(unknown()),
        Err(LinkError::Store(error)) => return Err(error.into()),
    };
    let op = OpContext::for_link(facts.link, &*parts.clock, Arc::clone(&parts.ids));
    let op = op.with_request(gql.asked().request);
    let link = facts.link.link;
    let read = parts.store.read(&op, move |tx, _| {
        let verified = match device.as_deref() {
            Some(device) => tx.is_verified_device(device)?,
            None => false,
        };
        tx.offered_request(link, verified)
    });
    read.await?.map(OfferedRequestObject::from).ok_or_else(unknown)
}
