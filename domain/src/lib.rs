//! What is true in Trellis: words, rules, lifecycles, policy and the ports to what keeps them.
//! No IO and no `async` in this crate.

pub mod access_request;
pub mod access_review;
pub mod application;
pub mod audit;
pub mod consent;
pub mod contact;
pub mod custody;
pub mod directory;
pub mod emergency;
pub mod identity;
pub mod kernel;
pub mod message;
pub mod person;
pub mod plan;
pub mod policy;
pub mod referral;
pub mod sameness;
pub mod sso;
pub mod tenancy;
