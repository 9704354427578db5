//! Users, their memberships and what is known of a sign-in. Secrets and tokens are `infra`'s business.

pub mod add_member;
pub mod membership;
pub mod repo;

pub use add_member::add_member;
pub use membership::{IdentityEvent, Membership, MembershipError, User};
pub use repo::IdentityWrites;
