//! How Trellis is kept: PostgreSQL, Redis, sealing, tokens, mail, local servers, the worker.
//! Business rules are not here; they are in `domain`.

pub mod auth;
pub mod directory_import;
pub mod local;
pub mod mail;
pub mod pg;
pub mod picture;
pub mod redis;
pub mod seal;
pub mod sso;
pub mod system;
pub mod worker;
