//! The server is killed under writing load, again and again. What was acknowledged is there, once, with its record.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::process::Child;
use trellis_infra::auth::SigningKeys;
use trellis_infra::pg::platform::claims_of;
use trellis_tests::gql::Client;
use trellis_tests::process::Start;
use trellis_tests::world::{Region, World};

use crate::loop_over_graphql::refer_input;

const KILLS: usize = 20;
const WRITERS: usize = 4;

/// What clients know: their key, and the referral's id where the server said so.
type Ledger = Arc<Mutex<BTreeMap<String, Option<String>>>>;

struct House {
    world: World,
    start: Start,
    token: String,
}

impl House {
    async fn new() -> anyhow::Result<(Self, Region)> {
        let world = World::new().await?;
        let region = world.region("north-vale").await?;
        // The server under test has the machine's clock; ten minutes are plenty for this test.
        let now = trellis_domain::kernel::Clock::now(&trellis_infra::system::SystemClock);
        let keys = SigningKeys::generate(now)?;
        let start = Start::signed_with(&world, &keys)?;
        let issuer = format!("http://{}", start.address());
        let tokens = trellis_infra::auth::AccessTokens::new(&keys, &issuer, "trellis");
        let (token, _) = tokens.issue(&claims_of(&region.referrer.session), now)?;
        Ok((Self { world, start, token }, region))
    }

    fn start(&self) -> anyhow::Result<Child> {
        self.start.spawn(&["serve"], Stdio::null())
    }
}

/// Writes until told to stop; a request that was cut off is sent again with the same key.
async fn write(client: Client, service: String, (writer, ledger): (usize, Ledger), stop: Arc<Mutex<bool>>) {
    let query = "mutation($input: ReferInput!) { refer(input: $input) { referral { id } refusal { code } } }";
    for number in 0.. {
        let key = format!("writer-{writer}-{number:06}");
        ledger.lock().expect("ledger").insert(key.clone(), None);
        let mut input = refer_input(&service);
        input["idempotencyKey"] = json!(key);
        loop {
            if *stop.lock().expect("stop") {
                return;
            }
            if let Ok(answer) = client.ask(query, json!({ "input": input })).await
                && let Some(id) = answer.body["data"]["refer"]["referral"]["id"].as_str()
            {
                ledger.lock().expect("ledger").insert(key.clone(), Some(id.to_owned()));
                break;
            }
            tokio::task::yield_now().await;
        }
    }
}

async fn acknowledged_more_than(ledger: &Ledger, before: usize) -> anyhow::Result<usize> {
    let begun = Instant::now();
    loop {
        let now = ledger.lock().expect("ledger").values().filter(|id| id.is_some()).count();
        if now > before {
            return Ok(now);
        }
        anyhow::ensure!(
            begun.elapsed() < Duration::from_mins(1),
            "the server did not come back within a minute"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_kills_lose_nothing_that_was_acknowledged_and_repeat_nothing() -> anyhow::Result<()> {
    let (house, region) = House::new().await?;
    let ledger: Ledger = Arc::default();
    let stop = Arc::new(Mutex::new(false));
    let mut server = house.start()?;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let client = Client::new(&format!("http://{}", house.start.address()), Some(house.token.clone()));
            let service = region.link_service.to_string();
            tokio::spawn(write(client, service, (writer, Arc::clone(&ledger)), Arc::clone(&stop)))
        })
        .collect();
    let mut known = 0;
    for _ in 0..KILLS {
        known = acknowledged_more_than(&ledger, known + 3).await?;
        server.kill().await?;
        server = house.start()?;
    }
    acknowledged_more_than(&ledger, known).await?;
    *stop.lock().expect("stop") = true;
    for writer in writers {
        writer.await?;
    }
    server.kill().await?;
    check(&house, &ledger).await
}

async fn check(house: &House, ledger: &Ledger) -> anyhow::Result<()> {
    let acknowledged: Vec<String> = ledger.lock().expect("ledger").values().flatten().cloned().collect();
    let tried = ledger.lock().expect("ledger").len();
    let owner = house.world.database.connect_as_owner().await?;
    let count = |sql: &'static str| {
        let owner = &owner;
        async move { Ok::<i64, anyhow::Error>(owner.query_one(sql, &[]).await?.get(0)) }
    };
    for id in &acknowledged {
        let found: i64 = owner
            .query_one(
                "SELECT count(*) FROM referrals WHERE 'ref_' || replace(referral_id::text, '-', '') = $1",
                &[id],
            )
            .await?
            .get(0);
        assert_eq!(found, 1, "{id} was acknowledged and is not there");
    }
    let referrals = count("SELECT count(*) FROM referrals").await?;
    assert!(
        usize::try_from(referrals)? >= acknowledged.len() && usize::try_from(referrals)? <= tried,
        "repeated writes"
    );
    assert_eq!(
        referrals,
        count("SELECT count(*) FROM persons").await?,
        "a person without a referral, or twice"
    );
    assert_eq!(referrals, count("SELECT count(*) FROM events WHERE name = 'referral.sent'").await?);
    assert_eq!(referrals, count("SELECT count(*) FROM outbox WHERE template = 'request_to_provider'").await?);
    assert_eq!(
        count("SELECT count(*) FROM referrals r WHERE NOT EXISTS (SELECT FROM audit_entries a WHERE a.subject_id = r.referral_id AND a.action = 'referral.send')").await?,
        0
    );
    Ok(())
}
