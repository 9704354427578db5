//! Users, their memberships and what is known of a sign-in. Secrets and tokens are `infra`'s business.

pub mod add_member;
pub mod factor;
pub mod membership;
pub mod repo;

pub use add_member::add_member;
pub use factor::{FRESH_PROOF, Factor, Factors, ProofTooOld};
pub use membership::{IdentityEvent, Membership, MembershipError, User};
pub use repo::IdentityWrites;
