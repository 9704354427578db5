//! What stands above the tenants: networks, logins, sessions, the lookup of links and the outbox's queue.
//! A database role of its own, which knows no person and reads no referral.

mod accounts;
mod demo;
mod guessing;
mod links;
mod membership;
mod outbox;
mod refresh;
mod session;
mod settings;
mod sign_in;
mod sso;
mod sso_connect;
mod store;
mod switch;
mod upkeep;

pub use links::{LinkError, LinkFacts};
pub use membership::ViewerMembership;
pub(crate) use outbox::SERVER_AWAY;
pub use outbox::{Claimed, Settled};
pub use session::{SessionEnd, SessionError, SessionKind, SignedIn, claims_of, session_for_token};
pub use sign_in::{Credentials, SignInError};
pub use sso::{Begun, Door, Entered, Returned};
pub use sso_connect::{ConnectError, ConnectedIdentity, Waiting};
pub use store::{Guards, PlatformStore};
