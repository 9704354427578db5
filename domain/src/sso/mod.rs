//! Single sign-on: the provider that an organisation trusts to say who its people are. How it is asked is `infra`'s business.

pub mod configure;
pub mod enable;
pub mod provider;
pub mod repo;

pub use configure::{Configure, configure};
pub use enable::{Enable, enable};
pub use provider::{
    ClientSecret, InvalidIssuer, InvalidShortName, Issuer, Provider, ProviderError, ProviderEvent, ShortName,
    Words,
};
pub use repo::{ProviderReads, ProviderWrites};
