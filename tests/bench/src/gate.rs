//! The question of ADR 0002: threads that each own a connection, or tasks that borrow one from a pool? The same
//! statements through the same driver, in turns; only who waits for their answers differs.

use std::future::Future;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::Context;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Statement};
use uuid::Uuid;

use crate::load::{Run, histogram, rate};

/// A transaction of these statements; each is given the referral, its person, its organisation and its worker.
pub struct Operation {
    pub name: &'static str,
    statements: &'static [&'static str],
}

const READ: &str = "SELECT record_write(format('{\"events\": [], \"audit\": [{\"audit_id\": \"%s\", \"at\": \"%s\", \
    \"actor_kind\": \"user\", \"request_id\": \"%s\", \"action\": \"bench\", \"kind\": \"bench\", \"subject_id\": \"%s\", \
    \"person_id\": \"%s\", \"result\": \"read\"}]}', bench.fresh(), now(), bench.fresh(), $1, $2)::jsonb), $3, $4";
const DONE: &str = "SELECT record_write(format('{\"events\": [{\"event_id\": \"%1$s\", \"at\": \"%2$s\", \
    \"name\": \"bench\", \"kind\": \"referral\", \"subject_id\": \"%3$s\", \"referral_id\": \"%3$s\", \"audience\": [], \
    \"actor_kind\": \"user\", \"facts\": {}}], \"audit\": [{\"audit_id\": \"%4$s\", \"at\": \"%2$s\", \"actor_kind\": \"user\", \
    \"request_id\": \"%5$s\", \"action\": \"bench\", \"kind\": \"referral\", \"subject_id\": \"%3$s\", \"person_id\": \"%6$s\", \
    \"result\": \"done\"}]}', bench.fresh(), now(), $1, bench.fresh(), bench.fresh(), $2)::jsonb), $3, $4";

/// As the product asks them, less what it does between them.
pub const OPERATIONS: [Operation; 3] = [
    Operation {
        name: "W1 caseload",
        statements: &[
            "SELECT *, $1, $2 FROM caseload WHERE network_id = bench.id(1, 0) AND owner_organisation_id = $3 \
             AND worker_id = $4 ORDER BY due_at, referral_id LIMIT 26",
            READ,
        ],
    },
    Operation {
        name: "W2 referral",
        statements: &[
            "SELECT *, $2, $3, $4 FROM referrals JOIN referral_surroundings USING (network_id, referral_id) \
             WHERE network_id = bench.id(1, 0) AND referral_id = $1",
            "SELECT *, $1, $3, $4 FROM visible_persons WHERE network_id = bench.id(1, 0) AND person_id = $2",
            "SELECT *, $2, $3, $4 FROM timeline_entries WHERE network_id = bench.id(1, 0) AND referral_id = $1 \
             ORDER BY at DESC, event_id DESC LIMIT 20",
            READ,
        ],
    },
    Operation {
        name: "W4 transition",
        statements: &[
            "SELECT *, $2, $3, $4 FROM referrals WHERE network_id = bench.id(1, 0) AND referral_id = $1 FOR UPDATE",
            "SELECT *, $1, $3, $4 FROM decisions WHERE network_id = bench.id(1, 0) AND person_id = $2",
            "UPDATE referrals SET version = version + 1 WHERE network_id = bench.id(1, 0) AND referral_id = $1 \
             AND person_id = $2 AND owner_organisation_id = $3 AND worker_id = $4",
            DONE,
        ],
    },
];

/// What an operation is about: referral, person, organisation, worker.
pub type About = [Uuid; 4];

/// A connection with its prepared statements.
struct Desk {
    client: Client,
    statements: Vec<Statement>,
}

impl Desk {
    async fn open(dsn: &str, operation: &Operation) -> anyhow::Result<Self> {
        let (client, connection) = tokio_postgres::connect(dsn, NoTls).await?;
        tokio::spawn(connection);
        let mut statements = Vec::new();
        let types = [tokio_postgres::types::Type::UUID; 4];
        for text in operation.statements {
            statements.push(client.prepare_typed(text, &types).await.with_context(|| (*text).to_owned())?);
        }
        Ok(Self { client, statements })
    }

    /// One transaction, a message at a time, as a use case asks.
    async fn transact(&self, about: &About) -> anyhow::Result<()> {
        let [referral, person, organisation, worker] = about;
        let network = crate::scale::id(crate::scale::Kind::Network, 0);
        let opening = format!(
            "BEGIN; SELECT set_config('app.network_id', '{network}', true), \
             set_config('app.organisation_id', '{organisation}', true), set_config('app.actor_id', '{worker}', true)"
        );
        self.client.batch_execute(&opening).await?;
        let given: [&(dyn ToSql + Sync); 4] = [referral, person, organisation, worker];
        for statement in &self.statements {
            self.client.query(statement, &given).await?;
        }
        Ok(self.client.batch_execute("COMMIT").await?)
    }
}

type Asked = (About, oneshot::Sender<anyhow::Result<()>>);

/// Threads that each own a connection for life, fed by one bounded queue: what `pg::Lanes` is.
pub async fn threads(dsn: &str, operation: &'static Operation, plan: &GatePlan) -> anyhow::Result<Run> {
    let (queue, jobs) = sync_channel::<Asked>(256);
    let jobs = Arc::new(Mutex::new(jobs));
    let mut ready = Vec::new();
    for _ in 0..plan.connections {
        let (is_ready, when) = oneshot::channel();
        let (dsn, jobs) = (dsn.to_owned(), Arc::clone(&jobs));
        std::thread::spawn(move || lane(&dsn, operation, &jobs, is_ready));
        ready.push(when);
    }
    for lane in ready {
        lane.await.context("a lane did not start")??;
    }
    let queue: SyncSender<Asked> = queue;
    drive(plan, move |about| {
        let queue = queue.clone();
        async move {
            let (answer, answered) = oneshot::channel();
            queue.try_send((about, answer)).map_err(|_| anyhow::anyhow!("the queue is full"))?;
            answered.await?
        }
    })
    .await
}

fn lane(
    dsn: &str,
    operation: &Operation,
    jobs: &Mutex<Receiver<Asked>>,
    ready: oneshot::Sender<anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let desk = runtime.block_on(Desk::open(dsn, operation))?;
    let _ = ready.send(Ok(()));
    loop {
        let next = jobs.lock().map_err(|_| anyhow::anyhow!("a lane has panicked"))?.recv();
        let Ok((about, answer)) = next else { return Ok(()) };
        let _ = answer.send(runtime.block_on(desk.transact(&about)));
    }
}

/// Tasks that borrow a connection: each operation spawned, so that nobody who hangs up cuts it off.
pub async fn tasks(dsn: &str, operation: &'static Operation, plan: &GatePlan) -> anyhow::Result<Run> {
    let (give_back, free) = mpsc::unbounded_channel::<Desk>();
    for _ in 0..plan.connections {
        let _ = give_back.send(Desk::open(dsn, operation).await?);
    }
    let free = Arc::new(tokio::sync::Mutex::new(free));
    drive(plan, move |about| {
        let (free, give_back) = (Arc::clone(&free), give_back.clone());
        async move {
            let done = tokio::spawn(async move {
                let desk = free.lock().await.recv().await.context("the pool is gone")?;
                let done = desk.transact(&about).await;
                let _ = give_back.send(desk);
                done
            });
            done.await?
        }
    })
    .await
}

/// How a comparison is run.
pub struct GatePlan {
    pub clients: u64,
    pub connections: usize,
    pub each: Duration,
    pub abouts: Arc<Vec<About>>,
}

async fn drive<F, A>(plan: &GatePlan, ask: A) -> anyhow::Result<Run>
where
    A: Fn(About) -> F + Clone + Send + 'static,
    F: Future<Output = anyhow::Result<()>> + Send,
{
    let begun = Instant::now();
    let mut people = Vec::new();
    for client in 0..plan.clients {
        let (ask, abouts, until) = (ask.clone(), Arc::clone(&plan.abouts), begun + plan.each);
        people.push(tokio::spawn(async move {
            let mut dice = ChaCha8Rng::seed_from_u64(client);
            let mut latency = histogram()?;
            while Instant::now() < until {
                let about =
                    abouts.get(dice.random_range(0..abouts.len())).copied().context("nothing to ask")?;
                let asked = Instant::now();
                ask(about).await?;
                latency.record(u64::try_from(asked.elapsed().as_micros())?)?;
            }
            anyhow::Ok(latency)
        }));
    }
    let mut latency = histogram()?;
    for person in people {
        latency.add(person.await??)?;
    }
    Ok(Run { rate: rate(latency.len(), begun.elapsed()), latency })
}
