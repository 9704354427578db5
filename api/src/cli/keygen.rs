//! New key files, never over existing ones.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use trellis_infra::auth::SigningKeys;
use trellis_infra::seal::Keyring;

use super::Failure;

#[derive(Debug, Args)]
pub struct Keygen {
    /// Where to write `keyring.json` and `signing-keys.json`
    folder: PathBuf,
}

pub fn run(keygen: &Keygen) -> Result<(), Failure> {
    let (keyring, signing) = (keygen.folder.join("keyring.json"), keygen.folder.join("signing-keys.json"));
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
    SigningKeys::generate()?.save(&signing)?;
    eprintln!("wrote {} and {}: back them up apart from the database", keyring.display(), signing.display());
    Ok(())
}
