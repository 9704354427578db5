//! The demo's one way in: load the region once, and say each time how to get in.

use std::path::PathBuf;

use super::error::DemoError;
use super::load::{DemoParts, Progress, is_loaded, load};
use super::personas::{Addresses, PersonasFile, personas};

#[derive(Debug, Clone)]
pub struct DemoOptions {
    pub seed: u64,
    /// Written last: where it is missing beside a region, the load was interrupted.
    pub personas_file: PathBuf,
    pub addresses: Addresses,
}

/// A second start finds the region, keeps its passwords, and only renews the addresses.
pub async fn run(
    parts: &DemoParts<'_>,
    options: &DemoOptions,
    progress: Progress<'_>,
) -> Result<PersonasFile, DemoError> {
    let known = PersonasFile::read(&options.personas_file);
    let personas = match (is_loaded(parts.platform).await?, known) {
        (true, Some(known)) => known.personas,
        (true, None) => return Err(DemoError::Interrupted),
        (false, _) => {
            let personas = personas();
            load(parts, options.seed, &personas, progress).await?;
            personas
        }
    };
    let file = PersonasFile { addresses: options.addresses.clone(), personas, partner: None };
    file.write(&options.personas_file)?;
    Ok(file)
}
