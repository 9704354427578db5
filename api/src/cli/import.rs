//! `import directory`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Subcommand;

use trellis_infra::auth::Passwords;
use trellis_infra::local::LocalServers;
use trellis_infra::pg::{Guards, PgStore, PlatformStore, StoreOptions, check_schema};
use trellis_infra::redis::ResilientLimiter;
use trellis_infra::seal::Keyring;
use trellis_infra::system::{SystemClock, SystemIds};

use super::{Failure, demo, run};
use crate::config::Config;
use crate::import::{self, ImportParts, NewNetwork, Wanted};

const NO_DATABASE: &str =
    "DATABASE_URL and TRELLIS_PLATFORM_DATABASE_URL are not set, and no demo is running here";

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
        /// IANA time zone of a network that is made
        #[arg(long, default_value = "Europe/London")]
        zone: String,
        /// Whose working days and code lists a network that is made keeps to
        #[arg(long, default_value = "england")]
        jurisdiction: String,
        /// The day on which the package was true; without it, when its files were written
        #[arg(long)]
        as_of: Option<jiff::civil::Date>,
        /// Say what would happen, and write nothing
        #[arg(long)]
        dry_run: bool,
        /// Print the report as JSON
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(import: Import) -> Result<(), Failure> {
    let Import::Directory { folder, network, create_network, zone, jurisdiction, as_of, dry_run, json } =
        import;
    let config = Config::read().map_err(Failure::not_ready)?;
    let (store, platform) = tokio::task::spawn_blocking(move || stores(&config)).await??;
    let as_of = as_of.map(|day| day.to_zoned(jiff::tz::TimeZone::UTC)).transpose()?;
    let wanted = Wanted {
        folder: &folder,
        slug: &network,
        create: create_network.map(|name| NewNetwork { name, zone, jurisdiction }),
        dry_run,
        as_of: as_of.map(|day| day.timestamp()),
    };
    let parts =
        ImportParts { store: &store, platform: &platform, clock: &SystemClock, ids: Arc::new(SystemIds) };
    let report = import::run(&parts, &wanted).await?;
    if json {
        return run::print(&format!("{}\n", serde_json::to_string_pretty(&report)?));
    }
    run::print(&report.to_string())?;
    if dry_run {
        eprintln!("a dry run: nothing was written");
    }
    Ok(())
}

/// The configured database; without one, that of the demo which runs in the state folder.
pub(super) fn stores(config: &Config) -> Result<(PgStore, PlatformStore), Failure> {
    let configured = config.database_url.clone().zip(config.platform_database_url.clone());
    let (app_url, platform_url, keyring_file) = if let Some((app, platform)) = configured {
        (app, platform, config.keyring_file.clone())
    } else {
        let servers = LocalServers::running_in(&config.state_dir).map_err(Failure::not_ready)?;
        let servers = servers.ok_or_else(|| Failure::not_ready(NO_DATABASE))?;
        let dsn = |role: &str| servers.postgres().dsn(role, demo::DATABASE);
        (dsn("trellis_app"), dsn("trellis_platform"), Some(config.state_dir.join(demo::KEYRING)))
    };
    let keyring_file = keyring_file.ok_or_else(|| {
        Failure::not_ready("TRELLIS_KEYRING_FILE is not set: make one with `trellis keygen`")
    })?;
    check_schema(&platform_url).map_err(Failure::not_ready)?;
    let keyring = Arc::new(Keyring::load(&keyring_file).map_err(Failure::not_ready)?);
    let options = |url| StoreOptions { url, connections: 1, waiting: 16 };
    let store = PgStore::open(&options(app_url), Arc::clone(&keyring), Arc::new(|_, _| ()))?;
    let guards = Guards {
        passwords: Arc::new(Passwords::new(1, 1)?),
        limiter: Arc::new(ResilientLimiter::alone()),
        ids: Arc::new(SystemIds),
        keyring,
    };
    Ok((store, PlatformStore::open(&options(platform_url), guards)?))
}
