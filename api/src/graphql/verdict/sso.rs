//! How errors around single sign-on are answered.

use trellis_domain::sso::ProviderError;
use trellis_infra::pg::platform::ConnectError;
use trellis_infra::sso::SsoError;

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<ProviderError> for Verdict {
    fn from(error: ProviderError) -> Self {
        match error {
            ProviderError::NotFound => Refusal::not_found("providerId").into(),
            ProviderError::Stale => Refusal::stale().into(),
            ProviderError::ShortNameTaken => {
                let message = "Another organisation uses this short name.";
                Refusal::new(RefusalCode::ShortNameTaken, message, "Choose another one.")
                    .about("shortName")
                    .into()
            }
            ProviderError::NoSecret => {
                let message = "A new provider, address or client needs its secret.";
                let next = "Copy the secret from your provider's own pages.";
                Refusal::new(RefusalCode::ClientSecretNeeded, message, next).about("clientSecret").into()
            }
            ProviderError::NoOrganisation => Refusal::denied().into(),
            ProviderError::Denied(denied) => denied.into(),
            ProviderError::Store(store) => store.into(),
        }
    }
}

impl From<SsoError> for Verdict {
    fn from(error: SsoError) -> Self {
        let (message, next) = match error {
            SsoError::Away => (
                "The provider does not answer.",
                "Check the address, and whether the provider can be reached from the internet.",
            ),
            _ => (
                "What answers there does not say that it is this provider.",
                "Copy the issuer's address exactly as your provider writes it.",
            ),
        };
        Refusal::new(RefusalCode::ProviderNotUsable, message, next).about("issuer").into()
    }
}

impl From<ConnectError> for Verdict {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::NotProved => {
                let message = "Changing how you sign in needs a fresh sign-in with your own credentials.";
                let next = "Sign in again with your password, then try again.";
                Refusal::new(RefusalCode::SignInFailed, message, next).into()
            }
            ConnectError::Nothing | ConnectError::NotAMember | ConnectError::Taken => {
                Refusal::not_found("issuer").into()
            }
            ConnectError::Store(store) => store.into(),
        }
    }
}
