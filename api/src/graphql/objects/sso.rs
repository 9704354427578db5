//! The organisation's identity provider, and what a login is connected to. The secret is nowhere here.

use async_graphql::{Context, ID, Object, SimpleObject};
use trellis_domain::policy::Action;
use trellis_domain::sso::Provider;
use trellis_infra::pg::platform::ConnectedIdentity;
use trellis_infra::sso::Found;

use crate::graphql::context::gql;
use crate::graphql::error::Answer;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

#[derive(Debug, Clone)]
pub struct IdentityProviderObject(Provider);

impl IdentityProviderObject {
    pub fn new(provider: Provider) -> Self {
        Self(provider)
    }
}

#[Object(name = "IdentityProvider", directive = rule::apply(Rule::By(Action::ViewProvider).into()))]
impl IdentityProviderObject {
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    async fn version(&self) -> i32 {
        self.0.version
    }

    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    async fn short_name(&self) -> &str {
        self.0.short_name.as_str()
    }

    async fn issuer(&self) -> &str {
        self.0.issuer.as_str()
    }

    async fn client_id(&self) -> &str {
        self.0.client_id.as_str()
    }

    async fn scopes(&self) -> &[String] {
        self.0.scopes.as_slice()
    }

    async fn strong_acr(&self) -> &[String] {
        self.0.strong_acr.as_slice()
    }

    async fn strong_amr(&self) -> &[String] {
        self.0.strong_amr.as_slice()
    }

    async fn enabled(&self) -> bool {
        self.0.enabled
    }

    /// What the provider has to know as the redirect address.
    async fn back_address(&self, ctx: &Context<'_>) -> Answer<String> {
        Ok(gql(ctx)?.parts().back_address(&self.0.short_name))
    }
}

/// What a trial has found; nobody was signed in.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct FoundProvider {
    /// The host on which people type their password.
    sign_in_host: String,
    /// How many keys it signs with.
    keys: usize,
    /// Values of `acr` that it says it knows.
    acr: Vec<String>,
}

impl FoundProvider {
    pub fn new(found: Found) -> Self {
        Self { sign_in_host: found.sign_in_host, keys: found.keys, acr: found.acr }
    }
}

/// One way in through a provider.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::Own.into()))]
pub struct ConnectedIdentityObject {
    issuer: String,
    /// As one of the viewer's organisations calls it.
    provider_name: Option<String>,
    connected_at: DateTime,
    last_used_at: Option<DateTime>,
}

impl ConnectedIdentityObject {
    pub fn new(one: ConnectedIdentity) -> Self {
        Self {
            issuer: one.issuer,
            provider_name: one.provider_name,
            connected_at: one.connected_at.into(),
            last_used_at: one.last_used_at.map(Into::into),
        }
    }
}
