//! The system from outside: what the tests stand on. One PostgreSQL and one Redis for a test run, one database a test,
//! a clock that stands still until it is moved, and people with names from the domain.

pub mod browser;
pub mod clock;
pub mod database;
pub mod footprint;
pub mod gql;
pub mod hostile_provider;
pub mod locks;
pub mod mailbox;
pub mod own_redis;
pub mod process;
pub mod provider;
pub mod served;
pub mod wire;
pub mod world;
