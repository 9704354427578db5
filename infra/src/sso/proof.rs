//! What a provider answers with, checked: signature, issuer, audience, authorised party, nonce, time. Only then is it known
//! who somebody is there, and whether a second factor was asked for.

use chrono::DateTime;
use jiff::Timestamp;
use openidconnect::core::{CoreIdTokenClaims, CoreIdTokenVerifier, CoreJwsSigningAlgorithm as Alg};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, ClientId, RequestTokenError, SignatureVerificationError,
    TokenResponse,
};

use super::ceremony::{Ceremony, client};
use super::discovery::Known;
use super::error::SsoError;
use super::{Connection, SingleSignOn};

/// Signatures with a key of the provider's own. Never `none`, and never one with a secret that two sides share.
const TAKEN: [Alg; 9] = [
    Alg::RsaSsaPkcs1V15Sha256,
    Alg::RsaSsaPkcs1V15Sha384,
    Alg::RsaSsaPkcs1V15Sha512,
    Alg::RsaSsaPssSha256,
    Alg::RsaSsaPssSha384,
    Alg::RsaSsaPssSha512,
    Alg::EcdsaP256Sha256,
    Alg::EcdsaP384Sha384,
    Alg::EdDsa,
];

/// Longer subjects are none that the standard allows.
const LONGEST_SUBJECT: usize = 255;

/// Who somebody is at a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Proven {
    pub issuer: String,
    pub subject: String,
    /// What the provider calls them, to be shown to themselves: an address, or a name.
    pub shown: Option<String>,
    /// The provider says that it asked for two factors, in words that the organisation accepts.
    pub second_factor: bool,
}

impl std::fmt::Debug for Proven {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proven").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl SingleSignOn {
    /// Hands the code in, and checks what is given for it.
    pub async fn prove(&self, ceremony: Ceremony<'_>, code: &str) -> Result<Proven, SsoError> {
        let Ceremony { connection, secrets, now } = ceremony;
        let known = self.known(connection, now).await?;
        let ready = client(&known, connection)?;
        let exchange =
            ready.exchange_code(AuthorizationCode::new(code.to_owned())).map_err(|_| SsoError::Unfit)?;
        let answer = exchange.set_pkce_verifier(secrets.verifier()).request_async(&self.http).await;
        let answer = answer.map_err(|error| match error {
            RequestTokenError::ServerResponse(said) if said.error().to_string() == "invalid_client" => {
                SsoError::Client
            }
            RequestTokenError::ServerResponse(_) => SsoError::NotProven("code"),
            RequestTokenError::Request(_) => SsoError::Away,
            _ => SsoError::Unfit,
        })?;
        let token = answer.id_token().ok_or(SsoError::NotProven("no token"))?;
        let nonce = secrets.nonce();
        let verify = |known: &Known| token.claims(&verifier(known, connection, now), &nonce).cloned();
        let claims = match verify(&known) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let anew = self.known_anew(connection, &known, now).await?;
                let anew = anew.ok_or(SsoError::NotProven("key"))?;
                verify(&anew)
            }
            checked => checked,
        };
        proven(&claims.map_err(|error| why(&error))?, connection)
    }
}

fn verifier<'a>(known: &Known, connection: &Connection, now: Timestamp) -> CoreIdTokenVerifier<'a> {
    let client_id = ClientId::new(connection.client_id.clone());
    let metadata = &known.metadata;
    // Without our secret: a signature made with it would prove nothing of the provider.
    CoreIdTokenVerifier::new_public_client(client_id, metadata.issuer().clone(), metadata.jwks().clone())
        .set_allowed_algs(TAKEN)
        .set_time_fn(move || {
            DateTime::from_timestamp(now.as_second(), 0).unwrap_or(DateTime::<chrono::Utc>::MAX_UTC)
        })
}

fn proven(claims: &CoreIdTokenClaims, connection: &Connection) -> Result<Proven, SsoError> {
    // The library leaves the authorised party to us.
    if claims.authorized_party().is_some_and(|party| party.as_str() != connection.client_id) {
        return Err(SsoError::NotProven("authorised party"));
    }
    let subject = claims.subject().as_str();
    if subject.is_empty() || subject.len() > LONGEST_SUBJECT {
        return Err(SsoError::NotProven("subject"));
    }
    let acr = claims
        .auth_context_ref()
        .is_some_and(|acr| connection.strong_acr.iter().any(|known| known == acr.as_str()));
    let mut methods = claims.auth_method_refs().into_iter().flatten();
    let amr = methods.any(|method| connection.strong_amr.iter().any(|known| known == method.as_str()));
    let called = claims.email().map(|email| email.as_str().to_owned());
    let called = called.or_else(|| claims.preferred_username().map(|name| name.as_str().to_owned()));
    Ok(Proven {
        issuer: connection.issuer.clone(),
        subject: subject.to_owned(),
        shown: called.map(|called| called.chars().filter(|letter| !letter.is_control()).take(200).collect()),
        second_factor: acr || amr,
    })
}

/// In one word of ours: the library's own may quote the token.
fn why(error: &ClaimsVerificationError) -> SsoError {
    SsoError::NotProven(match error {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "audience",
        ClaimsVerificationError::InvalidIssuer(_) => "issuer",
        ClaimsVerificationError::InvalidNonce(_) => "nonce",
        ClaimsVerificationError::SignatureVerification(_) => "signature",
        _ => "form",
    })
}
