//! How an identity provider is asked who somebody is: OpenID Connect, authorization code with PKCE. It owns what goes to the
//! provider and every check of what comes back; it refuses to know logins, memberships or what anybody may do.

mod ceremony;
mod discovery;
mod error;
mod http;
mod outside;
mod proof;
mod single_sign_on;

pub use ceremony::{Ceremony, CeremonySecrets};
pub use discovery::Found;
pub use error::SsoError;
pub use proof::Proven;
pub use single_sign_on::{Connection, SingleSignOn};
