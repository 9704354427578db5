//! What signing in, refreshing and signing out answer.

use async_graphql::SimpleObject;

use super::super::objects::{TicketObject, ViewerObject};
use super::super::refusal::Refusal;
use super::super::scalars::DateTime;
use super::shape::Payload;
use crate::graphql::rules::{Rule, rule};

#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct Tokens {
    pub access_token: String,
    pub expires_at: DateTime,
    pub refresh_token: String,
    pub refresh_expires_at: DateTime,
}

#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct TokensPayload {
    pub tokens: Option<Tokens>,
    #[graphql(directive = rule::apply(Rule::NothingMore.into()))]
    pub viewer: Option<ViewerObject>,
    /// With the refusals `SECOND_FACTOR_NEEDED` and `SET_UP_SECOND_FACTOR`: what finishes this sign-in.
    pub ticket: Option<TicketObject>,
    pub refusal: Option<Refusal>,
}

impl Payload for TokensPayload {
    type Done = (Tokens, ViewerObject);

    fn done((tokens, viewer): (Tokens, ViewerObject)) -> Self {
        Self { tokens: Some(tokens), viewer: Some(viewer), ticket: None, refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { tokens: None, viewer: None, ticket: None, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct SignOutPayload {
    pub done: bool,
}
