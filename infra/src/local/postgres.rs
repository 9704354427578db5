//! One private PostgreSQL cluster: made once, started as a direct child in its own process group (so that
//! Ctrl-C reaches us first), taken over when a launcher that died has left it running, and stopped fast.
//! Trust authentication is safe only because nothing listens but a socket in a directory with mode 0700.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::binaries::PgPrograms;
use super::error::LocalError;
use super::options::LocalOptions;
use super::place::socket_dir;
use super::postmaster::{Found, Postmaster, look, runs_on};
use super::process::{has_ended, open_log, said_since, signal, telling_line, wait_until};
use super::runner::Runner;

/// The cluster's superuser. Migrations run as this role; the application's role is theirs to make.
const OWNER: &str = "trellis_owner";
const PORT: u16 = 5432;
/// Recovery after a crash may replay much log; a start without one takes a tenth of a second.
const START_LIMIT: Duration = Duration::from_mins(3);
/// After `kill -9` of the postmaster its children hold the shared memory until they notice.
const MEMORY_LIMIT: Duration = Duration::from_secs(30);
const STOP_LIMIT: Duration = Duration::from_mins(1);

/// Always on: reachable from nowhere but the socket, the same in every time zone, and no row's values or
/// statement's text in the log.
const SETTINGS: [&str; 9] = [
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "log_timezone=UTC",
    "logging_collector=off",
    "log_checkpoints=off",
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
    "log_parameter_max_length=0",
];
const NOT_DURABLE: [&str; 3] = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

/// Where a local cluster listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PgSocket {
    dir: PathBuf,
    port: u16,
}

impl PgSocket {
    /// The directory of the socket; what libpq and tokio-postgres call `host`.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn owner(&self) -> &'static str {
        OWNER
    }

    /// A connection string (`host='…' port=… user=… dbname=…`) as tokio-postgres, psql and pgbench take it.
    pub fn dsn(&self, user: &str, database: &str) -> String {
        let quoted = |value: &str| format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"));
        let host = quoted(&self.dir.to_string_lossy());
        format!("host={host} port={} user={} dbname={}", self.port, quoted(user), quoted(database))
    }
}

/// A running cluster. Without a child it was started by a launcher that is no more.
#[derive(Debug)]
pub(super) struct PgServer {
    pub(super) socket: PgSocket,
    data: PathBuf,
    pid: u32,
    child: Option<Child>,
}

/// What is known before the server runs.
struct Cluster<'a> {
    root: PathBuf,
    home: PathBuf,
    data: PathBuf,
    log: PathBuf,
    runner: Runner,
    programs: PgPrograms,
    options: &'a LocalOptions,
}

impl PgServer {
    /// Makes the cluster if there is none, then starts it or takes over the one that runs.
    pub(super) fn start(root: &Path, options: &LocalOptions, say: &dyn Fn(&str)) -> Result<Self, LocalError> {
        let begun = Instant::now();
        let cluster = Cluster::prepare(root, options, say)?;
        let (server, verb) = match cluster.take_over(say)? {
            Some(running) => (running, "was still running and is taken over"),
            None => (cluster.start(say)?, "is ready"),
        };
        let seconds = begun.elapsed().as_secs_f32();
        say(&format!("PostgreSQL {} {verb} ({seconds:.1} s)", cluster.programs.major));
        Ok(server)
    }

    /// The cluster under `root` if one is running and ready.
    pub(super) fn running(root: &Path) -> Option<Self> {
        let data = root.join("pg/data");
        match look(&data) {
            Found::Running(found) if found.ready => Some(Self::adopted(found, data)),
            _ => None,
        }
    }

    /// Where the socket of the cluster under `root` goes.
    pub(super) fn socket_dir(root: &Path) -> Result<PathBuf, LocalError> {
        let home = root.join("pg");
        socket_dir(&home.join("run"), &format!(".s.PGSQL.{PORT}"), Runner::choose("postgres", &home)?)
    }

    /// A fast stop: open transactions are rolled back, everything committed is on the disk.
    pub(super) fn stop(&mut self) -> Result<(), LocalError> {
        for (name, limit) in [("INT", STOP_LIMIT), ("QUIT", Duration::from_secs(10))] {
            signal(self.pid, name).map_err(LocalError::io("signal the server of", &self.data))?;
            if wait_until(limit, || self.has_ended()) {
                return Ok(());
            }
        }
        Err(LocalError::StillRunning { server: "PostgreSQL", pid: self.pid })
    }

    pub(super) fn has_ended(&mut self) -> bool {
        match &mut self.child {
            Some(child) => has_ended(child),
            None => !runs_on(self.pid, &self.data),
        }
    }

    #[cfg(test)]
    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    fn adopted(found: Postmaster, data: PathBuf) -> Self {
        let socket = PgSocket { dir: found.socket_dir, port: found.port };
        Self { socket, data, pid: found.pid, child: None }
    }
}

impl<'a> Cluster<'a> {
    fn prepare(root: &Path, options: &'a LocalOptions, say: &dyn Fn(&str)) -> Result<Self, LocalError> {
        let home = root.join("pg");
        let runner = Runner::choose("postgres", &home)?;
        runner.private_dir(&home)?;
        let data = home.join("data");
        let made_by =
            fs::read_to_string(data.join("PG_VERSION")).ok().and_then(|text| text.trim().parse().ok());
        let programs = options.search.postgres(runner, made_by);
        let programs = match (programs, made_by) {
            (Err(LocalError::PostgresNotFound), Some(made_by)) => {
                return Err(LocalError::DataVersion { data, made_by });
            }
            (Ok(programs), Some(made_by)) if programs.major != made_by => {
                return Err(LocalError::DataVersion { data, made_by });
            }
            (programs, _) => programs?,
        };
        let cluster = Self {
            root: root.to_path_buf(),
            log: home.join("postgres.log"),
            home,
            data,
            runner,
            programs,
            options,
        };
        if made_by.is_none() {
            cluster.initialise(say)?;
        }
        Ok(cluster)
    }

    /// `initdb` beside the final place and a rename, so that a half-made cluster is never mistaken for one.
    fn initialise(&self, say: &dyn Fn(&str)) -> Result<(), LocalError> {
        say(&format!("creating a private PostgreSQL {} cluster (once, a few seconds)", self.programs.major));
        let fresh = self.home.join("data.new");
        for leftover in [&fresh, &self.data] {
            if leftover.exists() {
                fs::remove_dir_all(leftover).map_err(LocalError::io("remove", leftover))?;
            }
        }
        let mut initdb = self.command("initdb");
        // --no-sync spares a second; what a power cut could hurt at this moment is an empty cluster
        initdb.args(["--no-sync", "--locale=C", "-E", "UTF8", "-A", "trust", "-U", OWNER, "-D"]).arg(&fresh);
        let said = initdb.output().map_err(LocalError::io("run initdb in", &self.home))?;
        if !said.status.success() {
            let last_line = telling_line(&String::from_utf8_lossy(&said.stderr));
            return Err(LocalError::Initdb { dir: self.home.clone(), last_line });
        }
        fs::rename(&fresh, &self.data).map_err(LocalError::io("rename to", &self.data))
    }

    /// The postmaster that a dead launcher left behind, once it is ready; `None` if there is none to wait for.
    fn take_over(&self, say: &dyn Fn(&str)) -> Result<Option<PgServer>, LocalError> {
        let mut told = false;
        let mut found = look(&self.data);
        wait_until(START_LIMIT, || {
            found = look(&self.data);
            let settled = match &found {
                Found::Nobody | Found::Misleading => true,
                Found::Beginning(_) => false,
                Found::Running(postmaster) => postmaster.ready,
            };
            if !settled && !told {
                say("waiting for the PostgreSQL that an earlier start has left");
                told = true;
            }
            settled
        });
        match found {
            Found::Nobody => Ok(None),
            Found::Misleading => {
                let file = self.data.join("postmaster.pid");
                fs::remove_file(&file).map_err(LocalError::io("remove", &file))?;
                Ok(None)
            }
            Found::Running(postmaster) if postmaster.ready => {
                Ok(Some(PgServer::adopted(postmaster, self.data.clone())))
            }
            Found::Running(Postmaster { pid, .. }) | Found::Beginning(pid) => {
                Err(LocalError::StillRunning { server: "PostgreSQL", pid })
            }
        }
    }

    fn start(&self, say: &dyn Fn(&str)) -> Result<PgServer, LocalError> {
        let dir = PgServer::socket_dir(&self.root)?;
        self.runner.private_dir(&dir)?;
        // no postmaster lives on this data (`take_over` looked), so a lock beside its socket is a dead one's too
        let _there_was_none = fs::remove_file(dir.join(format!(".s.PGSQL.{PORT}.lock")));
        let socket = PgSocket { dir, port: PORT };
        let begun = Instant::now();
        loop {
            let (log, before) = open_log(&self.log).map_err(LocalError::io("open", &self.log))?;
            let mut child = self.spawn(&socket, log)?;
            let ended = self.wait_ready(&mut child, say);
            if !ended {
                return Ok(PgServer { socket, data: self.data.clone(), pid: child.id(), child: Some(child) });
            }
            let said = said_since(&self.log, before);
            if !said.contains("is still in use") || begun.elapsed() > MEMORY_LIMIT {
                return Err(LocalError::PostgresStart {
                    log: self.log.clone(),
                    last_line: telling_line(&said),
                });
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Answers whether the server ended instead of becoming ready. A very long recovery counts as ended.
    fn wait_ready(&self, child: &mut Child, say: &dyn Fn(&str)) -> bool {
        let begun = Instant::now();
        let mut told = false;
        let mut ended = false;
        let settled = wait_until(START_LIMIT, || {
            if !told && begun.elapsed() > Duration::from_secs(1) {
                say("PostgreSQL is getting ready (after a crash it first replays its log)");
                told = true;
            }
            ended = has_ended(child);
            ended
                || matches!(look(&self.data), Found::Running(found) if found.ready && found.pid == child.id())
        });
        if !settled {
            let _stopped = signal(child.id(), "QUIT").and_then(|()| child.wait());
        }
        ended || !settled
    }

    fn spawn(&self, socket: &PgSocket, log: fs::File) -> Result<Child, LocalError> {
        let mut postgres = self.command("postgres");
        postgres.arg("-D").arg(&self.data).args(["-p", &socket.port.to_string()]);
        // the setting is a list: quotes keep a comma in the path from splitting it
        let dir = socket.dir.to_string_lossy().replace('"', "\"\"");
        let mut settings = vec![format!("unix_socket_directories=\"{dir}\"")];
        settings.extend(SETTINGS.map(str::to_owned));
        if !self.options.durable {
            settings.extend(NOT_DURABLE.map(str::to_owned));
        }
        settings.extend(self.options.settings.iter().map(|(name, value)| format!("{name}={value}")));
        for setting in settings {
            postgres.arg("-c").arg(setting);
        }
        let errors = log.try_clone().map_err(LocalError::io("open", &self.log))?;
        postgres.stdout(Stdio::from(log)).stderr(Stdio::from(errors)).process_group(0);
        postgres.spawn().map_err(LocalError::io("run postgres in", &self.home))
    }

    /// One of PostgreSQL's programs, deaf to the caller's own `PG…` variables and language.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.dir.join(program));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C").env("TZ", "UTC").current_dir(&self.home).stdin(Stdio::null());
        self.runner.apply(&mut command);
        command
    }
}
