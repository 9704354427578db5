//! Access tokens: EdDSA-signed JWTs of type `at+jwt` that live for ten minutes.
//! It owns their claims and every check of them, at the instant it is given, with the keys that hold at it; it refuses any other
//! algorithm or type, and any key a token brings along. Whether the session still lives is not decided here.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::seen_tokens::{Seen, SeenTokens};
use super::signing_keys::{KeyTimes, SigningKey, SigningKeys};

pub const ACCESS_TOKEN_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

const TOKEN_TYPE: &str = "at+jwt";
/// Clocks of two servers may differ by this much.
const LEEWAY_SECONDS: i64 = 10;
/// Ours are under 1,000 bytes; longer ones are not worth parsing.
const LONGEST_TOKEN: usize = 4096;

#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
pub enum TokenError {
    #[error("access token is not readable")]
    Malformed,
    #[error("access token is not of the expected type or algorithm")]
    WrongKind,
    #[error("access token is signed with an unknown key")]
    UnknownKey,
    #[error("access token has a wrong signature")]
    Forged,
    #[error("access token is from another issuer or for another audience")]
    Foreign,
    #[error("access token has expired")]
    Expired,
    #[error("access token is not valid yet")]
    NotYet,
    #[error("access token could not be signed")]
    Provider,
}

/// Who asks, acting as which member of what, in which session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    pub user: Uuid,
    pub membership: Uuid,
    /// The version of the membership whose roles these are.
    pub membership_version: i32,
    pub network: Uuid,
    pub organisation: Option<Uuid>,
    pub session: Uuid,
    /// Codes, in the order of the policy.
    pub roles: Vec<String>,
    /// When whoever holds the session last proved who they are, in seconds since 1970.
    pub proved_at: i64,
}

/// The claims as they stand in the token. `iss` and `aud` are single strings: a list is refused.
#[derive(Serialize, Deserialize)]
struct Body {
    iss: String,
    aud: String,
    sub: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
    mem: Uuid,
    net: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    org: Option<Uuid>,
    sid: Uuid,
    mev: i32,
    roles: Vec<String>,
    /// Named as sign-ins with single sign-on name it. A token of a server of the version before has none: proved long ago.
    #[serde(default)]
    auth_time: i64,
}

pub struct AccessTokens {
    /// Replaced when the file of the keys has changed; whoever is at work goes on with those they have.
    keys: RwLock<Arc<[Key]>>,
    seen: SeenTokens,
    issuer: String,
    audience: String,
    validation: Validation,
}

/// A key, ready for use.
struct Key {
    id: String,
    signer: EncodingKey,
    verifier: DecodingKey,
    signs_from: Timestamp,
    verifies_until: Option<Timestamp>,
    jwk: serde_json::Value,
}

impl AccessTokens {
    pub fn new(keys: &SigningKeys, issuer: &str, audience: &str) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.required_spec_claims =
            HashSet::from(["exp", "nbf", "iss", "aud", "sub"].map(str::to_owned));
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        // The library reads the wall clock; `check_time` reads the instant of the request instead.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            keys: RwLock::new(ready(keys)),
            seen: SeenTokens::default(),
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            validation,
        }
    }

    /// From now on these keys hold.
    pub fn replace(&self, keys: &SigningKeys) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = ready(keys);
        self.seen.forget();
    }

    /// Which keys hold, and from when each signs.
    pub fn times(&self) -> Vec<KeyTimes> {
        let told = |key: &Key| KeyTimes {
            id: key.id.clone(),
            signs_from: key.signs_from,
            verifies_until: key.verifies_until,
        };
        self.keys().iter().map(told).collect()
    }

    fn keys(&self) -> Arc<[Key]> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The token and the instant it expires.
    pub fn issue(&self, claims: &AccessClaims, now: Timestamp) -> Result<(String, Timestamp), TokenError> {
        let expires = now.checked_add(ACCESS_TOKEN_LIFETIME).map_err(|_| TokenError::Provider)?;
        let mut unique = [0_u8; 16];
        aws_lc_rs::rand::fill(&mut unique).map_err(|_| TokenError::Provider)?;
        let body = Body {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: claims.user,
            iat: now.as_second(),
            nbf: now.as_second(),
            exp: expires.as_second(),
            jti: URL_SAFE_NO_PAD.encode(unique),
            mem: claims.membership,
            net: claims.network,
            org: claims.organisation,
            sid: claims.session,
            mev: claims.membership_version,
            roles: claims.roles.clone(),
            auth_time: claims.proved_at,
        };
        let keys = self.keys();
        // A clock that is behind finds that none signs yet: then it is the first.
        let signs = keys.iter().rfind(|key| key.signs_from <= now).or_else(|| keys.first());
        let key = signs.ok_or(TokenError::Provider)?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(key.id.clone());
        let token = jsonwebtoken::encode(&header, &body, &key.signer).map_err(|_| TokenError::Provider)?;
        Ok((token, expires))
    }

    pub fn verify(&self, token: &str, now: Timestamp) -> Result<AccessClaims, TokenError> {
        if token.len() > LONGEST_TOKEN {
            return Err(TokenError::Malformed);
        }
        let (name, keys) = (SeenTokens::name_of(token), self.keys());
        // A signature does not change; whether its key and its times hold does.
        if let Some(seen) = self.seen.of(&name) {
            key_that_holds(&keys, &seen.key, now)?;
            check_time(seen.times, now)?;
            return Ok(seen.claims);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Malformed)?;
        // `crit` names extensions that must be understood; we understand none.
        if header.alg != Algorithm::EdDSA
            || header.typ.as_deref() != Some(TOKEN_TYPE)
            || header.crit.is_some()
        {
            return Err(TokenError::WrongKind);
        }
        let key_id = header.kid.ok_or(TokenError::UnknownKey)?;
        let key = &key_that_holds(&keys, &key_id, now)?.verifier;
        let body =
            jsonwebtoken::decode::<Body>(token, key, &self.validation).map_err(|e| refusal(&e))?.claims;
        let times = (body.nbf, body.exp);
        check_time(times, now)?;
        let claims = AccessClaims {
            user: body.sub,
            membership: body.mem,
            membership_version: body.mev,
            network: body.net,
            organisation: body.org,
            session: body.sid,
            roles: body.roles,
            proved_at: body.auth_time,
        };
        self.seen.keep(name, Seen { claims: claims.clone(), key: key_id, times }, now.as_second());
        Ok(claims)
    }

    /// The public keys that verify now, the next one included, as a JSON Web Key Set.
    pub fn jwks(&self, now: Timestamp) -> serde_json::Value {
        let keys = self.keys();
        let held: Vec<_> = keys.iter().filter(|key| key.holds_at(now)).map(|key| &key.jwk).collect();
        serde_json::json!({ "keys": held })
    }
}

impl Key {
    fn holds_at(&self, now: Timestamp) -> bool {
        self.verifies_until.is_none_or(|until| now < until)
    }
}

fn ready(keys: &SigningKeys) -> Arc<[Key]> {
    let ready = |key: &SigningKey| Key {
        id: key.id.clone(),
        signer: EncodingKey::from_ed_der(&key.pkcs8),
        verifier: DecodingKey::from_ed_der(&key.public),
        signs_from: key.signs_from,
        verifies_until: key.verifies_until,
        jwk: key.jwk(),
    };
    keys.keys.iter().map(ready).collect()
}

/// A key is good before it signs: a server whose clock is ahead may have begun.
fn key_that_holds<'a>(keys: &'a [Key], id: &str, now: Timestamp) -> Result<&'a Key, TokenError> {
    keys.iter().find(|key| key.id == id && key.holds_at(now)).ok_or(TokenError::UnknownKey)
}

fn check_time((not_before, expires): (i64, i64), now: Timestamp) -> Result<(), TokenError> {
    let now = now.as_second();
    if now >= expires.saturating_add(LEEWAY_SECONDS) {
        return Err(TokenError::Expired);
    }
    if not_before > now.saturating_add(LEEWAY_SECONDS) {
        return Err(TokenError::NotYet);
    }
    Ok(())
}

fn refusal(error: &jsonwebtoken::errors::Error) -> TokenError {
    match error.kind() {
        ErrorKind::InvalidSignature => TokenError::Forged,
        ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => TokenError::Foreign,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => TokenError::WrongKind,
        _ => TokenError::Malformed,
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
