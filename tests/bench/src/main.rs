//! `make bench`: the product over HTTP beside the same questions as SQL by `pgbench`, in one run, as ratios.
//! Trellis is not an urgent or monitored service, not a clinical record and not a medical device.

#![recursion_limit = "256"]

mod cast;
mod gate;
mod ground;
mod guards;
mod load;
mod measure;
mod people;
mod pgbench;
mod report;
mod scale;
mod unguarded;
mod workload;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use mimalloc::MiMalloc;
use tokio::runtime::Builder;

use ground::Ground;
use guards::GuardPlan;
use measure::Plan;
use scale::Scale;
use workload::Workload;

/// As the product's, for its server runs in here once (`unguarded`).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const ABOUT: &str = "Measures Trellis against the same questions as SQL, in the same run, as ratios.

Trellis is not an urgent or monitored service, not a clinical record and not a medical device.";

#[derive(Debug, Parser)]
#[command(name = "trellis-bench", about = ABOUT)]
struct Args {
    /// The product's binary, built for release
    #[arg(long, required_unless_present_any = ["unguarded", "guards"])]
    product: Option<PathBuf>,
    /// Only what it costs to know who asks
    #[arg(long)]
    guards: bool,
    /// Serve the reference of that cost (the bench starts it by itself)
    #[arg(long, hide = true)]
    unguarded: Option<String>,
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
    if let Some(database) = &args.unguarded {
        let scale = if database == Scale::M.database() { Scale::M } else { Scale::S };
        return Builder::new_multi_thread().enable_all().build()?.block_on(unguarded::serve(scale));
    }
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
    if !args.guards {
        workloads(args, ground).await?;
    }
    let scale = args.scale.first().copied().unwrap_or(Scale::S);
    ground.database(scale).await?;
    let each = Duration::from_secs(args.seconds);
    let plan = |clients| GuardPlan { scale, clients, each, rounds: args.rounds };
    let plans: Vec<GuardPlan> = args.clients.iter().map(|clients| plan(*clients)).collect();
    let lines = guards::measure(ground, &plans).await?;
    say(guards::HEAD);
    for line in &lines {
        say(line);
    }
    Ok(())
}

async fn workloads(args: &Args, ground: &Ground) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    for &scale in &args.scale {
        ground.database(scale).await?;
        let binary = args.product.as_deref().context("which product?")?;
        let product = ground.product(scale, binary).await?;
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
