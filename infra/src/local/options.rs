//! What a caller may choose about the local servers.
//! Where things go on the disk follows from it in `place`; nothing here touches the machine.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::binaries::Search;

/// How to run the local servers. Durable unless the caller says otherwise.
#[derive(Debug, Clone)]
pub struct LocalOptions {
    pub(super) home: Home,
    pub(super) durable: bool,
    pub(super) redis: bool,
    pub(super) settings: Vec<(String, String)>,
    pub(super) search: Search,
}

/// Who the servers live for.
#[derive(Debug, Clone)]
pub(super) enum Home {
    /// One launcher at a time; the data stays.
    Kept(PathBuf),
    /// Every process that gives the same name shares them; the last one out removes everything.
    Shared { name: String, linger: Duration },
}

impl LocalOptions {
    /// Servers whose data stays in `state_dir` from one start to the next.
    pub fn kept_in(state_dir: impl AsRef<Path>) -> Self {
        Self::with_home(Home::Kept(state_dir.as_ref().to_path_buf()))
    }

    /// Servers for one test: a fresh directory, removed on stop, and also when this process dies.
    pub fn ephemeral() -> Self {
        Self::with_home(Home::Shared { name: super::place::unique_name(), linger: Duration::ZERO })
    }

    /// Servers for one test run of many processes (nextest starts one for each test). The first process that
    /// gives this name starts them, the others join, and they are gone a few seconds after the last has ended.
    pub fn shared(name: &str) -> Self {
        Self::with_home(Home::Shared { name: name.to_owned(), linger: Duration::from_secs(5) })
    }

    fn with_home(home: Home) -> Self {
        Self { home, durable: true, redis: true, settings: Vec::new(), search: Search::of_this_machine() }
    }

    /// Gives up durability for speed: no fsync, no synchronous commit. For tests only.
    #[must_use]
    pub fn without_durability(self) -> Self {
        Self { durable: false, ..self }
    }

    #[must_use]
    pub fn without_redis(self) -> Self {
        Self { redis: false, ..self }
    }

    /// One more `name = value` for `postgres -c`.
    #[must_use]
    pub fn with_setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    #[cfg(test)]
    pub(super) fn searching(self, search: Search) -> Self {
        Self { search, ..self }
    }
}
