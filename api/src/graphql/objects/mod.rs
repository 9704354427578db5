//! What the schema shows of the domain's things. An object holds what was decided or read; what else it says is read
//! when it is first asked for, once.

pub mod access_request;
pub mod access_review;
pub mod application;
pub mod closing;
pub mod contact;
pub mod custody;
pub mod decision;
pub mod emergency;
pub mod look;
pub mod node;
pub mod offer;
pub mod organisation;
pub mod person;
pub mod plan;
pub mod referral;
pub mod rows;
pub mod sameness;
pub mod security;
pub mod service;
pub mod settings;
pub mod sso;
pub mod staff;
pub mod team;
pub mod viewer;
pub mod wanted;

pub use access_request::AccessRequestObject;
pub use access_review::{ReviewStandingObject, ReviewedAccessObject};
pub use contact::ContactObject;
pub use custody::{CustodyObject, CustodyOfferObject};
pub use decision::{DecisionObject, ReceiptLineObject};
pub use emergency::{EmergencyObject, HelperObject};
pub use node::Node;
pub use offer::OfferedRequestObject;
pub use organisation::{MemberObject, NetworkObject, OrganisationObject};
pub use person::PersonObject;
pub use plan::PlanObject;
pub use referral::ReferralObject;
pub use sameness::{PersonMatchObject, PossibleMatchObject};
pub use security::{AuthenticatorObject, PasskeyChallengeObject, SecurityObject, TicketObject};
pub use service::ServiceObject;
pub use sso::{ConnectedIdentityObject, FoundProvider, IdentityProviderObject};
pub use staff::{ChangedMember, InvitationObject, ManagedOrganisationObject, OpenedInvitation, StaffMember};
pub use viewer::ViewerObject;
