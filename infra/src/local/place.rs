//! Where the servers' directories and sockets go: beside the state where that works, in a temporary directory
//! keyed by a hash of the path where it cannot (root's closed home, a path too long for a socket).

use std::fmt::Write;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest;

use super::error::LocalError;
use super::runner::{Runner, make_dir, my_uid};

/// What `sun_path` holds, less its closing zero byte.
const SOCKET_PATH_MAX: usize = if cfg!(target_os = "macos") { 103 } else { 107 };

/// Left in the state directory when the servers had to live elsewhere; `scripts/clean-demo` follows it.
const MOVED_NOTE: &str = "servers-moved-to";

/// The directory under which the servers of `state_dir` live; made if it is missing.
pub(super) fn servers_root(state_dir: &Path, say: &dyn Fn(&str)) -> Result<PathBuf, LocalError> {
    fs::create_dir_all(state_dir).map_err(LocalError::io("create the directory", state_dir))?;
    let state_dir = fs::canonicalize(state_dir).map_err(LocalError::io("look at", state_dir))?;
    let beside = state_dir.join("servers");
    let runner = Runner::choose("postgres", &beside.join("pg"))?;
    if runner.reaches(&state_dir) {
        make_dir(&beside, 0o711, None)?;
        return Ok(beside);
    }
    let elsewhere = lasting_temporary(runner).join(format!("trellis-{}-state", short_hash(&state_dir)));
    say(&format!(
        "`{}` lies in a directory that only root may enter: the database lives in `{}`",
        state_dir.display(),
        elsewhere.display()
    ));
    make_dir(&elsewhere, 0o711, None)?;
    let note = state_dir.join(MOVED_NOTE);
    fs::write(&note, format!("{}\n", elsewhere.display())).map_err(LocalError::io("write", &note))?;
    Ok(elsewhere)
}

/// The base of servers that several processes share under one name, and the file that starters queue at: one for
/// all names of a user, so that a thousand test runs leave one empty file and not a thousand.
pub(super) fn shared_base(name: &str) -> Result<(PathBuf, PathBuf), LocalError> {
    let temporary = temporary(Runner::choose("postgres", Path::new(""))?);
    let me = my_uid().unwrap_or_default();
    // two users of one machine may run the tests of the same clone
    let base = temporary.join(format!("trellis-test-{}", short_hash(Path::new(&format!("{name} {me}")))));
    Ok((base, temporary.join(format!("trellis-test-{me}.lock"))))
}

/// Where a socket called `file` goes: `preferred` if it fits there, else a short directory made from its name.
pub(super) fn socket_dir(preferred: &Path, file: &str, runner: Runner) -> Result<PathBuf, LocalError> {
    let fits = |dir: &Path| dir.join(file).as_os_str().len() <= SOCKET_PATH_MAX;
    if fits(preferred) {
        return Ok(preferred.to_path_buf());
    }
    let short = temporary(runner).join(format!("trellis-{}", short_hash(preferred)));
    if fits(&short) { Ok(short) } else { Err(LocalError::PathTooLong(short)) }
}

/// A name no other process and no other call has.
pub(super) fn unique_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("trellis-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// The temporary directory, unless it is one that only root may enter.
pub(super) fn temporary(runner: Runner) -> PathBuf {
    let usual = std::env::temp_dir();
    if runner.reaches(&usual) { usual } else { PathBuf::from("/tmp") }
}

/// Survives a restart of the machine where there is such a place.
fn lasting_temporary(runner: Runner) -> PathBuf {
    let lasting = PathBuf::from("/var/tmp");
    if std::env::var_os("TMPDIR").is_none() && lasting.is_dir() { lasting } else { temporary(runner) }
}

fn short_hash(path: &Path) -> String {
    let hash = digest::digest(&digest::SHA256, path.as_os_str().as_bytes());
    hash.as_ref().iter().take(6).fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_that_does_not_fit_beside_the_state_gets_a_short_directory() {
        let deep = std::env::temp_dir().join("d".repeat(110));
        let chosen = socket_dir(&deep, ".s.PGSQL.5432", Runner::Myself).unwrap();

        assert!(chosen.join(".s.PGSQL.5432").as_os_str().len() <= SOCKET_PATH_MAX);
        assert_eq!(
            chosen,
            socket_dir(&deep, ".s.PGSQL.5432", Runner::Myself).unwrap(),
            "the same every time"
        );
    }

    #[test]
    fn two_clones_do_not_share_a_name() {
        assert_ne!(short_hash(Path::new("/a/trellis")), short_hash(Path::new("/b/trellis")));
    }
}
