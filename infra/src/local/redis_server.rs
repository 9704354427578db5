//! One private Redis on a unix socket. It may be missing and it may fail: Trellis keeps nothing there that it
//! cannot lose, so every trouble here is a line of progress and not an error.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::error::LocalError;
use super::options::LocalOptions;
use super::place::socket_dir;
use super::process::{has_ended, open_log, signal, wait_until};
use super::runner::Runner;

const SOCKET: &str = "redis.sock";
const START_LIMIT: Duration = Duration::from_secs(10);
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// A running Redis. Without a child it was started by a launcher that is no more.
#[derive(Debug)]
pub(super) struct RedisServer {
    pub(super) socket: PathBuf,
    child: Option<Child>,
}

impl RedisServer {
    /// Starts Redis or takes over the one that runs; `None` when there is none to be had.
    pub(super) fn start(root: &Path, options: &LocalOptions, say: &dyn Fn(&str)) -> Option<Self> {
        match Self::try_start(root, options) {
            Ok(Some(server)) => Some(server),
            Ok(None) => {
                say("redis-server was not found: going on without it (`make setup` installs it)");
                None
            }
            Err(error) => {
                say(&format!("Redis did not start, going on without it: {error}"));
                None
            }
        }
    }

    /// The Redis under `root` if one answers.
    pub(super) fn running(root: &Path) -> Option<Self> {
        let socket = Self::socket_dir(root).ok()?.join(SOCKET);
        answers(&socket).then_some(Self { socket, child: None })
    }

    /// Where the socket of the Redis under `root` goes.
    pub(super) fn socket_dir(root: &Path) -> Result<PathBuf, LocalError> {
        let home = root.join("redis");
        socket_dir(&home, SOCKET, Runner::choose("redis", &home)?)
    }

    fn try_start(root: &Path, options: &LocalOptions) -> Result<Option<Self>, LocalError> {
        let home = root.join("redis");
        let runner = Runner::choose("redis", &home)?;
        let Some(program) = options.search.redis_server(runner) else { return Ok(None) };
        runner.private_dir(&home)?;
        let dir = Self::socket_dir(root)?;
        runner.private_dir(&dir)?;
        let socket = dir.join(SOCKET);
        if answers(&socket) {
            return Ok(Some(Self { socket, child: None }));
        }
        let mut child = spawn(&program, &home, &socket, runner)?;
        let ready = wait_until(START_LIMIT, || has_ended(&mut child) || answers(&socket));
        if !ready || has_ended(&mut child) {
            let _gone = signal(child.id(), "KILL").and_then(|()| child.wait());
            let log = home.join("redis.log");
            return Err(LocalError::io("start redis-server; read", &log)(std::io::Error::other("it ended")));
        }
        Ok(Some(Self { socket, child: Some(child) }))
    }

    pub(super) fn stop(&mut self) -> Result<(), LocalError> {
        // by its own word and not by a number in a file: on this socket it can only be ours
        let _already_gone = ask(&self.socket, b"SHUTDOWN NOSAVE\r\n");
        if wait_until(STOP_LIMIT, || self.has_ended()) {
            return Ok(());
        }
        let pid = self.child.as_ref().map_or(0, Child::id);
        Err(LocalError::StillRunning { server: "Redis", pid })
    }

    pub(super) fn has_ended(&mut self) -> bool {
        match &mut self.child {
            Some(child) => has_ended(child),
            None => UnixStream::connect(&self.socket).is_err(),
        }
    }
}

fn spawn(program: &Path, home: &Path, socket: &Path, runner: Runner) -> Result<Child, LocalError> {
    let log = home.join("redis.log");
    let (file, _) = open_log(&log).map_err(LocalError::io("open", &log))?;
    let errors = file.try_clone().map_err(LocalError::io("open", &log))?;
    let mut redis = Command::new(program);
    redis.args(["--port", "0", "--unixsocketperm", "700", "--save", "", "--appendonly", "no"]);
    redis.arg("--unixsocket").arg(socket).arg("--dir").arg(home).arg("--pidfile").arg(home.join("redis.pid"));
    redis.current_dir(home).stdin(Stdio::null()).stdout(Stdio::from(file)).stderr(Stdio::from(errors));
    redis.process_group(0);
    runner.apply(&mut redis);
    redis.spawn().map_err(LocalError::io("run redis-server in", home))
}

fn answers(socket: &Path) -> bool {
    ask(socket, b"PING\r\n").is_ok_and(|answer| answer.starts_with(b"+PONG"))
}

fn ask(socket: &Path, words: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    stream.write_all(words)?;
    let mut answer = [0; 7];
    let length = stream.read(&mut answer)?;
    Ok(answer.into_iter().take(length).collect())
}
