//! Bring the database to this version, as its owner. A newer schema is refused, never guessed at.

use diesel::Connection;
use diesel::migration::Migration;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::lanes::PgConn;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations");

#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    #[error("the database cannot be reached: is it running, and is TRELLIS_OWNER_DATABASE_URL right?")]
    Unreachable(#[source] diesel::ConnectionError),
    #[error(
        "the schema is newer than this program ({version}): run the program that made it, or a newer one"
    )]
    Newer { version: String },
    #[error("the schema is older than this program: run `trellis migrate` as the database's owner")]
    Older,
    #[error("a migration failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Runs what is missing. Blocks: call it on a thread of its own.
pub fn migrate(owner_url: &str) -> Result<usize, MigrationError> {
    let mut connection = PgConn::establish(owner_url).map_err(MigrationError::Unreachable)?;
    refuse_newer(&mut connection)?;
    let ran = connection.run_pending_migrations(MIGRATIONS).map_err(MigrationError::Failed)?;
    Ok(ran.len())
}

fn refuse_newer(connection: &mut PgConn) -> Result<(), MigrationError> {
    let applied = connection.applied_migrations().map_err(MigrationError::Failed)?;
    let known = known_versions()?;
    match applied.iter().map(ToString::to_string).find(|version| !known.contains(version)) {
        Some(version) => Err(MigrationError::Newer { version }),
        None => Ok(()),
    }
}

/// The versions that this program carries, oldest first.
pub fn known_versions() -> Result<Vec<String>, MigrationError> {
    use diesel::migration::MigrationSource;
    let all: Vec<Box<dyn Migration<diesel::pg::Pg>>> =
        MIGRATIONS.migrations().map_err(MigrationError::Failed)?;
    Ok(all.iter().map(|migration| migration.name().version().to_string()).collect())
}
