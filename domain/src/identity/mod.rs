//! Users, their memberships, invitations and what is known of a sign-in. Secrets and tokens are `infra`'s business.

pub mod accept_invitation;
pub mod add_member;
pub mod ask_again;
pub mod change_roles;
mod colleague;
pub mod end_member_sessions;
pub mod end_membership;
pub mod factor;
pub mod invitation;
pub mod invite;
pub mod membership;
pub mod repo;
pub mod resend_invitation;
pub mod start_factor_reset;
pub mod withdraw_invitation;

pub use add_member::{add_member, fitting};
pub use factor::{FRESH_PROOF, Factor, Factors, ProofTooOld};
pub use invitation::{Invitation, InvitationError, InvitationEvent, InvitationFact, InvitationStage};
pub use membership::{Held, IdentityEvent, Membership, MembershipError, User};
pub use repo::{IdentityWrites, InvitationWrites, RoleHolders};
pub use start_factor_reset::{FactorResetEvent, ResetTimes};
