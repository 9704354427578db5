//! Guesses are counted together by two servers and one Redis. Redis is killed: the servers count together in the database. It
//! comes back: they count together in it again. Nobody gets a fresh allowance out of it that is worth having, and nobody
//! who does not guess is kept out at any time.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use trellis_domain::kernel::Clock;
use trellis_infra::auth::{Passwords, SigningKeys};
use trellis_infra::system::SystemClock;
use trellis_tests::own_redis::OwnRedis;
use trellis_tests::process::{Start, answer_of};
use trellis_tests::world::{Persona, Region, World};

const PASSWORD: &str = "seven quiet otters";
const SIGN_IN: &str =
    "mutation($input: SignInInput!) { signIn(input: $input) { tokens { accessToken } refusal { code } } }";
/// Longer than a start, or noticing that Redis is back, ever takes.
const LONG: Duration = Duration::from_secs(30);
/// Five at once; one more may be back by the time the last was asked.
const TOGETHER: std::ops::RangeInclusive<usize> = 5..=6;

struct Running {
    url: String,
    log: PathBuf,
    _start: Start,
    _server: tokio::process::Child,
}

impl Running {
    async fn new(world: &World, keys: &SigningKeys, redis: &OwnRedis) -> anyhow::Result<Self> {
        let start = Start::signed_with(world, keys)?;
        let url = format!("http://{}", start.address());
        let start = start.with("TRELLIS_PUBLIC_URL", url.clone()).with("REDIS_URL", redis.url());
        let log = start.folder().join("serve.log");
        let server = start.spawn(&["serve"], Stdio::from(std::fs::File::create(&log)?))?;
        answer_of(&format!("{url}/readyz")).await?;
        Ok(Self { url, log, _start: start, _server: server })
    }

    fn says(&self, words: &str) -> usize {
        std::fs::read_to_string(&self.log).unwrap_or_default().matches(words).count()
    }
}

/// Two servers of one installation.
struct Scene {
    world: World,
    region: Region,
    redis: OwnRedis,
    servers: [Running; 2],
}

impl Scene {
    async fn new() -> anyhow::Result<Self> {
        let world = World::new().await?;
        let region = world.region("north-vale").await?;
        let hash = Passwords::new(1, 8)?.hash(PASSWORD).await?;
        world
            .database
            .connect_as_owner()
            .await?
            .execute("UPDATE users SET password_hash = $1", &[&hash])
            .await?;
        let redis = OwnRedis::started()?;
        let keys = SigningKeys::generate(SystemClock.now())?;
        let servers =
            [Running::new(&world, &keys, &redis).await?, Running::new(&world, &keys, &redis).await?];
        Ok(Self { world, region, redis, servers })
    }

    /// From an address of its own: what is counted, is counted by source too.
    async fn tries(&self, who: &Persona, password: &str, (at, from): (usize, u8)) -> anyhow::Result<Value> {
        let source = Ipv4Addr::new(127, 0, 0, from);
        let http = reqwest::Client::builder().local_address(std::net::IpAddr::from(source)).build()?;
        let body = json!({ "query": SIGN_IN, "variables": { "input": { "email": who.email, "password": password } } });
        let server = self.servers.get(at % 2).map_or("", |server| &server.url);
        let answer: Value = http.post(format!("{server}/graphql")).json(&body).send().await?.json().await?;
        anyhow::ensure!(answer["errors"].is_null(), "{answer}");
        Ok(answer["data"]["signIn"].clone())
    }

    /// How many of twelve guesses, by turns at both servers, were looked at at all.
    async fn guesses(&self, who: &Persona, from: u8) -> anyhow::Result<usize> {
        let mut looked_at = 0;
        for number in 0..12 {
            let tried = self.tries(who, "seven quiet badgers", (number, from)).await?;
            match tried["refusal"]["code"].as_str() {
                Some("SIGN_IN_FAILED") => looked_at += 1,
                Some("TOO_MANY_TRIES") => {}
                _ => anyhow::bail!("{tried}"),
            }
        }
        Ok(looked_at)
    }

    /// Everybody with the right password, from elsewhere, at both servers.
    async fn nobody_is_kept_out(&self) -> anyhow::Result<()> {
        for who in [&self.region.link_worker, &self.region.team_lead, &self.region.referrer] {
            for at in [0, 1] {
                let entered = self.tries(who, PASSWORD, (at, 99)).await?;
                anyhow::ensure!(entered["tokens"]["accessToken"].is_string(), "kept out: {entered}");
            }
        }
        Ok(())
    }

    /// Somebody who signs in is what makes a server look whether Redis is back.
    async fn redis_is_noticed(&self) -> anyhow::Result<()> {
        let noticed = async {
            while self.servers.iter().any(|server| server.says("shared through redis again") == 0) {
                self.nobody_is_kept_out().await?;
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(LONG, noticed).await?
    }

    /// Guesses that the database has counted, and the minutes that they fell into.
    async fn stored(&self) -> anyhow::Result<(i64, i64)> {
        let owner = self.world.database.connect_as_owner().await?;
        let words = "SELECT coalesce(sum(failures), 0)::bigint, count(DISTINCT window_starts_at)::bigint FROM sign_in_attempts";
        let row = owner.query_one(words, &[]).await?;
        Ok((row.get(0), row.get(1)))
    }
}

#[tokio::test]
async fn two_servers_count_guesses_together_while_redis_goes_and_comes() -> anyhow::Result<()> {
    let mut scene = Scene::new().await?;
    let (sam, lead, gp) =
        (scene.region.link_worker.clone(), scene.region.team_lead.clone(), scene.region.referrer.clone());

    let shared = scene.guesses(&sam, 2).await?;
    assert!(TOGETHER.contains(&shared), "{shared} guesses were looked at: the servers count apart");
    assert_eq!(scene.stored().await?.0, 0, "Redis counts, and the database has nothing to do");
    scene.nobody_is_kept_out().await?;

    scene.redis.kill()?;
    let away = scene.guesses(&lead, 3).await?;
    let (counted, minutes) = scene.stored().await?;
    assert!(counted > 0, "the database counts nothing");
    // Its minutes are those of the clock: two of them touch any minute.
    let most = 5 * usize::try_from(minutes)?;
    assert!((5..=most).contains(&away), "{away} guesses in {minutes} minutes: open, or counted apart");
    scene.nobody_is_kept_out().await?;
    let before = scene.guesses(&sam, 2).await?;
    assert!(
        before <= 5 * usize::try_from(scene.stored().await?.1)?,
        "{before}: the loss opened what was shut"
    );
    for server in &scene.servers {
        assert_eq!(server.says("counted by this process alone"), 1, "it is news once");
    }

    scene.redis.start()?;
    scene.redis_is_noticed().await?;
    let again = scene.guesses(&gp, 4).await?;
    assert!(TOGETHER.contains(&again), "{again} guesses were looked at: the servers still count apart");
    let after = scene.guesses(&lead, 3).await?;
    assert!(after <= 4, "{after}: an empty Redis is a fresh allowance");
    scene.nobody_is_kept_out().await
}
