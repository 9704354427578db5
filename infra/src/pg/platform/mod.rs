//! What stands above the tenants: networks, logins, sessions, the lookup of links and the outbox's queue.
//! A database role of its own, which knows no person and reads no referral.

mod accounts;
mod guessing;
mod links;
mod membership;
mod refresh;
mod session;
mod sign_in;
mod store;
mod switch;

pub use links::{LinkError, LinkFacts};
pub use membership::ViewerMembership;
pub use session::{SessionEnd, SessionError, SessionKind, SignedIn, claims_of, session_for_token};
pub use sign_in::{Credentials, SignInError};
pub use store::{Guards, PlatformStore};
