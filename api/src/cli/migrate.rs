//! Bring the database to this version.

use trellis_infra::pg::{MigrationError, migrate};

use super::Failure;
use crate::config::Config;

pub fn run() -> Result<(), Failure> {
    let config = Config::read().map_err(Failure::not_ready)?;
    let url = config.owner_database_url.ok_or_else(|| {
        Failure::not_ready(
            "TRELLIS_OWNER_DATABASE_URL is not set: the database as the role that owns its tables",
        )
    })?;
    let ran = migrate(&url).map_err(|error| match error {
        MigrationError::Failed(_) => Failure::Failed(error.into()),
        other => Failure::not_ready(other),
    })?;
    eprintln!("{ran} migrations were run; the schema is at this version");
    Ok(())
}
