//! New key files, never over existing ones; and the next key that signs, beside those that do.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use trellis_domain::kernel::Clock;
use trellis_infra::auth::{SigningKeyError, SigningKeys};
use trellis_infra::seal::Keyring;
use trellis_infra::system::SystemClock;

use super::Failure;

#[derive(Debug, Args)]
pub struct Keygen {
    /// Where to write `keyring.json` and `signing-keys.json`
    folder: PathBuf,
    /// Add the next key to `signing-keys.json`: servers publish it now and sign with it in ten minutes
    #[arg(long)]
    rotate: bool,
}

pub fn run(keygen: &Keygen) -> Result<(), Failure> {
    let (keyring, signing) = (keygen.folder.join("keyring.json"), keygen.folder.join("signing-keys.json"));
    if keygen.rotate {
        return rotate(&signing);
    }
    for file in [&keyring, &signing] {
        if file.exists() {
            return Err(Failure::Failed(anyhow::anyhow!(
                "{} exists: keys are never overwritten",
                file.display()
            )));
        }
    }
    std::fs::create_dir_all(&keygen.folder).context("make the folder for the keys")?;
    Keyring::generate()?.save(&keyring)?;
    SigningKeys::generate(SystemClock.now())?.save(&signing)?;
    eprintln!("wrote {} and {}: back them up apart from the database", keyring.display(), signing.display());
    Ok(())
}

/// Running servers notice the file within a minute, or at once on SIGHUP; nobody has to sign in again.
fn rotate(file: &Path) -> Result<(), Failure> {
    let rotated = SigningKeys::load(file).and_then(|keys| keys.rotated(SystemClock.now()));
    let keys = rotated.map_err(|error| match error {
        waits @ SigningKeyError::NextWaits { .. } => Failure::Failed(waits.into()),
        other => Failure::not_ready(other),
    })?;
    keys.save(file)?;
    if let Some(next) = keys.times().last() {
        eprintln!("{}: key {} is published now and signs from {}", file.display(), next.id, next.signs_from);
    }
    Ok(())
}
