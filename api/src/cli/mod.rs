//! The command line: noun and verb, help with examples first, exit codes that scripts can rely on.

pub mod command;
pub mod demo;
pub mod exit;
pub mod footing;
pub mod import;
pub mod keygen;
pub mod migrate;
pub mod network;
mod passwords;
pub mod run;
pub mod serve;
pub mod start;
pub mod status;
mod watch_keys;

pub use command::Cli;
pub use exit::{Exit, Failure};
