//! The identity provider of the acting organisation, and the viewer's own connections.

use async_graphql::{Context, Object};
use trellis_domain::policy::Action;
use trellis_domain::sso::ProviderReads;

use crate::graphql::context::gql;
use crate::graphql::error::Answer;
use crate::graphql::mutation::security::standing;
use crate::graphql::objects::look::look;
use crate::graphql::objects::{ConnectedIdentityObject, IdentityProviderObject};
use crate::graphql::rules::{Rule, rule};

#[derive(Default, Debug)]
pub struct SsoQuery;

#[Object]
impl SsoQuery {
    /// For whoever may change it.
    #[graphql(directive = rule::apply(Rule::By(Action::ViewProvider).into()))]
    async fn identity_provider(&self, ctx: &Context<'_>) -> Answer<Option<IdentityProviderObject>> {
        let read = look(gql(ctx)?, |tx, op| {
            op.visibility(Action::ViewProvider)?;
            Ok(tx.provider()?)
        });
        Ok(read.await?.map(IdentityProviderObject::new))
    }

    /// Who the viewer is at providers.
    #[graphql(directive = rule::apply(Rule::Own.into()))]
    async fn connected_identities(&self, ctx: &Context<'_>) -> Answer<Vec<ConnectedIdentityObject>> {
        let gql = gql(ctx)?;
        let session = standing(gql).await?;
        let all = gql.parts().platform.connections_of(session).await?;
        Ok(all.into_iter().map(ConnectedIdentityObject::new).collect())
    }

    /// The short name to connect at, where the acting organisation has a provider that is switched on.
    #[graphql(directive = rule::apply(Rule::SignIn.into()))]
    async fn sign_in_provider(&self, ctx: &Context<'_>) -> Answer<Option<String>> {
        let read = look(gql(ctx)?, |tx, _| Ok(tx.provider()?));
        let provider = read.await?.filter(|provider| provider.enabled);
        Ok(provider.map(|provider| provider.short_name.as_str().to_owned()))
    }
}
