//! HTTP: who asks, in which frame, and how the answer travels. Nothing is decided here.

pub mod arrival;
pub mod branding;
pub mod executor;
pub mod explorer;
pub mod graphql;
pub mod guard;
pub mod health;
pub mod keys;
pub mod mailbox;
pub mod operator;
pub mod problem;
pub mod server;
pub mod source;
mod sso;

pub use server::{Serving, serve};
