//! What providers say of themselves: where they are asked and which keys they sign with. Kept for ten minutes, and read anew
//! at once when a token comes with a key that is not known.

use std::sync::{Arc, PoisonError};

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::CoreProviderMetadata;
use openidconnect::{DiscoveryError, IssuerUrl};

use super::error::SsoError;
use super::http::HttpError;
use super::{Connection, SingleSignOn};

const KEPT: SignedDuration = SignedDuration::from_mins(10);
/// A stranger with made-up tokens must not make us ask a provider more often than this.
const AT_MOST_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// More issuers than any installation has; then the kept ones are dropped.
const MOST: usize = 1_000;

/// A provider's own words, and when they were read.
pub(super) struct Known {
    pub(super) metadata: CoreProviderMetadata,
    read_at: Timestamp,
}

/// What a trial of a connection has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The host on which people type their password.
    pub sign_in_host: String,
    pub keys: usize,
    /// Values of `acr` that the provider says it knows.
    pub acr: Vec<String>,
}

impl SingleSignOn {
    /// Reads the provider anew and says what was found; signs nobody in.
    pub async fn look_at(&self, issuer: &str, now: Timestamp) -> Result<Found, SsoError> {
        let known = self.read(issuer, now).await?;
        let host = known.metadata.authorization_endpoint().url().host_str().unwrap_or_default().to_owned();
        let acr = known.metadata.acr_values_supported().into_iter().flatten();
        Ok(Found {
            sign_in_host: host,
            keys: known.metadata.jwks().keys().len(),
            acr: acr.map(|value| value.to_string()).collect(),
        })
    }

    pub(super) async fn known(
        &self,
        connection: &Connection,
        now: Timestamp,
    ) -> Result<Arc<Known>, SsoError> {
        let kept = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&connection.issuer).cloned();
        match kept {
            Some(known) if now.duration_since(known.read_at) < KEPT => Ok(known),
            _ => self.read(&connection.issuer, now).await,
        }
    }

    /// The same after a token whose key was not known.
    pub(super) async fn known_anew(
        &self,
        connection: &Connection,
        known: &Known,
        now: Timestamp,
    ) -> Result<Option<Arc<Known>>, SsoError> {
        if now.duration_since(known.read_at) < AT_MOST_EVERY {
            return Ok(None);
        }
        self.read(&connection.issuer, now).await.map(Some)
    }

    async fn read(&self, issuer: &str, now: Timestamp) -> Result<Arc<Known>, SsoError> {
        let url = IssuerUrl::new(issuer.to_owned()).map_err(|_| SsoError::Unfit)?;
        let metadata =
            CoreProviderMetadata::discover_async(url, &self.http).await.map_err(|error| refusal(&error))?;
        if metadata.token_endpoint().is_none() {
            return Err(SsoError::Unfit);
        }
        let known = Arc::new(Known { metadata, read_at: now });
        let mut kept = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(issuer.to_owned(), Arc::clone(&known));
        Ok(known)
    }
}

fn refusal(error: &DiscoveryError<HttpError>) -> SsoError {
    match error {
        DiscoveryError::Request(HttpError::Away) => SsoError::Away,
        DiscoveryError::Response(status, _, _) if status.is_server_error() => SsoError::Away,
        _ => SsoError::Unfit,
    }
}
