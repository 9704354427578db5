//! A real OpenID provider, as a process of its own on loopback.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// What both sides know each other by.
pub const CLIENT_ID: &str = "trellis";
pub const CLIENT_SECRET: &str = "a secret of seven quiet otters";

/// Ends with this value.
#[derive(Debug)]
pub struct OpenIdProvider {
    pub issuer: String,
    /// The `acr` that it gives when it says that two factors were used.
    pub strong: String,
    process: Child,
}

impl OpenIdProvider {
    /// `back`: where it may send people.
    pub async fn start(back: &str) -> anyhow::Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
        anyhow::ensure!(
            folder.join("node_modules").exists(),
            "the provider is missing: run `make setup` or `scripts/setup --tests`"
        );
        let mut process = Command::new("node")
            .arg("kit/provider.mjs")
            .current_dir(folder)
            .env("CLIENT_ID", CLIENT_ID)
            .env("CLIENT_SECRET", CLIENT_SECRET)
            .env("REDIRECT_URI", back)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("start node")?;
        let mut lines = BufReader::new(process.stdout.take().context("its words")?).lines();
        let told: Value = loop {
            let line = lines.next_line().await?.context("the provider ended before it was ready")?;
            if let Ok(told) = serde_json::from_str(&line) {
                break told;
            }
        };
        let text = |name: &str| told.get(name).and_then(Value::as_str).map(str::to_owned).context("told");
        Ok(Self { issuer: text("issuer")?, strong: text("strong")?, process })
    }

    pub async fn stop(&mut self) -> anyhow::Result<()> {
        Ok(self.process.kill().await?)
    }
}
