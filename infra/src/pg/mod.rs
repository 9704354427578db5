//! How the domain is kept in PostgreSQL. The tenant is set for every transaction here and nowhere else;
//! no rule of the domain is decided here.

mod access_request;
pub mod connection;
pub mod consent;
pub mod contact;
pub mod delivery;
pub mod directory;
pub mod emergency;
pub mod error;
pub mod idempotency;
pub mod identity;
pub mod imported;
pub mod lanes;
pub mod link;
pub mod migrate;
pub mod open_tasks;
pub mod person;
pub mod platform;
pub mod probe;
pub mod provider;
pub mod read;
pub mod record;
pub mod referral;
pub mod referral_row;
pub mod schema;
pub mod store;
pub mod task;
pub mod tenancy;
pub mod time;
pub mod tx;

pub use lanes::Lanes;
pub use migrate::{MigrationError, check_schema, create_database, migrate};
pub use platform::{Guards, PlatformStore};
pub use probe::{Login, Place, ProbeError, password_of, probe};
pub use store::{PgStore, StoreOptions};
pub use tx::{PgTx, ReadOnly, ReadWrite};
