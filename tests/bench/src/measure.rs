//! One workload at one size with one number of clients: rounds of everything, interleaved.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use procfs::process::Process;

use crate::cast::Cast;
use crate::gate::{self, GatePlan};
use crate::ground::{Ground, Product};
use crate::load::{BEARER, Run, Script, run};
use crate::pgbench::{Pgbench, Travel};
use crate::report::{self, Measured, Round};
use crate::scale::{Kind, Scale, id};
use crate::workload::{Caseload, Transition, Workload, own_referrals};

pub struct Plan {
    pub scale: Scale,
    pub workload: Workload,
    pub clients: u64,
    pub each: Duration,
    pub rounds: usize,
}

/// Plans and pages are warm before anything counts.
const WARM_UP: Duration = Duration::from_secs(1);
/// As many as the product opens by default.
const CONNECTIONS: usize = 8;

pub async fn measure(ground: &Ground, product: &Product, plan: &Plan) -> anyhow::Result<Measured> {
    let pgbench = Pgbench::of(ground).await?;
    let warm = Plan { each: WARM_UP, rounds: 1, ..*plan };
    round(ground, product, &pgbench, &warm).await?;
    let mut rounds = Vec::new();
    for _ in 0..plan.rounds {
        rounds.push(round(ground, product, &pgbench, plan).await?);
    }
    Ok(Measured { workload: plan.workload, scale: plan.scale, clients: plan.clients, rounds })
}

async fn round(ground: &Ground, product: &Product, pgbench: &Pgbench, plan: &Plan) -> anyhow::Result<Round> {
    let reference = async |travel| {
        pgbench.run(ground, plan.scale, (plan.workload, travel), (plan.clients, plan.each)).await
    };
    let pipelined = reference(Travel::Pipelined).await?;
    let one_by_one = match plan.workload {
        Workload::W1 => None,
        Workload::W4 => Some(reference(Travel::OneByOne).await?),
    };
    let before = used(product)?;
    let answered = asked(ground, product, plan).await?;
    let (seconds, memory) = used(product)?;
    let answers = u32::try_from(answered.latency.len())?;
    let cpu = (seconds - before.0) * 1000.0 / f64::from(answers.max(1));
    Ok(Round { pipelined, one_by_one, product: answered, cpu, memory })
}

async fn asked(ground: &Ground, product: &Product, plan: &Plan) -> anyhow::Result<Run> {
    let size = plan.scale.size();
    let cast = Rc::new(Cast::sign_in(&ground.signing, &product.url(), &size)?);
    let mut scripts: Vec<Box<dyn Script>> = Vec::new();
    for client in 0..plan.clients {
        scripts.push(match plan.workload {
            Workload::W1 => Box::new(Caseload::new(Rc::clone(&cast), &size, client)),
            Workload::W4 => {
                let referrals = versions(ground, (plan.scale, plan.clients), client).await?;
                Box::new(Transition::new(Rc::clone(&cast), size, referrals))
            }
        });
    }
    run((&product.address, BEARER), scripts, plan.each).await
}

/// Threads and tasks in turns, for each workload's statements.
pub async fn gate(
    ground: &Ground,
    (scale, clients): (Scale, u64),
    (each, rounds): (Duration, usize),
) -> anyhow::Result<Vec<String>> {
    ground.database(scale).await?;
    let owner = ground.owner(scale).await?;
    let rows = owner
        .query(
            "SELECT referral_id, person_id, owner_organisation_id, worker_id FROM referrals \
             WHERE stage = 'active' AND worker_id IS NOT NULL LIMIT 5000",
            &[],
        )
        .await?;
    let abouts = rows.iter().map(|row| [row.get(0), row.get(1), row.get(2), row.get(3)]).collect();
    let plan = GatePlan { clients, connections: CONNECTIONS, each, abouts: Arc::new(abouts) };
    let dsn = ground.dsn("trellis_app", scale);
    let mut lines = Vec::new();
    for operation in &gate::OPERATIONS {
        let mut measured = Vec::new();
        for _ in 0..rounds {
            let threads = gate::threads(&dsn, operation, &plan).await?;
            measured.push((threads, gate::tasks(&dsn, operation, &plan).await?));
        }
        lines.push(report::gate_line(operation.name, clients, &measured));
    }
    Ok(lines)
}

/// The referrals of one client, returned, with the versions that the runs before have left.
pub async fn versions(
    ground: &Ground,
    (scale, clients): (Scale, u64),
    client: u64,
) -> anyhow::Result<Vec<(u64, i32)>> {
    let owner = ground.owner(scale).await?;
    let numbers: Vec<u64> = own_referrals(scale, clients, client).collect();
    let ids: Vec<uuid::Uuid> = numbers.iter().map(|number| id(Kind::Referral, *number)).collect();
    let which = "network_id = $1 AND referral_id = ANY ($2)";
    let returned = format!(
        "UPDATE referrals SET stage = 'returned', stage_detail = '{{\"reason\":\"needs_information\"}}', \
         owner_organisation_id = from_organisation_id WHERE {which} AND stage <> 'returned'"
    );
    owner.execute(&returned, &[&id(Kind::Network, 0), &ids]).await?;
    let versions = format!("SELECT version FROM referrals WHERE {which} ORDER BY referral_id");
    let rows = owner.query(&versions, &[&id(Kind::Network, 0), &ids]).await?;
    anyhow::ensure!(rows.len() == numbers.len(), "a referral of the transition is missing");
    Ok(numbers.into_iter().zip(rows.iter().map(|row| row.get(0))).collect())
}

/// Seconds of processor time and MiB of memory that the product has used so far.
fn used(product: &Product) -> anyhow::Result<(f64, f64)> {
    let stat = Process::new(product.pid).and_then(|process| process.stat()).context("look at the product")?;
    let ticks = u32::try_from(stat.utime + stat.stime)?;
    let a_second = u32::try_from(procfs::ticks_per_second())?;
    let memory = u32::try_from(stat.rss * procfs::page_size() / 1024)?;
    Ok((f64::from(ticks) / f64::from(a_second), f64::from(memory) / 1024.0))
}
