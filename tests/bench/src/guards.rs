//! What it costs to know who asks and to ask the policy: the same request through the product's doors and, in the same
//! process, through doors that take everybody's word for it (`unguarded`), in turns.

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::json;
use tokio_postgres::Client;
use trellis_domain::kernel::OpContext;
use trellis_domain::policy::{Action, Guarded, Side};
use trellis_infra::auth::{Secret, SecretPurpose};
use trellis_infra::pg::platform::session_for_token;
use trellis_infra::system::{SystemClock, SystemIds};
use uuid::Uuid;

use crate::cast::{Cast, claims};
use crate::ground::{Ground, Product};
use crate::load::{Ask, BEARER, Door, Run, Script, run};
use crate::measure::versions;
use crate::report::{median, millis, spread};
use crate::scale::{Kind, Scale, Size, id};
use crate::workload::{Caseload, Transition};

/// For the connections of the reference: they find this function first.
pub const NOTHING_ASSERTED: &str = " options='-c search_path=bench_unguarded,public'";
const UNGUARDED: &str = "
    CREATE SCHEMA IF NOT EXISTS bench_unguarded;
    GRANT USAGE ON SCHEMA bench_unguarded TO trellis_app;
    CREATE OR REPLACE FUNCTION bench_unguarded.assert_session(uuid, uuid, integer, timestamptz) RETURNS void
      LANGUAGE sql IMMUTABLE AS '';
    DELETE FROM sessions WHERE kind = 'browser';";
const BROWSERS: &str = "INSERT INTO sessions (session_id, user_id, membership_id, kind, secret_hash, created_at, \
    last_seen_at, idle_ends_at, ends_at) SELECT gen_random_uuid(), bench.id(3, n - 1), bench.id(4, n - 1), 'browser', hash, \
    now(), now(), now() + interval '1 year', now() + interval '1 year' \
    FROM unnest($1::bytea[]) WITH ORDINALITY AS given (hash, n)";

pub const VIEWER: &str = "query Viewer { viewer { name roles organisation { name } network { name } } }";

const COOKIE: Door = Door { path: "/page", header: "cookie", before: "trellis_session=" };
const BARE: Door = Door { path: "/bare", header: "x-user", before: "" };
const BARE_PAGE: Door = Door { path: "/bare-page", header: "x-user", before: "" };

/// What is asked.
#[derive(Debug, Clone, Copy)]
enum Question {
    Viewer,
    Caseload,
    Transition,
}

const QUESTIONS: [Question; 3] = [Question::Viewer, Question::Caseload, Question::Transition];

impl Question {
    fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Caseload => "W1 caseload",
            Self::Transition => "W4 transition",
        }
    }
}

/// Everybody's words at each door.
struct Words {
    token: Rc<Cast>,
    cookie: Rc<Cast>,
    number: Rc<Cast>,
}

/// How long, how often, by how many.
#[derive(Debug, Clone, Copy)]
pub struct GuardPlan {
    pub scale: Scale,
    pub clients: u64,
    pub each: Duration,
    pub rounds: usize,
}

pub const HEAD: &str = "\
| request | size | clients | known by | without p50 / p99 ms | with p50 / p99 ms | ratio |\n\
|---|---|---|---|---|---|---|";

/// The lines of the table.
pub async fn measure(ground: &Ground, plans: &[GuardPlan]) -> anyhow::Result<Vec<String>> {
    let mut lines = Vec::new();
    let Some(scale) = plans.first().map(|plan| plan.scale) else { return Ok(lines) };
    let owner = ground.owner(scale).await?;
    owner.batch_execute(UNGUARDED).await?;
    let words = everybody(&owner, &scale.size()).await?;
    let product = ground.unguarded(scale).await?;
    let size = scale.size();
    for plan in plans {
        for question in QUESTIONS {
            // Tokens live for ten minutes, longer than all rounds of a question.
            let token = Rc::new(Cast::sign_in(&ground.signing, &product.url(), &size)?);
            let words = Words { token, cookie: Rc::clone(&words.cookie), number: Rc::clone(&words.number) };
            lines.extend(question_lines(ground, &product, (plan, question), &words).await?);
        }
    }
    lines.push(format!(
        "\nOne decision of the policy takes {} ns of a processor. The call that stands in for the check of the session \
         takes the reference {:.0} µs, which are part of its times.",
        decision()?,
        empty_call(ground, scale).await?
    ));
    Ok(lines)
}

/// Signs everybody in with a browser.
async fn everybody(owner: &Client, size: &Size) -> anyhow::Result<Words> {
    let users = size.all_workers() + size.practices;
    let secrets: Vec<Secret> =
        (0..users).map(|_| Secret::generate(SecretPurpose::Session)).collect::<Result<_, _>>()?;
    let digests: Vec<Vec<u8>> = secrets.iter().map(|secret| secret.digest().as_bytes().to_vec()).collect();
    owner.execute(BROWSERS, &[&digests]).await?;
    Ok(Words {
        token: Rc::new(Cast::known_as(Vec::new())),
        cookie: Rc::new(Cast::known_as(secrets.iter().map(|secret| secret.expose().to_owned()).collect())),
        number: Rc::new(Cast::known_as((0..users).map(|user| user.to_string()).collect())),
    })
}

async fn question_lines(
    ground: &Ground,
    product: &Product,
    (plan, question): (&GuardPlan, Question),
    words: &Words,
) -> anyhow::Result<Vec<String>> {
    eprintln!("{} with {} clients, with and without knowing who asks", question.name(), plan.clients);
    let ways = [
        ("access token", (BARE, &words.number), (BEARER, &words.token)),
        ("cookie", (BARE_PAGE, &words.number), (COOKIE, &words.cookie)),
    ];
    let mut lines = Vec::new();
    for (name, without, with) in ways {
        let ask = async |(door, cast): (Door, &Rc<Cast>), each: Duration| {
            let scripts = scripts(ground, (plan, question), cast).await?;
            run((&product.address, door), scripts, each).await
        };
        // Plans, pages and connections are warm before anything counts.
        ask(without, Duration::from_secs(1)).await?;
        ask(with, Duration::from_secs(1)).await?;
        let mut rounds = Vec::new();
        for round in 0..plan.rounds {
            // Whoever goes first has the caches of the one before.
            rounds.push(if round % 2 == 0 {
                let without = ask(without, plan.each).await?;
                (without, ask(with, plan.each).await?)
            } else {
                let with = ask(with, plan.each).await?;
                (ask(without, plan.each).await?, with)
            });
        }
        lines.push(line(name, (plan, question), &rounds));
    }
    Ok(lines)
}

async fn scripts(
    ground: &Ground,
    (plan, question): (&GuardPlan, Question),
    cast: &Rc<Cast>,
) -> anyhow::Result<Vec<Box<dyn Script>>> {
    let size = plan.scale.size();
    let mut scripts: Vec<Box<dyn Script>> = Vec::new();
    for client in 0..plan.clients {
        let cast = Rc::clone(cast);
        scripts.push(match question {
            Question::Viewer => Box::new(Viewer { cast, at: client, users: size.all_workers() }),
            Question::Caseload => Box::new(Caseload::new(cast, &size, client)),
            Question::Transition => {
                let own = versions(ground, (plan.scale, plan.clients), client).await?;
                Box::new(Transition::new(cast, size, own))
            }
        });
    }
    Ok(scripts)
}

/// The smallest document that a page asks: who am I?
struct Viewer {
    cast: Rc<Cast>,
    at: u64,
    users: u64,
}

impl Script for Viewer {
    fn next(&mut self) -> anyhow::Result<Ask> {
        self.at = (self.at + 1) % self.users;
        let body = json!({ "query": VIEWER, "variables": {} }).to_string();
        Ok(Ask { who: self.cast.token(self.at).to_owned(), body })
    }

    fn heard(&mut self, body: &[u8]) -> anyhow::Result<()> {
        let text = std::str::from_utf8(body)?;
        let whole = text.contains("\"LINK_WORKER\"") && !text.contains("\"errors\"");
        anyhow::ensure!(whole, "the viewer was answered with {text}");
        Ok(())
    }
}

fn line(known_by: &str, (plan, question): (&GuardPlan, Question), rounds: &[(Run, Run)]) -> String {
    let ratios = || rounds.iter().map(|(without, with)| without.rate / with.rate);
    let times = |of: fn(&(Run, Run)) -> &Run, part| {
        median(rounds.iter().map(|round| millis(&of(round).latency, part)))
    };
    format!(
        "| {} | {} | {} | {known_by} | {:.2} / {:.2} | {:.2} / {:.2} | {:.2} (± {:.2}) |",
        question.name(),
        plan.scale.name(),
        plan.clients,
        times(|round| &round.0, 50.0),
        times(|round| &round.0, 99.0),
        times(|round| &round.1, 50.0),
        times(|round| &round.1, 99.0),
        median(ratios()),
        spread(ratios()),
    )
}

/// Something that the asking organisation owns.
struct Thing;

impl Guarded for Thing {
    const KIND: &'static str = "bench";

    fn subject(&self) -> Uuid {
        Uuid::nil()
    }

    fn stands(&self, _: Side, _: &OpContext) -> bool {
        true
    }

    fn is_own(&self, _: &OpContext) -> bool {
        true
    }
}

/// Nanoseconds of one question to the policy. It cannot be left out of a request, so it is measured by itself.
fn decision() -> anyhow::Result<u128> {
    const TIMES: u32 = 1_000_000;
    let session = session_for_token(&claims(&Scale::S.size(), 0))?;
    let op = OpContext::for_session(&session, &SystemClock, std::sync::Arc::new(SystemIds));
    let begun = Instant::now();
    for _ in 0..TIMES {
        let permit =
            std::hint::black_box(&op).authorize(Action::AcceptReferral, std::hint::black_box(&Thing));
        std::hint::black_box(permit.is_ok());
    }
    Ok(begun.elapsed().as_nanos() / u128::from(TIMES))
}

/// Microseconds of a call that does nothing, in the message that begins a transaction.
async fn empty_call(ground: &Ground, scale: Scale) -> anyhow::Result<f64> {
    let dsn = format!("{}{NOTHING_ASSERTED}", ground.dsn("trellis_app", scale));
    let (client, connection) = tokio_postgres::connect(&dsn, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    let network = id(Kind::Network, 0);
    let opening = format!("BEGIN; SELECT set_config('app.network_id', '{network}', true)");
    let call =
        format!("{opening}; SELECT assert_session('{network}', '{network}', 1, '2026-01-01T00:00:00Z')");
    let mut differences = Vec::new();
    for _ in 0..40 {
        let without = many(&client, &opening).await?;
        differences.push(many(&client, &call).await? - without);
    }
    Ok(median(differences.into_iter()))
}

/// Microseconds of each of a hundred.
async fn many(client: &Client, message: &str) -> anyhow::Result<f64> {
    let begun = Instant::now();
    for _ in 0..100 {
        client.batch_execute(message).await.context("an opening")?;
        client.batch_execute("ROLLBACK").await?;
    }
    Ok(begun.elapsed().as_secs_f64() * 10_000.0)
}
