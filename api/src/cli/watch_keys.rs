//! A running server and the file of its signing keys: what was added is taken up within a minute, or at once on SIGHUP. A
//! file that cannot be used changes nothing: the keys in use stay, and the log says why, once.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use trellis_infra::auth::{KeyTimes, SigningKeyError, SigningKeys};
use trellis_infra::seal::Keyring;

use crate::parts::Parts;

const EVERY: Duration = Duration::from_mins(1);

/// What is read, and what it must not share a key with.
#[derive(Clone)]
pub struct KeyFile {
    pub path: PathBuf,
    pub keyring: Arc<Keyring>,
}

impl KeyFile {
    fn read(&self) -> Result<SigningKeys, SigningKeyError> {
        SigningKeys::load(&self.path)?.apart_from(&self.keyring)
    }
}

/// Watches for as long as the process lives.
pub fn watch(parts: Arc<Parts>, file: KeyFile, in_use: Vec<KeyTimes>) -> std::io::Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    let mut seen = Seen { in_use, refused: None };
    tokio::spawn(async move {
        let mut every = tokio::time::interval(EVERY);
        loop {
            tokio::select! {
                _ = every.tick() => {}
                _ = hangup.recv() => {}
            }
            let reading = file.clone();
            if let Ok(read) = tokio::task::spawn_blocking(move || reading.read()).await {
                seen.take(&parts, read);
            }
        }
    });
    Ok(())
}

struct Seen {
    in_use: Vec<KeyTimes>,
    /// What was said of the file that cannot be used, so that it is said once.
    refused: Option<String>,
}

impl Seen {
    fn take(&mut self, parts: &Parts, read: Result<SigningKeys, SigningKeyError>) {
        match read {
            Ok(keys) => {
                self.refused = None;
                if keys.times() != self.in_use {
                    self.in_use = keys.times();
                    parts.tokens.replace(&keys);
                    tracing::info!(keys.count = self.in_use.len(), "the signing keys were read again");
                }
            }
            Err(error) => {
                let why = Some(error.to_string());
                if self.refused != why {
                    tracing::error!(%error, "the signing keys on disk cannot be used: those in use stay");
                    self.refused = why;
                }
            }
        }
    }
}
