//! A real redis-server of its own for one test, on a socket in a private folder, gone when the test ends.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::RedisLink;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// An error where a test of the same process number was killed and has left its own.
fn new_folder() -> Result<PathBuf, PathBuf> {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("trellis-redis-{}-{number}", std::process::id()));
    match std::fs::DirBuilder::new().mode(0o700).create(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(folder),
        made => made.map(|()| Ok(folder)).unwrap(),
    }
}

pub struct TestServer {
    folder: PathBuf,
    child: Option<Child>,
}

impl TestServer {
    /// A server that is not running yet.
    pub fn stopped() -> Self {
        Self { folder: std::iter::repeat_with(new_folder).find_map(Result::ok).unwrap(), child: None }
    }

    pub fn started() -> Self {
        let mut server = Self::stopped();
        server.start();
        server
    }

    pub fn start(&mut self) {
        let mut child = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocketperm", "700"])
            .arg("--unixsocket")
            .arg(self.folder.join("redis.sock"))
            .arg("--dir")
            .arg(&self.folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server is needed by the tests: apt-get install redis-server");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(
            lines.any(|line| line.unwrap().contains("eady to accept connections")),
            "redis-server did not start"
        );
        self.child = Some(child);
    }

    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub fn link(&self) -> RedisLink {
        RedisLink::open(&format!("redis+unix://{}", self.folder.join("redis.sock").display()), "test")
            .unwrap()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
