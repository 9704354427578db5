//! What stands above the tenants: networks, logins, sessions, the lookup of links and the outbox's queue.
//! A database role of its own, which knows no person and reads no referral.

mod accounts;
mod authenticator;
mod credentials;
mod demo;
mod factors;
mod guessing;
mod join;
mod limits;
mod links;
mod mailed;
mod membership;
mod outbox;
mod own_sessions;
mod passkey;
mod password;
mod prove;
mod refresh;
mod session;
mod settings;
mod sign_in;
mod sso;
mod sso_connect;
mod store;
mod switch;
mod ticket;
mod upkeep;

pub use authenticator::NewAuthenticator;
pub use credentials::{CredentialError, PasskeyCard, Security, SessionCard};
pub use factors::Visit;
pub use join::{InvitationFacts, JoinError};
pub use limits::SessionLimits;
pub use links::{LinkError, LinkFacts};
pub use mailed::LinkPurpose;
pub use membership::ViewerMembership;
pub(crate) use outbox::SERVER_AWAY;
pub use outbox::{Claimed, Settled};
pub use passkey::PasskeyChallenge;
pub use password::{NewPassword, Recovering};
pub use prove::Proving;
pub use session::{SessionEnd, SessionError, SessionKind, SignedIn, claims_of, session_for_token};
pub use sign_in::{Credentials, SignInError};
pub use sso::{Begun, Door, Entered, Returned};
pub use sso_connect::{ConnectError, ConnectedIdentity, Waiting};
pub use store::{Guards, PlatformStore};
pub use ticket::{SecondProof, Ticket, TicketError, Ways};
