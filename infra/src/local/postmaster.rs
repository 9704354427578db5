//! Reads `postmaster.pid`, PostgreSQL's own note of who runs a data directory and how far it has come.
//! Believes it only when the process it names was really started on that directory.

use std::fs;
use std::path::{Path, PathBuf};

use super::process::{command_line, exists};

/// What the file said, checked against the living process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Postmaster {
    pub(super) pid: u32,
    pub(super) port: u16,
    pub(super) socket_dir: PathBuf,
    pub(super) ready: bool,
    pub(super) stopping: bool,
}

/// The state of a data directory.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// No file, or one that names a dead process: PostgreSQL sorts that out itself.
    Nobody,
    /// An empty file, or one that names a process which is somebody else's by now, or a
    /// zombie that nobody collects (containers without an init): PostgreSQL would refuse.
    Misleading,
    Running(Postmaster),
    /// A postmaster that has not written its whole file yet.
    Beginning(u32),
}

pub(super) fn look(data: &Path) -> Found {
    let Ok(text) = fs::read_to_string(data.join("postmaster.pid")) else { return Found::Nobody };
    let lines: Vec<&str> = text.lines().collect();
    let line = |number: usize| lines.get(number).map(|line| line.trim()).unwrap_or_default();
    let Ok(pid) = line(0).parse() else { return Found::Misleading };
    if !runs_on(pid, data) {
        return if exists(pid) { Found::Misleading } else { Found::Nobody };
    }
    match line(3).parse() {
        Ok(port) if !line(4).is_empty() => Found::Running(Postmaster {
            pid,
            port,
            socket_dir: PathBuf::from(line(4)),
            ready: line(7) == "ready",
            stopping: line(7) == "stopping",
        }),
        _ => Found::Beginning(pid),
    }
}

/// A number in a file may be anybody's by now; the words of the process are not.
pub(super) fn runs_on(pid: u32, data: &Path) -> bool {
    command_line(pid).is_some_and(|words| words.contains(&*data.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_names_an_unrelated_living_process_is_not_believed() {
        let data = std::env::temp_dir().join(super::super::place::unique_name());
        fs::create_dir_all(&data).unwrap();
        assert_eq!(look(&data), Found::Nobody);

        let me = std::process::id();
        fs::write(
            data.join("postmaster.pid"),
            format!("{me}\n{}\n0\n5432\n/tmp\n\n\nready\n", data.display()),
        )
        .unwrap();
        assert_eq!(look(&data), Found::Misleading);
        fs::remove_dir_all(data).unwrap();
    }
}
