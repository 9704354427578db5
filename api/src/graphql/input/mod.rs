//! What clients send, and how it becomes commands of the domain. Every bad field is reported at once; no value that
//! somebody typed is ever repeated in an answer.

pub mod access_request;
pub mod access_review;
pub mod application;
pub mod check;
pub mod command;
pub mod contact;
pub mod custody;
pub mod decision;
pub mod directory;
pub mod emergency;
pub mod offer;
pub mod organisation;
pub mod person;
pub mod plan;
pub mod reassign;
pub mod refer;
pub mod referral;
pub mod sameness;
pub mod security;
pub mod session;
pub mod settings;
pub mod sso;
pub mod staff;

pub use check::Check;
pub use command::Command;
