//! The way to a provider: what the browser keeps, what we keep, and the address that it is sent to.
//! The browser's secret never leaves it and us; the code verifier and the nonce are made from it, so nothing that could
//! finish a ceremony is stored.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient};
use openidconnect::{
    AuthenticationContextClass, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};

use super::discovery::Known;
use super::error::SsoError;
use super::{Connection, SingleSignOn};
use crate::auth::Secret;
use crate::seal::{DerivedPurpose, Keyring};

pub(super) type ReadyClient = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What proves, to the provider and of its answer, that one browser began and ends a ceremony.
#[derive(Clone)]
pub struct CeremonySecrets {
    verifier: String,
    nonce: String,
}

impl CeremonySecrets {
    /// `browser`: the secret in its cookie.
    pub fn of(keyring: &Keyring, browser: &Secret) -> Result<Self, SsoError> {
        let key = keyring.derived_key(DerivedPurpose::SignInCeremony).map_err(|_| SsoError::Setup)?;
        let make = |what: &str| {
            let mut context = hmac::Context::with_key(&key);
            context.update(what.as_bytes());
            context.update(browser.expose().as_bytes());
            URL_SAFE_NO_PAD.encode(context.sign().as_ref())
        };
        Ok(Self { verifier: make("verifier/1\0"), nonce: make("nonce/1\0") })
    }

    pub(super) fn verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(self.verifier.clone())
    }

    pub(super) fn nonce(&self) -> Nonce {
        Nonce::new(self.nonce.clone())
    }
}

impl std::fmt::Debug for CeremonySecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CeremonySecrets(redacted)")
    }
}

/// One that is about to begin.
#[derive(Debug, Clone, Copy)]
pub struct Ceremony<'a> {
    pub connection: &'a Connection,
    pub secrets: &'a CeremonySecrets,
    pub now: Timestamp,
}

impl SingleSignOn {
    /// Where the browser is sent. `state` comes back with it.
    pub async fn address(&self, ceremony: Ceremony<'_>, state: &Secret) -> Result<String, SsoError> {
        let Ceremony { connection, secrets, now } = ceremony;
        let known = self.known(connection, now).await?;
        let client = client(&known, connection)?;
        let (state, nonce) = (CsrfToken::new(state.expose().to_owned()), secrets.nonce());
        let code = CoreAuthenticationFlow::AuthorizationCode;
        let mut request = client
            .authorize_url(code, move || state, move || nonce)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&secrets.verifier()));
        for scope in &connection.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        for acr in &connection.strong_acr {
            request = request.add_auth_context_value(AuthenticationContextClass::new(acr.clone()));
        }
        Ok(request.url().0.to_string())
    }
}

pub(super) fn client(known: &Known, connection: &Connection) -> Result<ReadyClient, SsoError> {
    let back = RedirectUrl::new(connection.back.clone()).map_err(|_| SsoError::Setup)?;
    let secret = ClientSecret::new(connection.secret.as_str().to_owned());
    let client = CoreClient::from_provider_metadata(
        known.metadata.clone(),
        ClientId::new(connection.client_id.clone()),
        Some(secret),
    );
    Ok(client.set_redirect_uri(back))
}
