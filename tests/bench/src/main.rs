//! `make bench`: the product over HTTP beside the same questions as SQL by `pgbench`, in one run, as ratios.
//! Trellis is not an urgent or monitored service, not a clinical record and not a medical device.

mod cast;
mod ground;
mod load;
mod measure;
mod people;
mod pgbench;
mod report;
mod scale;
mod workload;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use ground::Ground;
use measure::Plan;
use scale::Scale;
use workload::Workload;

const ABOUT: &str = "Measures Trellis against the same questions as SQL, in the same run, as ratios.

Trellis is not an urgent or monitored service, not a clinical record and not a medical device.";

#[derive(Debug, Parser)]
#[command(name = "trellis-bench", about = ABOUT)]
struct Args {
    /// The product's binary, built for release
    #[arg(long)]
    product: PathBuf,
    /// Sizes of the region
    #[arg(long, value_enum, value_delimiter = ',', default_value = "s,m")]
    scale: Vec<Scale>,
    #[arg(long, value_enum, value_delimiter = ',', default_value = "w1,w4")]
    workload: Vec<Workload>,
    /// How many ask at once
    #[arg(long, value_delimiter = ',', default_value = "1,8,32")]
    clients: Vec<u64>,
    /// Seconds of each run
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Rounds; the medians are shown
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    trellis_infra::auth::install_crypto_provider();
    let args = Args::parse();
    let ground = tokio::task::spawn_blocking(Ground::start).await??;
    let measured = all(&args, &ground).await;
    tokio::task::spawn_blocking(move || ground.stop()).await??;
    measured
}

async fn all(args: &Args, ground: &Ground) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    for &scale in &args.scale {
        ground.database(scale).await?;
        let product = ground.product(scale, &args.product).await?;
        for &workload in &args.workload {
            for &clients in &args.clients {
                let plan = Plan {
                    scale,
                    workload,
                    clients,
                    each: Duration::from_secs(args.seconds),
                    rounds: args.rounds,
                };
                eprintln!("{} at size {} with {clients} clients", workload.name(), scale.name());
                lines.push(measure::measure(ground, &product, &plan).await?.line());
            }
        }
    }
    say(report::HEAD);
    for line in &lines {
        say(line);
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what the command is for")]
fn say(line: &str) {
    println!("{line}");
}
