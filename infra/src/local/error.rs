//! What can go wrong on the way to a running local server, each with the next step in the same line.
//! Faults of a running server are not here: they reach the caller as connection errors.

use std::io;
use std::path::{Path, PathBuf};

/// Why the local servers could not be started or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocalError {
    #[error(
        "PostgreSQL 15 or newer was not found: run `make setup`, or set PG_BIN to the directory that holds `initdb` and `postgres`"
    )]
    PostgresNotFound,
    #[error("PG_BIN is `{0}`, which does not hold a usable `initdb` and `postgres`: correct it or unset it")]
    BadPgBin(PathBuf),
    #[error(
        "PostgreSQL {found} in `{dir}` is too old: run `make setup`, or set PG_BIN to version 15 or newer"
    )]
    PostgresTooOld { dir: PathBuf, found: u32 },
    #[error(
        "`{data}` was made by PostgreSQL {made_by}, which is not installed: install it, or start over with `make run ARGS=--fresh`"
    )]
    DataVersion { data: PathBuf, made_by: u32 },
    #[error(
        "PostgreSQL in `{0}` cannot be read by the account that runs it: install it with `make setup`, or move the clone out of root's home"
    )]
    BinariesOutOfReach(PathBuf),
    #[error(
        "another trellis (process {pid}) is using `{dir}`: stop it, or set TRELLIS_STATE_DIR to another directory"
    )]
    InUse { dir: PathBuf, pid: String },
    #[error(
        "`{0}` belongs to another user: remove it as that user, or set TRELLIS_STATE_DIR to a directory of your own"
    )]
    NotOurs(PathBuf),
    #[error(
        "no directory short enough for a unix socket was found (`{0}` is too long): set TMPDIR to a shorter path"
    )]
    PathTooLong(PathBuf),
    #[error(
        "PostgreSQL refuses to run as root and neither `postgres` nor `nobody` exists: create one of them, or run as an ordinary user"
    )]
    NoUnprivilegedAccount,
    #[error(
        "initdb failed (`{last_line}`): free some disk space or correct the permissions of `{dir}`, then try again"
    )]
    Initdb { dir: PathBuf, last_line: String },
    #[error(
        "PostgreSQL did not start (`{last_line}`): read `{log}`, or start over with `make run ARGS=--fresh`"
    )]
    PostgresStart { log: PathBuf, last_line: String },
    #[error("the {server} process {pid} did not stop: end it with `kill -QUIT {pid}`")]
    StillRunning { server: &'static str, pid: u32 },
    #[error("failed to {doing} `{path}` ({source}): check the permissions and the free space there")]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
}

impl LocalError {
    /// For `map_err`: names the deed and the place beside the system's own words.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { doing, path, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_postgresql_is_told_in_one_line_with_the_next_step() {
        let said = LocalError::PostgresNotFound.to_string();
        assert!(said.contains("run `make setup`") && said.contains("PG_BIN"), "{said}");
        assert!(!said.contains('\n'));
    }
}
