//! How each error of the domain is answered: as a refusal that a screen can handle, or as a fault. There is no
//! catch-all, so a new error does not compile until somebody has decided.

mod access_request;
mod access_review;
mod application;
mod consent;
mod contact;
mod credentials;
mod custody;
mod directory;
mod emergency;
mod judge;
mod link;
mod people;
mod person;
mod plan;
mod referral;
mod sameness;
mod session;
mod settings;
mod sso;

pub use judge::Verdict;
