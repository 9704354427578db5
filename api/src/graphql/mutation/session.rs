//! Signing in and out of the API, and acting for another membership. The refresh token is good once.

use async_graphql::{Context, ID, Object};
use trellis_domain::kernel::MembershipId;
use trellis_infra::pg::platform::{Credentials, SessionKind, SignInError, SignedIn, Visit, claims_of};

use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::Fault;
use crate::graphql::input::session::SignInInput;
use crate::graphql::node_id::parse_id;
use crate::graphql::objects::{TicketObject, ViewerObject};
use crate::graphql::payload::{Payload, SignOutPayload, Tokens, TokensPayload};
use crate::graphql::refusal::Refusal;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::verdict::Verdict;

/// Longer than any address or password that is taken; what is longer is not looked at.
const LONGEST: usize = 1024;

#[derive(Default, Debug)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn sign_in(&self, ctx: &Context<'_>, input: SignInInput) -> Result<TokensPayload, Fault> {
        let gql = gql(ctx)?;
        if input.email.len() > LONGEST || input.password.len() > LONGEST {
            return Ok(TokensPayload::refused(Refusal::sign_in_failed()));
        }
        let source = gql.asked().address.as_str();
        let credentials = Credentials { email: &input.email, password: &input.password, source };
        entered(gql, gql.parts().platform.sign_in(credentials, visit(gql), None, gql.now()).await)
    }

    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn refresh(&self, ctx: &Context<'_>, refresh_token: String) -> Result<TokensPayload, Fault> {
        let gql = gql(ctx)?;
        let refreshed = gql.parts().platform.refresh(&refresh_token, gql.now()).await;
        TokensPayload::present(refreshed.map_err(Verdict::from).and_then(|signed_in| issue(gql, signed_in)))
    }

    #[graphql(directive = rule::apply(Rule::Secret.into()))]
    async fn switch_membership(
        &self,
        ctx: &Context<'_>,
        membership_id: ID,
        refresh_token: String,
    ) -> Result<TokensPayload, Fault> {
        let gql = gql(ctx)?;
        let Ok(to) = parse_id::<MembershipId>(&membership_id) else {
            return Ok(TokensPayload::refused(Refusal::not_found("membershipId")));
        };
        let platform = &gql.parts().platform;
        let switched = platform.switch_membership(&refresh_token, SessionKind::Api, to, gql.now()).await;
        TokensPayload::present(switched.map_err(Verdict::from).and_then(|signed_in| issue(gql, signed_in)))
    }

    /// Ends the session of the access token that it is sent with.
    #[graphql(directive = rule::apply(Rule::Own.into()))]
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<SignOutPayload, Fault> {
        let gql = gql(ctx)?;
        gql.parts().platform.end_session(gql.session()?.session, gql.now()).await?;
        Ok(SignOutPayload { done: true })
    }
}

/// A program on the device that asks.
pub fn visit(gql: &GqlContext) -> Visit {
    Visit { kind: SessionKind::Api, device: gql.asked().device.clone() }
}

/// Where a second proof is due, its ticket comes with the refusal.
pub fn entered(gql: &GqlContext, outcome: Result<SignedIn, SignInError>) -> Result<TokensPayload, Fault> {
    let ticket = match &outcome {
        Err(SignInError::FactorNeeded(ticket)) => Some(TicketObject::of(ticket)),
        _ => None,
    };
    let presented =
        TokensPayload::present(outcome.map_err(Verdict::from).and_then(|signed_in| issue(gql, signed_in)))?;
    Ok(TokensPayload { ticket, ..presented })
}

pub fn issue(gql: &GqlContext, signed_in: SignedIn) -> Result<(Tokens, ViewerObject), Verdict> {
    let issued = gql.parts().tokens.issue(&claims_of(&signed_in.session), gql.now());
    let (access_token, expires_at) = issued.map_err(|error| {
        tracing::error!(%error, "an access token could not be issued");
        Fault::internal()
    })?;
    let tokens = Tokens {
        access_token,
        expires_at: expires_at.into(),
        refresh_token: signed_in.secret.expose().to_owned(),
        refresh_expires_at: signed_in.secret_ends_at.into(),
    };
    Ok((tokens, ViewerObject::new(signed_in.session)))
}
