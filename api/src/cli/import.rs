//! `import directory`.

use std::path::PathBuf;

use clap::Subcommand;

use super::Failure;

#[derive(Debug, Subcommand)]
pub enum Import {
    /// Read an Open Referral (HSDS) tabular package into a network, and account for every row
    Directory {
        /// The folder with `organizations.csv`, `services.csv` and the rest
        folder: PathBuf,
        /// The network's short name, such as `north-vale`
        #[arg(long)]
        network: String,
        /// Make the network first, under this name
        #[arg(long)]
        create_network: Option<String>,
        /// Say what would happen, and write nothing
        #[arg(long)]
        dry_run: bool,
        /// Print the report as JSON
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(_import: Import) -> Result<(), Failure> {
    Err(Failure::Failed(anyhow::anyhow!("not wired yet")))
}
