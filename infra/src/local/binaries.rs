//! Finds `initdb` and `postgres`, and `redis-server`. The order is fixed: `PG_BIN`, Debian's versions from the
//! newest down, Homebrew and Postgres.app, PATH, then the npm package. Installing is `scripts/setup`'s.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::LocalError;
use super::npm_package;
use super::runner::Runner;

const OLDEST: u32 = 15;

/// Where to look; read from the machine once, so that a test can look elsewhere.
#[derive(Debug, Clone, Default)]
pub(super) struct Search {
    pub(super) pg_bin: Option<PathBuf>,
    /// Directories with one directory per version, and the start of its name.
    pub(super) versioned: Vec<(PathBuf, &'static str)>,
    pub(super) path: Vec<PathBuf>,
    /// Directories that may have `node_modules`.
    pub(super) npm: Vec<PathBuf>,
}

/// PostgreSQL's programs and which version they are.
#[derive(Debug, Clone)]
pub(super) struct PgPrograms {
    pub(super) dir: PathBuf,
    pub(super) major: u32,
}

impl Search {
    pub(super) fn of_this_machine() -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let usual = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map(PathBuf::from);
        let mut npm = Vec::new();
        for dir in std::env::current_dir().unwrap_or_default().ancestors() {
            npm.push(dir.join("var/tools"));
            npm.push(dir.to_path_buf());
        }
        Self {
            pg_bin: std::env::var_os("PG_BIN").filter(|set| !set.is_empty()).map(PathBuf::from),
            versioned: [
                ("/usr/lib/postgresql", ""),
                ("/opt/homebrew/opt", "postgresql"),
                ("/usr/local/opt", "postgresql"),
                ("/home/linuxbrew/.linuxbrew/opt", "postgresql"),
                ("/Applications/Postgres.app/Contents/Versions", ""),
            ]
            .map(|(dir, prefix)| (PathBuf::from(dir), prefix))
            .to_vec(),
            path: std::env::split_paths(&path).chain(usual).collect(),
            npm,
        }
    }

    /// The programs to use; `made_by` is the version that existing data insists on.
    pub(super) fn postgres(&self, runner: Runner, made_by: Option<u32>) -> Result<PgPrograms, LocalError> {
        if let Some(dir) = &self.pg_bin {
            return programs_in(dir).ok_or_else(|| LocalError::BadPgBin(dir.clone())).and_then(recent_enough);
        }
        let mut refused = LocalError::PostgresNotFound;
        for dir in self.candidates() {
            let Some(found) = programs_in(&dir) else { continue };
            if !runner.reaches(&found.dir) {
                refused = LocalError::BinariesOutOfReach(found.dir);
                continue;
            }
            match recent_enough(found) {
                Ok(found) if made_by.is_none_or(|major| major == found.major) => return Ok(found),
                Ok(_) => {}
                Err(too_old) => refused = too_old,
            }
        }
        Err(refused)
    }

    /// `redis-server`, if there is one that the runner may start.
    pub(super) fn redis_server(&self, runner: Runner) -> Option<PathBuf> {
        let mut programs = self.path.iter().map(|dir| dir.join("redis-server"));
        programs.find(|program| program.is_file() && runner.reaches(program))
    }

    fn candidates(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for (parent, prefix) in &self.versioned {
            found.extend(newest_first(parent, prefix).into_iter().map(|dir| dir.join("bin")));
        }
        found.extend(self.path.iter().cloned());
        found.extend(self.npm.iter().filter_map(|dir| npm_package::programs(&npm_package::package_in(dir))));
        found
    }
}

fn newest_first(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let name = entry.file_name();
            let version = name.to_str()?.strip_prefix(prefix)?.trim_start_matches('@');
            // Homebrew's plain `postgresql` is an old name: last among its kind
            Some((version.parse().unwrap_or(0), entry.path()))
        })
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, path)| path).collect()
}

fn programs_in(dir: &Path) -> Option<PgPrograms> {
    if !dir.join("initdb").is_file() {
        return None;
    }
    // through links to the real place: PostgreSQL looks for its own files beside the program
    let dir = fs::canonicalize(dir.join("postgres")).ok()?.parent()?.to_path_buf();
    let said = Command::new(dir.join("postgres")).arg("--version").output().ok()?;
    Some(PgPrograms { major: major_version(&String::from_utf8_lossy(&said.stdout))?, dir })
}

/// From `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` the 15.
fn major_version(said: &str) -> Option<u32> {
    let number = said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn recent_enough(found: PgPrograms) -> Result<PgPrograms, LocalError> {
    if found.major < OLDEST {
        return Err(LocalError::PostgresTooOld { dir: found.dir, found: found.major });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_postgresql_gets_the_message_that_says_what_to_do() {
        let refused = Search::default().postgres(Runner::Myself, None);
        assert!(matches!(refused, Err(LocalError::PostgresNotFound)), "{refused:?}");
    }

    #[test]
    fn a_wrong_pg_bin_is_named_and_not_passed_over() {
        let wrong = PathBuf::from("/nowhere/bin");
        let search = Search { pg_bin: Some(wrong.clone()), ..Search::of_this_machine() };
        assert!(
            matches!(search.postgres(Runner::Myself, None), Err(LocalError::BadPgBin(dir)) if dir == wrong)
        );
    }

    #[test]
    fn versions_are_read_from_every_vendors_words() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 19beta2"), Some(19));
        assert_eq!(major_version("command not found"), None);
    }

    #[test]
    fn the_newest_installed_version_comes_first() {
        let parent = std::env::temp_dir().join(super::super::place::unique_name());
        for version in ["9.6", "15", "18"] {
            fs::create_dir_all(parent.join(version)).unwrap();
        }
        let names: Vec<_> =
            newest_first(&parent, "").into_iter().map(|p| p.file_name().unwrap().to_owned()).collect();
        assert_eq!(names, ["18", "15", "9.6"]);
        fs::remove_dir_all(parent).unwrap();
    }
}
