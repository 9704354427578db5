//! The identity provider of the acting organisation: described, tried, switched on and off; and one's own connections.

use async_graphql::{Context, Object, SimpleObject};
use trellis_domain::kernel::OpContext;
use trellis_domain::policy::Action;
use trellis_domain::sso::{Provider, ProviderError, ProviderReads, configure, enable};
use trellis_infra::redis::Limit;
use trellis_infra::sso::Found;
use uuid::Uuid;

use super::security::standing;
use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::Fault;
use crate::graphql::input::sso::{ConfigureIdentityProviderInput, EnableIdentityProviderInput};
use crate::graphql::objects::look::look;
use crate::graphql::objects::{FoundProvider, IdentityProviderObject};
use crate::graphql::payload::{Payload, payload};
use crate::graphql::refusal::Refusal;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::verdict::Verdict;
use crate::graphql::write::{Tx, once, within};

payload!(IdentityProviderPayload { provider: IdentityProviderObject } of Provider);
payload!(TestIdentityProviderPayload { found: FoundProvider } of Found);
payload!(DisconnectIdentityPayload { done });

/// Each knocks at an address that somebody typed.
const MOST_TESTS: Limit = Limit::per_hour(30);

#[derive(Default, Debug)]
pub struct SsoMutation;

#[Object]
impl SsoMutation {
    /// A new provider is off until it is switched on.
    #[graphql(directive = rule::apply(Rule::By(Action::ConfigureProvider).into()))]
    async fn configure_identity_provider(
        &self,
        ctx: &Context<'_>,
        input: ConfigureIdentityProviderInput,
    ) -> Result<IdentityProviderPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| configure(tx, op, cmd);
        let done = once(gql(ctx)?, "configureIdentityProvider", &input, decide, again).await;
        IdentityProviderPayload::present(done)
    }

    /// Switching it off ends no session; nobody signs in with it any more.
    #[graphql(directive = rule::apply(Rule::By(Action::ConfigureProvider).into()))]
    async fn enable_identity_provider(
        &self,
        ctx: &Context<'_>,
        input: EnableIdentityProviderInput,
    ) -> Result<IdentityProviderPayload, Fault> {
        let decide = |tx: &mut Tx<'_>, op: &OpContext, cmd| enable(tx, op, cmd);
        let done = once(gql(ctx)?, "enableIdentityProvider", &input, decide, again).await;
        IdentityProviderPayload::present(done)
    }

    /// Asks the provider for what it says of itself. Signs nobody in, and changes nothing.
    #[graphql(directive = rule::apply(Rule::By(Action::ViewProvider).into()))]
    async fn test_identity_provider(&self, ctx: &Context<'_>) -> Result<TestIdentityProviderPayload, Fault> {
        TestIdentityProviderPayload::present(tried(gql(ctx)?).await)
    }

    /// The viewer can no longer sign in with this provider.
    #[graphql(directive = rule::apply(Rule::Own.into()))]
    async fn disconnect_identity(
        &self,
        ctx: &Context<'_>,
        issuer: String,
    ) -> Result<DisconnectIdentityPayload, Fault> {
        let gql = gql(ctx)?;
        let session = standing(gql).await?.clone();
        let gone = gql.parts().platform.disconnect(session, issuer, gql.now()).await;
        DisconnectIdentityPayload::present(match gone {
            Ok(true) => Ok(()),
            Ok(false) => Err(Refusal::not_found("issuer").into()),
            Err(error) => Err(error.into()),
        })
    }
}

fn again(tx: &mut Tx<'_>, _: Uuid) -> Result<Provider, ProviderError> {
    tx.provider()?.ok_or(ProviderError::NotFound)
}

async fn tried(gql: &GqlContext) -> Result<Found, Verdict> {
    within(gql, "provider-test", MOST_TESTS).await?;
    let read = look(gql, |tx, op| {
        let Some(provider) = tx.provider()? else { return Ok(None) };
        tx.audit_read(op.authorize(Action::ViewProvider, &provider)?);
        Ok(Some(provider))
    });
    let provider = read.await?.ok_or_else(|| Refusal::not_found("provider"))?;
    gql.parts().sso.look_at(provider.issuer.as_str(), gql.now()).await.map_err(Verdict::from)
}
