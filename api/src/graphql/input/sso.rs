//! The organisation's identity provider, as an administrator describes it.

use async_graphql::{ID, InputObject};
use trellis_domain::kernel::{Line, ProviderId, Redacted};
use trellis_domain::sso::{Configure, Enable, Issuer, ShortName, Words};

use super::{Check, Command};
use crate::graphql::refusal::Refusal;

#[derive(InputObject, Clone)]
pub struct ConfigureIdentityProviderInput {
    /// The version that was read; leave it out for the first time.
    pub version: Option<i32>,
    /// What people type on the sign-in page, such as `north-vale-links`.
    pub short_name: String,
    pub name: String,
    /// The address that the provider names itself by.
    pub issuer: String,
    pub client_id: String,
    /// Leave it out to keep the one that is there. It is never shown again.
    pub client_secret: Option<String>,
    /// What is asked for besides `openid`, separated by spaces.
    #[graphql(default)]
    pub scopes: String,
    /// Values of `acr` that count as a second factor, separated by spaces.
    #[graphql(default)]
    pub strong_acr: String,
    /// The same for `amr`.
    #[graphql(default)]
    pub strong_amr: String,
    pub idempotency_key: Option<String>,
}

#[derive(InputObject, Clone)]
pub struct EnableIdentityProviderInput {
    pub provider_id: ID,
    pub version: i32,
    pub enabled: bool,
    pub idempotency_key: Option<String>,
}

impl Command for ConfigureIdentityProviderInput {
    type Parsed = Configure;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Configure, Refusal> {
        let mut check = Check::new();
        let version = self.version.map_or(Some(None), |version| check.version(version).map(Some));
        let short_name = check.field("shortName", ShortName::parse(&self.short_name));
        let name = check.field("name", Line::parse(&self.name));
        let issuer = check.field("issuer", Issuer::parse(&self.issuer));
        let client_id = check.field("clientId", Line::parse(&self.client_id));
        let secret = check.line("clientSecret", self.client_secret.as_deref()).map(Redacted::new);
        let scopes = check.field("scopes", Words::parse(&self.scopes));
        let acr = check.field("strongAcr", Words::parse(&self.strong_acr));
        let amr = check.field("strongAmr", Words::parse(&self.strong_amr));
        let named = version.zip(short_name).zip(name).zip(issuer.zip(client_id));
        let parsed = named.zip(scopes.zip(acr).zip(amr)).map(|(named, words)| {
            let (((version, short_name), name), (issuer, client_id)) = named;
            let ((scopes, acr), amr) = words;
            Configure {
                version,
                short_name,
                name,
                issuer,
                client_id,
                secret,
                scopes,
                strong_acr: acr,
                strong_amr: amr,
            }
        });
        check.finish(parsed)
    }
}

impl Command for EnableIdentityProviderInput {
    type Parsed = Enable;

    fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    fn parse(&self) -> Result<Enable, Refusal> {
        let mut check = Check::new();
        let provider: Option<ProviderId> = check.id("providerId", &self.provider_id);
        let version = check.version(self.version);
        let enabled = self.enabled;
        check.finish(provider.zip(version).map(|(provider, version)| Enable { provider, version, enabled }))
    }
}
