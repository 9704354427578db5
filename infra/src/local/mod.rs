//! The private PostgreSQL cluster and Redis server that a newcomer and the tests get without asking.
//!
//! Owns finding the programs, starting them on unix sockets under one directory, taking them over again
//! after a crash of ours, and stopping them in order. It refuses to own what is inside: roles, migrations
//! and data belong to `pg`. Production sets `DATABASE_URL` and `REDIS_URL` and never comes here.

mod binaries;
mod error;
mod lock;
mod npm_package;
mod options;
mod place;
mod postgres;
mod postmaster;
mod process;
mod redis_server;
mod runner;
mod servers;
mod watchdog;

pub use error::LocalError;
pub use options::LocalOptions;
pub use postgres::PgSocket;
pub use servers::{LocalServers, discard};
