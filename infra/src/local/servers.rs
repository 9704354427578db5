//! The pair of local servers as callers see it: start, where they listen, stop.
//! Order matters and lives here: the lock before the start, Redis before PostgreSQL on the way down.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::LocalError;
use super::lock::LauncherLock;
use super::options::{Home, LocalOptions};
use super::place::{servers_root, shared_base};
use super::postgres::{PgServer, PgSocket};
use super::process::wait_until;
use super::redis_server::RedisServer;
use super::runner::{check_ours, make_dir};
use super::watchdog::Watchdog;

/// Running local servers. Stop them with [`LocalServers::stop`]; dropping them stops them too, in silence.
#[derive(Debug)]
pub struct LocalServers {
    postgres: PgServer,
    redis: Option<RedisServer>,
    hold: Option<Hold>,
}

/// What ends with us.
#[derive(Debug)]
enum Hold {
    Kept { _lock: LauncherLock },
    Shared(Watchdog),
}

impl LocalServers {
    /// Starts the servers, or takes over those that a crashed launcher has left; `progress` gets a line for
    /// everything that takes a while.
    pub fn start(options: &LocalOptions, progress: &dyn Fn(&str)) -> Result<Self, LocalError> {
        match &options.home {
            Home::Kept(state_dir) => Self::start_kept(state_dir, options, progress),
            Home::Shared { name, linger } => Self::start_shared(name, *linger, options, progress),
        }
    }

    /// The servers that another process runs in `state_dir`, as they are: nothing is started, and nothing is
    /// stopped when the answer is dropped.
    pub fn running_in(state_dir: &Path) -> Result<Option<Self>, LocalError> {
        let root = servers_root(state_dir, &|_| ())?;
        Ok(PgServer::running(&root).map(|postgres| Self {
            postgres,
            redis: RedisServer::running(&root),
            hold: None,
        }))
    }

    pub fn postgres(&self) -> &PgSocket {
        &self.postgres.socket
    }

    pub fn redis_socket(&self) -> Option<&Path> {
        self.redis.as_ref().map(|server| server.socket.as_path())
    }

    /// Stops what this launcher holds and waits for it. Shared servers go when their last user has gone.
    pub fn stop(mut self) -> Result<(), LocalError> {
        self.end()
    }

    fn start_kept(state_dir: &Path, options: &LocalOptions, say: &dyn Fn(&str)) -> Result<Self, LocalError> {
        let root = servers_root(state_dir, say)?;
        let lock = LauncherLock::take(state_dir)?;
        let postgres = PgServer::start(&root, options, say)?;
        // held from here on: whatever fails next, the drop stops the database
        let mut servers = Self { postgres, redis: None, hold: Some(Hold::Kept { _lock: lock }) };
        servers.start_redis(&root, options, say);
        Ok(servers)
    }

    fn start_shared(
        name: &str,
        linger: Duration,
        options: &LocalOptions,
        say: &dyn Fn(&str),
    ) -> Result<Self, LocalError> {
        let (base, queue) = shared_base(name)?;
        let turn = LauncherLock::wait_for(&queue)?;
        let watchdog = loop {
            make_base(&base)?;
            if let Some(joined) = Watchdog::join(&base, linger)? {
                break joined;
            }
        };
        let postgres = PgServer::start(&base, options, say)?;
        let mut servers = Self { postgres, redis: None, hold: Some(Hold::Shared(watchdog)) };
        servers.start_redis(&base, options, say);
        drop(turn);
        Ok(servers)
    }

    fn start_redis(&mut self, root: &Path, options: &LocalOptions, say: &dyn Fn(&str)) {
        if options.redis {
            self.redis = RedisServer::start(root, options, say);
        }
    }

    fn end(&mut self) -> Result<(), LocalError> {
        match self.hold.take() {
            None => Ok(()),
            Some(Hold::Shared(watchdog)) => {
                watchdog.leave()?;
                // collected if they were our children and have gone; another user may still need them
                self.postgres.has_ended();
                self.redis.as_mut().map(RedisServer::has_ended);
                Ok(())
            }
            Some(Hold::Kept { _lock }) => {
                let redis = self.redis.take().map_or(Ok(()), |mut server| server.stop());
                self.postgres.stop().and(redis)
            }
        }
    }
}

impl Drop for LocalServers {
    fn drop(&mut self) {
        // the safety net of a caller that returned early; it has an error of its own to tell
        let _unheard = self.end();
    }
}

/// Stops what a crashed launcher has left in `state_dir` and removes the servers' data. Refused while another
/// launcher is at work there.
pub fn discard(state_dir: &Path) -> Result<(), LocalError> {
    let root = servers_root(state_dir, &|_| ())?;
    let _lock = LauncherLock::take(state_dir)?;
    if let Some(mut redis) = RedisServer::running(&root) {
        redis.stop()?;
    }
    if let Some(mut postgres) = PgServer::running(&root) {
        postgres.stop()?;
    }
    for dir in [PgServer::socket_dir(&root)?, RedisServer::socket_dir(&root)?, root] {
        if dir.exists() {
            fs::remove_dir_all(&dir).map_err(LocalError::io("remove", &dir))?;
        }
    }
    Ok(())
}

/// The base directory with its `users` inside, in one step: a base without `users` is one being torn down.
fn make_base(base: &Path) -> Result<(), LocalError> {
    let users = base.join("users");
    wait_until(Duration::from_mins(1), || !base.exists() || users.is_dir());
    if users.is_dir() {
        return check_ours(base, None);
    }
    if base.exists() {
        check_ours(base, None)?;
        // torn down half-way by a watchdog that was killed
        if let Some(mut postgres) = PgServer::running(base) {
            postgres.stop()?;
        }
        fs::remove_dir_all(base).map_err(LocalError::io("remove", base))?;
    }
    let fresh: PathBuf = base.with_extension("new");
    let _leftover = fs::remove_dir_all(&fresh);
    make_dir(&fresh, 0o711, None)?;
    make_dir(&fresh.join("users"), 0o700, None)?;
    fs::rename(&fresh, base).map_err(LocalError::io("rename to", base))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::super::binaries::Search;
    use super::super::place::unique_name;
    use super::super::process::{command_line, signal};
    use super::*;

    /// A state directory that goes with the test.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new() -> Self {
            let dir = std::env::temp_dir().join(unique_name());
            make_dir(&dir, 0o711, None).unwrap();
            Self(dir)
        }

        fn data(&self) -> PathBuf {
            servers_root(&self.0, &|_| ()).unwrap().join("pg/data")
        }

        /// Starts, and answers what was said on the way.
        fn start(&self) -> (LocalServers, String) {
            let said = RefCell::new(String::new());
            let options = LocalOptions::kept_in(&self.0);
            let servers = LocalServers::start(&options, &|line| said.borrow_mut().push_str(line)).unwrap();
            (servers, said.into_inner())
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _gone = discard(&self.0).map(|()| fs::remove_dir_all(&self.0));
        }
    }

    impl LocalServers {
        /// As if this launcher had died here: the lock is free, the servers run on.
        fn crash(mut self) -> u32 {
            self.hold = None;
            self.postgres.pid()
        }
    }

    fn ask(servers: &LocalServers, question: &str) -> String {
        let dsn = servers.postgres().dsn(servers.postgres().owner(), "postgres");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&dsn, tokio_postgres::NoTls).await.unwrap();
            let driver = tokio::spawn(connection);
            let row = client.query_one(question, &[]).await.unwrap();
            drop(client);
            driver.await.unwrap().unwrap();
            row.get(0)
        })
    }

    #[test]
    fn a_kept_cluster_is_made_once_and_nothing_runs_after_the_stop() {
        let scratch = Scratch::new();
        let (first, said) = scratch.start();
        assert!(said.contains("creating a private PostgreSQL"), "{said}");
        assert_eq!(ask(&first, "select current_setting('listen_addresses')"), "");
        assert_eq!(ask(&first, "select current_setting('fsync')"), "on");
        assert_eq!(ask(&first, "select current_user::text"), "trellis_owner");
        let (pid, redis) = (first.postgres.pid(), first.redis_socket().map(Path::to_path_buf));
        first.stop().unwrap();
        assert_eq!(command_line(pid), None);
        assert!(redis.is_none_or(|socket| std::os::unix::net::UnixStream::connect(socket).is_err()));

        let (second, said) = scratch.start();
        assert!(!said.contains("creating"), "{said}");
        second.stop().unwrap();
    }

    #[test]
    fn servers_that_a_crashed_launcher_left_are_taken_over_and_stopped() {
        let scratch = Scratch::new();
        let pid = scratch.start().0.crash();

        let (after, said) = scratch.start();
        assert!(said.contains("still running"), "{said}");
        assert_eq!(after.postgres.pid(), pid);
        assert_eq!(ask(&after, "select 'here'"), "here");
        after.stop().unwrap();
        assert_eq!(command_line(pid), None);
    }

    #[test]
    fn a_postmaster_killed_outright_is_followed_by_a_new_one() {
        let scratch = Scratch::new();
        let (first, _) = scratch.start();
        let killed = first.postgres.pid();
        signal(killed, "KILL").unwrap();
        first.crash();

        let (after, _) = scratch.start();
        assert_ne!(after.postgres.pid(), killed);
        assert_eq!(ask(&after, "select 'here'"), "here");
        after.stop().unwrap();
    }

    #[test]
    fn a_pid_file_that_names_a_living_stranger_does_not_stop_the_start() {
        let scratch = Scratch::new();
        scratch.start().0.stop().unwrap();
        let pid_file = scratch.data().join("postmaster.pid");
        fs::write(pid_file, format!("{}\n", std::process::id())).unwrap();

        scratch.start().0.stop().unwrap();
    }

    #[test]
    fn a_second_launcher_is_refused_and_may_look_at_what_runs() {
        let scratch = Scratch::new();
        let (first, _) = scratch.start();
        let second = LocalServers::start(&LocalOptions::kept_in(&scratch.0), &|_| ());
        assert!(matches!(second, Err(LocalError::InUse { .. })), "{second:?}");

        let seen = LocalServers::running_in(&scratch.0).unwrap().unwrap();
        assert_eq!(seen.postgres(), first.postgres());
        assert_eq!(seen.redis_socket(), first.redis_socket());
        drop(seen);
        assert_eq!(ask(&first, "select 'here'"), "here", "looking does not stop it");
        first.stop().unwrap();
        assert!(LocalServers::running_in(&scratch.0).unwrap().is_none());
    }

    #[test]
    fn a_state_directory_too_deep_for_a_socket_works_all_the_same() {
        let scratch = Scratch::new();
        let deep = scratch.0.join("very-deep".repeat(12));
        let servers = LocalServers::start(&LocalOptions::kept_in(&deep), &|_| ()).unwrap();
        assert!(!servers.postgres().dir().starts_with(&deep));
        assert_eq!(ask(&servers, "select 'here'"), "here");
        let short = servers.postgres().dir().to_path_buf();
        servers.stop().unwrap();
        discard(&deep).unwrap();
        assert!(!short.exists());
    }

    #[test]
    fn data_of_another_version_is_named_and_left_alone() {
        let scratch = Scratch::new();
        scratch.start().0.stop().unwrap();
        fs::write(scratch.data().join("PG_VERSION"), "99\n").unwrap();
        let refused = LocalServers::start(&LocalOptions::kept_in(&scratch.0), &|_| ());
        assert!(matches!(refused, Err(LocalError::DataVersion { made_by: 99, .. })), "{refused:?}");
    }

    #[test]
    fn redis_is_optional() {
        let said = RefCell::new(String::new());
        let search = Search { path: Vec::new(), ..Search::of_this_machine() };
        let options = LocalOptions::ephemeral().without_durability().searching(search);
        let servers = LocalServers::start(&options, &|line| said.borrow_mut().push_str(line)).unwrap();
        assert_eq!(servers.redis_socket(), None);
        assert!(said.borrow().contains("going on without it"), "{}", said.borrow());
        servers.stop().unwrap();
    }

    #[test]
    fn the_last_user_of_shared_servers_removes_them() {
        let name = unique_name();
        let options = LocalOptions {
            home: Home::Shared { name: name.clone(), linger: Duration::ZERO },
            ..LocalOptions::ephemeral().without_durability()
        };
        let one = LocalServers::start(&options, &|_| ()).unwrap();
        let other = LocalServers::start(&options, &|_| ()).unwrap();
        let pid = one.postgres.pid();
        assert_eq!(other.postgres.pid(), pid);

        one.stop().unwrap();
        assert_eq!(ask(&other, "select 'here'"), "here");
        other.stop().unwrap();
        assert!(!shared_base(&name).unwrap().0.exists());
        assert!(wait_until(Duration::from_secs(5), || command_line(pid).is_none()));
    }
}
