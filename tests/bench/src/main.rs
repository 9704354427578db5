//! `make bench`: the product over HTTP beside the same questions as SQL by `pgbench`, in one run, as ratios.
//! Trellis is not an urgent or monitored service, not a clinical record and not a medical device.

mod cast;
mod gate;
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
use tokio::runtime::Builder;

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
    /// Compare threads with tasks instead (ADR 0002)
    #[arg(long)]
    gate: bool,
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

fn main() -> anyhow::Result<()> {
    trellis_infra::auth::install_crypto_provider();
    let args = Args::parse();
    let ground = Ground::start()?;
    let measured = if args.gate {
        // As wide as the product's.
        Builder::new_multi_thread().enable_all().build()?.block_on(gates(&args, &ground))
    } else {
        // A light client needs one thread and leaves the rest to what is measured.
        Builder::new_current_thread().enable_all().build()?.block_on(all(&args, &ground))
    };
    ground.stop()?;
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

async fn gates(args: &Args, ground: &Ground) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    for &scale in &args.scale {
        for &clients in &args.clients {
            lines.extend(
                measure::gate(ground, (scale, clients), (Duration::from_secs(args.seconds), args.rounds))
                    .await?,
            );
        }
    }
    say(report::GATE_HEAD);
    for line in &lines {
        say(line);
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what the command is for")]
fn say(line: &str) {
    println!("{line}");
}
