//! The one way to a provider: over TLS, without following redirects, for ten seconds and 256 KiB at most.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use super::error::SsoError;
use super::outside::{Outside, is_outside};

const WITHIN: Duration = Duration::from_secs(10);
const LARGEST: usize = 256 * 1024;

#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    #[error("the address is not one of a provider")]
    Address,
    #[error("the provider cannot be reached")]
    Away,
    #[error("the answer is too large")]
    TooLarge,
}

pub(super) struct ProviderHttp {
    client: reqwest::Client,
    local: bool,
}

impl ProviderHttp {
    pub(super) fn new(local: bool) -> Result<Self, SsoError> {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| SsoError::Setup)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            // A provider that sends us elsewhere might send us to our own neighbours.
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(Outside { local }))
            .timeout(WITHIN)
            .build()
            .map_err(|_| SsoError::Setup)?;
        Ok(Self { client, local })
    }

    /// Plain HTTP is for this machine, where the configuration says so. A name is looked at when it is resolved.
    fn may_be_asked(&self, url: &Url) -> bool {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::from(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::from(address)),
            Some(Host::Domain(_)) | None => None,
        };
        match url.scheme() {
            "https" => self.local || address.is_none_or(is_outside),
            "http" => self.local && address.is_some_and(|address| address.is_loopback()),
            _ => false,
        }
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (head, body) = request.into_parts();
        let url = Url::parse(&head.uri.to_string()).map_err(|_| HttpError::Address)?;
        if !self.may_be_asked(&url) {
            return Err(HttpError::Address);
        }
        let asked = self.client.request(head.method, url).headers(head.headers).body(body).send();
        let mut answer = asked.await.map_err(|_| HttpError::Away)?;
        let mut whole = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|_| HttpError::Away)? {
            if whole.len().saturating_add(part.len()) > LARGEST {
                return Err(HttpError::TooLarge);
            }
            whole.extend_from_slice(&part);
        }
        let mut response = HttpResponse::new(whole);
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for ProviderHttp {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_leaves_the_machine_and_only_a_setting_opens_what_is_on_it() {
        let asks =
            |local, url: &str| ProviderHttp::new(local).unwrap().may_be_asked(&Url::parse(url).unwrap());
        for local in [false, true] {
            assert!(asks(local, "https://login.example.org/token"));
            assert!(!asks(local, "http://login.example.org/token"));
            assert!(!asks(local, "http://localhost.example.org/"));
            assert!(!asks(local, "ftp://127.0.0.1/"));
            assert_eq!(asks(local, "http://127.0.0.1:9000/token"), local);
            assert_eq!(asks(local, "https://[::1]/token"), local);
            assert_eq!(asks(local, "https://169.254.169.254/latest/meta-data"), local);
            assert_eq!(asks(local, "https://10.0.0.7/token"), local);
        }
    }
}
