//! The `trellis` binary as an operator starts it: an environment of its own, keys in a folder of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use tokio::process::{Child, Command};
use trellis_domain::kernel::Clock;
use trellis_infra::auth::SigningKeys;
use trellis_infra::system::SystemClock;

use crate::world::World;

/// So long a busy machine may take.
const LONGEST: Duration = Duration::from_mins(1);

/// What it is started with; complete until somebody takes something away.
#[derive(Debug)]
pub struct Start {
    folder: PathBuf,
    settings: BTreeMap<&'static str, String>,
}

/// How it ended, and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub code: Option<i32>,
    pub said: String,
}

impl Start {
    /// On a free port, over the world's database and with its keys.
    pub fn over(world: &World) -> anyhow::Result<Self> {
        Self::signed_with(world, &SigningKeys::generate(SystemClock.now())?)
    }

    pub fn signed_with(world: &World, keys: &SigningKeys) -> anyhow::Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "a folder that no other test of the run has")]
        let name = format!("trellis-start-{}", uuid::Uuid::now_v7().simple());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder)?;
        world.keyring.save(&folder.join("keyring.json"))?;
        keys.save(&folder.join("signing-keys.json"))?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
        let settings = BTreeMap::from([
            ("TRELLIS_HTTP_ADDR", format!("127.0.0.1:{port}")),
            ("DATABASE_URL", world.database.app_url()),
            ("TRELLIS_PLATFORM_DATABASE_URL", world.database.platform_url()),
            ("TRELLIS_KEYRING_FILE", file("keyring.json")),
            ("TRELLIS_SIGNING_KEYS_FILE", file("signing-keys.json")),
            ("TRELLIS_SMTP_URL", "smtp://127.0.0.1:9".to_owned()),
        ]);
        Ok(Self { folder, settings })
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.settings.insert(name, value.into());
        self
    }

    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.settings.remove(name);
        self
    }

    pub fn address(&self) -> &str {
        self.settings.get("TRELLIS_HTTP_ADDR").map_or("", String::as_str)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Nothing of the tests' own environment reaches it.
    fn command(&self, arguments: &[&str]) -> anyhow::Result<Command> {
        let mut command = Command::new(binary()?);
        command.args(arguments).env_clear().envs(&self.settings).current_dir(&self.folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
        Ok(command)
    }

    /// Left running; its log goes to `log`.
    pub fn spawn(&self, arguments: &[&str], log: Stdio) -> anyhow::Result<Child> {
        self.command(arguments)?.stderr(log).spawn().context("start trellis")
    }

    /// The same, with what it says on standard output before what it says on standard error.
    pub async fn answers(&self, arguments: &[&str]) -> anyhow::Result<Ended> {
        let mut command = self.command(arguments)?;
        let running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output();
        let ended = tokio::time::timeout(std::time::Duration::from_secs(30), running).await;
        let ended = ended.context("it started, and did not end")??;
        let said = [ended.stdout, ended.stderr].map(|part| String::from_utf8_lossy(&part).into_owned());
        Ok(Ended { code: ended.status.code(), said: said.concat() })
    }

    /// For one that is expected to end by itself.
    pub async fn ends(&self, arguments: &[&str]) -> anyhow::Result<Ended> {
        let running = self.command(arguments)?.stderr(Stdio::piped()).output();
        let ended = tokio::time::timeout(std::time::Duration::from_secs(30), running).await;
        let ended = ended.context("it started, and did not end")??;
        Ok(Ended { code: ended.status.code(), said: String::from_utf8_lossy(&ended.stderr).into_owned() })
    }
}

/// Asks until a process that was just started answers.
pub async fn answer_of(url: &str) -> anyhow::Result<reqwest::Response> {
    let answered = async {
        loop {
            if let Ok(answer) = reqwest::get(url).await {
                return answer;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONGEST, answered).await.with_context(|| format!("{url} never answers"))
}

impl Drop for Start {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A file of signing keys with one key around this seed, in base64.
pub fn signing_file_with(seed: &str) -> anyhow::Result<String> {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let key = STANDARD.encode([head.to_vec(), STANDARD.decode(seed)?].concat());
    Ok(serde_json::json!({ "format": 2, "keys": [{ "signs_from": "2026-01-01T00:00:00Z", "key": key }] })
        .to_string())
}

/// Sends a signal by its name, such as `TERM`.
pub fn signal(to: &Child, name: &str) -> anyhow::Result<()> {
    let id = to.id().context("it has ended")?.to_string();
    let sent = std::process::Command::new("kill").args([&format!("-{name}"), &id]).status()?;
    anyhow::ensure!(sent.success(), "the signal was not sent");
    Ok(())
}

/// `TRELLIS_BIN`, or what was built beside the test's own binary.
fn binary() -> anyhow::Result<PathBuf> {
    if let Some(named) = std::env::var_os("TRELLIS_BIN") {
        return Ok(PathBuf::from(named));
    }
    let here = std::env::current_exe()?;
    let folder = here.parent().and_then(Path::parent).context("find the target folder")?;
    let binary = folder.join("trellis");
    anyhow::ensure!(binary.exists(), "{} is missing: run `cargo build -p trellis-api`", binary.display());
    Ok(binary)
}
