//! Looking at and signalling processes without `unsafe`: `/proc`, `ps`, and the shell's own `kill`.
//! Which process deserves a signal is decided by the callers.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often a waiting loop looks again: short beside a 60 ms start, cheap beside a long recovery.
const PAUSE: Duration = Duration::from_millis(15);

const LOG_MAX: u64 = 5 * 1024 * 1024;

/// Sends a signal by name (`INT`, `QUIT`, `KILL`). A process that has gone already is no error.
pub(super) fn signal(pid: u32, name: &str) -> io::Result<()> {
    // the shell's builtin: `/bin/kill` is missing from slim Debian images
    Command::new("sh")
        .args(["-c", "kill -s \"$1\" \"$2\" 2>/dev/null", "sh", name, &pid.to_string()])
        .stdin(Stdio::null())
        .status()
        .map(|_| ())
}

/// The words a process was started with, or `None` when there is no such process (a zombie has none either).
pub(super) fn command_line(pid: u32) -> Option<String> {
    let words = if Path::new("/proc/self/cmdline").exists() {
        fs::read(format!("/proc/{pid}/cmdline")).ok()?
    } else {
        Command::new("ps").args(["-o", "command=", "-p", &pid.to_string()]).output().ok()?.stdout
    };
    let text = String::from_utf8_lossy(&words).replace('\0', " ");
    (!text.trim().is_empty()).then_some(text)
}

/// Whether the number is taken, if only by a zombie.
pub(super) fn exists(pid: u32) -> bool {
    let Ok(done) =
        Command::new("sh").args(["-c", "kill -s 0 \"$1\" 2>/dev/null", "sh", &pid.to_string()]).status()
    else {
        return false;
    };
    done.success() || Path::new(&format!("/proc/{pid}")).exists()
}

/// Looks until `done` says so or the time is up; answers whether it did.
pub(super) fn wait_until(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    loop {
        if done() {
            return true;
        }
        if start.elapsed() >= limit {
            return false;
        }
        thread::sleep(PAUSE);
    }
}

/// Whether a child of ours has ended; collects it, so that it does not stay behind as a zombie.
pub(super) fn has_ended(child: &mut Child) -> bool {
    !matches!(child.try_wait(), Ok(None))
}

/// A server's log, opened to be added to; started afresh once it has grown long.
pub(super) fn open_log(path: &Path) -> io::Result<(File, u64)> {
    let long = fs::metadata(path).is_ok_and(|found| found.len() > LOG_MAX);
    let file = OpenOptions::new().create(true).append(!long).write(true).truncate(long).open(path)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

/// What a log gained after its first `from` bytes.
pub(super) fn said_since(log: &Path, from: u64) -> String {
    let mut bytes = Vec::new();
    let read = File::open(log).and_then(|mut file| {
        file.seek(SeekFrom::Start(from))?;
        file.read_to_end(&mut bytes)
    });
    if read.is_err() {
        return String::new();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The line of a server's words that tells most: the fatal one, else the last.
pub(super) fn telling_line(said: &str) -> String {
    let fatal = said.lines().rev().find(|line| line.contains("FATAL") || line.contains("error"));
    let last = || said.lines().rev().find(|line| !line.trim().is_empty());
    fatal.or_else(last).unwrap_or("it said nothing").trim().to_owned()
}
