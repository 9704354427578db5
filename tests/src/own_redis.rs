//! A Redis of one test's own, for a story in which it goes away and comes back.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::Context;

/// On a socket in a private folder; ended with this value.
#[derive(Debug)]
pub struct OwnRedis {
    folder: PathBuf,
    child: Option<Child>,
}

impl OwnRedis {
    pub fn started() -> anyhow::Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "a folder that no other test of the run has")]
        let name = format!("trellis-redis-{}", uuid::Uuid::now_v7().simple());
        let folder = std::env::temp_dir().join(name);
        std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
        let mut redis = Self { folder, child: None };
        redis.start()?;
        Ok(redis)
    }

    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.folder.join("redis.sock").display())
    }

    /// Empty, as one that kept nothing.
    pub fn start(&mut self) -> anyhow::Result<()> {
        let mut child = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocketperm", "700"])
            .arg("--unixsocket")
            .arg(self.folder.join("redis.sock"))
            .arg("--dir")
            .arg(&self.folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("redis-server is needed by the tests: apt-get install redis-server")?;
        let said = child.stdout.take().context("what it says")?;
        let ready = BufReader::new(said)
            .lines()
            .map_while(Result::ok)
            .any(|line| line.contains("eady to accept connections"));
        self.child = Some(child);
        anyhow::ensure!(ready, "redis-server did not start");
        Ok(())
    }

    /// At once and without a word, as a machine that fails.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        let _ = self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
