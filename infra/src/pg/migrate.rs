//! Bring the database to this version, as its owner. A newer schema is refused, never guessed at.

use diesel::Connection;
use diesel::migration::Migration;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::lanes::PgConn;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations");

#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    #[error("the database cannot be reached: is it running, and is its address in the configuration right?")]
    Unreachable(#[source] diesel::ConnectionError),
    #[error(
        "the schema is newer than this program ({version}): run the program that made it, or a newer one"
    )]
    Newer { version: String },
    #[error("the schema is older than this program: run `trellis migrate` as the database's owner")]
    Older,
    #[error("the schema's version cannot be read: may this role select from __diesel_schema_migrations?")]
    Unreadable(#[source] diesel::result::Error),
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

/// Makes a database if there is none of that name. `name` is one of ours, never somebody's input. Blocks.
pub fn create_database(maintenance_url: &str, name: &'static str) -> Result<(), MigrationError> {
    use diesel::connection::SimpleConnection;
    use diesel::result::Error;
    let mut connection = PgConn::establish(maintenance_url).map_err(MigrationError::Unreachable)?;
    match connection.batch_execute(&format!("CREATE DATABASE {name}")) {
        Err(Error::DatabaseError(_, info)) if info.message().contains("already exists") => Ok(()),
        made => made.map_err(|error| MigrationError::Failed(Box::new(error))),
    }
}

/// Is the schema the one this program was built for? Asked as the platform's role. Blocks.
pub fn check_schema(platform_url: &str) -> Result<(), MigrationError> {
    let applied = applied_versions(platform_url)?.ok_or(MigrationError::Older)?;
    let known = known_versions()?;
    if let Some(version) = applied.iter().find(|version| !known.contains(version)) {
        return Err(MigrationError::Newer { version: version.clone() });
    }
    if known.iter().all(|version| applied.contains(version)) { Ok(()) } else { Err(MigrationError::Older) }
}

/// Those that ran, oldest first; none where nothing ever did. Asked as the platform's role. Blocks.
pub fn applied_versions(platform_url: &str) -> Result<Option<Vec<String>>, MigrationError> {
    use diesel::dsl::sql;
    use diesel::prelude::*;
    use diesel::sql_types::Bool;
    diesel::table! {
        __diesel_schema_migrations (version) { version -> Text, }
    }
    let mut connection = PgConn::establish(platform_url).map_err(MigrationError::Unreachable)?;
    let migrated = sql::<Bool>("to_regclass('__diesel_schema_migrations') IS NOT NULL");
    if !diesel::select(migrated).get_result::<bool>(&mut connection).map_err(MigrationError::Unreadable)? {
        return Ok(None);
    }
    let applied: Vec<String> = __diesel_schema_migrations::table
        .select(__diesel_schema_migrations::version)
        .order(__diesel_schema_migrations::version)
        .load(&mut connection)
        .map_err(MigrationError::Unreadable)?;
    Ok(Some(applied))
}

/// The versions that this program carries, oldest first.
pub fn known_versions() -> Result<Vec<String>, MigrationError> {
    use diesel::migration::MigrationSource;
    let all: Vec<Box<dyn Migration<diesel::pg::Pg>>> =
        MIGRATIONS.migrations().map_err(MigrationError::Failed)?;
    Ok(all.iter().map(|migration| migration.name().version().to_string()).collect())
}
