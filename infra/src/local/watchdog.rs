//! Ends the servers of a test run when the last process of the run has ended, however it ended. A shell waits
//! on a pipe that the kernel closes with us; `rmdir` of the directory of users tells the last one out.
//! Not for kept servers: those outlive a crash on purpose, to be taken over.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::error::LocalError;
use super::place::unique_name;
use super::process::command_line;

/// `rmdir` succeeds for exactly one process and only when nobody is left: that one cleans up.
const SCRIPT: &str = r#"
base=$1; user=$2; linger=$3
cat >/dev/null
rm -f "$user"
sleep "$linger"
rmdir "$base/users" 2>/dev/null || exit 0
end() { # end PIDFILE SIGNAL
    pid=$(head -n 1 "$1" 2>/dev/null) || return 0
    [ -n "$pid" ] || return 0
    kill -s "$2" "$pid" 2>/dev/null
    tries=0
    while [ -e "$1" ] && kill -s 0 "$pid" 2>/dev/null && [ $tries -lt 300 ]; do
        sleep 0.1; tries=$((tries + 1))
    done
}
end "$base/redis/redis.pid" TERM
end "$base/pg/data/postmaster.pid" INT
rm -rf "$base"
"#;

/// One process's place among the users of shared servers.
#[derive(Debug)]
pub(super) struct Watchdog {
    shell: Child,
    base: PathBuf,
    linger: Duration,
}

impl Watchdog {
    /// Joins the users of `base` and has the leaving arranged before anything is started there. `None` when
    /// the last user left a moment ago and the base is being removed.
    pub(super) fn join(base: &Path, linger: Duration) -> Result<Option<Self>, LocalError> {
        forget_the_dead(&base.join("users"));
        let user = base.join("users").join(unique_name());
        match fs::write(&user, "") {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            written => written.map_err(LocalError::io("write", &user))?,
        }
        let mut shell = Command::new("sh");
        shell.args(["-c", SCRIPT, "sh"]).arg(base).arg(&user).arg(linger.as_secs().to_string());
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let shell = shell.current_dir("/").spawn().map_err(LocalError::io("run a shell for", base))?;
        Ok(Some(Self { shell, base: base.to_path_buf(), linger }))
    }

    /// Leaves; waits for the end of the servers when it is certain that nobody else uses them.
    pub(super) fn leave(mut self) -> Result<(), LocalError> {
        drop(self.shell.stdin.take());
        if self.linger.is_zero() {
            self.shell.wait().map_err(LocalError::io("wait for the end of", &self.base))?;
        }
        Ok(())
    }
}

/// A whole run ended by `kill -9` takes its watchdogs along; their names would keep the servers for ever.
fn forget_the_dead(users: &Path) {
    for entry in fs::read_dir(users).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.split('-').nth(1)).and_then(|pid| pid.parse().ok());
        if pid.is_none_or(|pid: u32| command_line(pid).is_none()) {
            let _somebody_was_faster = fs::remove_file(entry.path());
        }
    }
}
