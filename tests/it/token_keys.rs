//! The keys of the access tokens: changed while servers run, published, and never taken for anything else.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use trellis_domain::kernel::Clock;
use trellis_infra::auth::{AccessTokens, Passwords, Secret, SecretPurpose, SigningKeys};
use trellis_infra::pg::platform::claims_of;
use trellis_infra::system::SystemClock;
use trellis_tests::gql::Client;
use trellis_tests::process::{Start, signal};
use trellis_tests::served::Served;
use trellis_tests::world::{Region, World};

const PASSWORD: &str = "seven quiet otters";
const WHO: &str = "{ viewer { name } }";
/// Longer than a start, or reading a file, ever takes.
const LONG: Duration = Duration::from_secs(30);

/// A server with its own copy of the keys, on the machine's own time.
struct Running {
    start: Start,
    url: String,
    log: PathBuf,
    server: tokio::process::Child,
}

impl Running {
    async fn new(world: &World, keys: &SigningKeys, public_url: Option<&str>) -> anyhow::Result<Self> {
        let start = Start::signed_with(world, keys)?;
        let url = format!("http://{}", start.address());
        let start = start.with("TRELLIS_PUBLIC_URL", public_url.unwrap_or(&url));
        let log = start.folder().join("serve.log");
        let server = start.spawn(&["serve"], Stdio::from(std::fs::File::create(&log)?))?;
        let running = Self { start, url, log, server };
        running
            .until("it is ready", async || reqwest::get(format!("{}/readyz", running.url)).await.is_ok())
            .await?;
        Ok(running)
    }

    async fn until(&self, what: &str, holds: impl AsyncFn() -> bool) -> anyhow::Result<()> {
        let watched = async {
            while !holds().await {
                tokio::task::yield_now().await;
            }
        };
        let waited = tokio::time::timeout(LONG, watched).await;
        waited.map_err(|_| {
            anyhow::anyhow!("never: {what}: {}", std::fs::read_to_string(&self.log).unwrap_or_default())
        })
    }

    fn file(&self) -> PathBuf {
        self.start.folder().join("signing-keys.json")
    }

    /// Looks at its file now, not within the minute.
    fn look_again(&self) -> anyhow::Result<()> {
        signal(&self.server, "HUP")
    }

    async fn published(&self) -> Vec<String> {
        let Ok(answer) = reqwest::get(format!("{}/.well-known/jwks.json", self.url)).await else {
            return Vec::new();
        };
        let keys: Value = answer.json().await.unwrap_or_default();
        let ids = keys["keys"].as_array().into_iter().flatten().filter_map(|key| key["kid"].as_str());
        ids.map(str::to_owned).collect()
    }

    async fn publishes(&self, keys: &SigningKeys) -> anyhow::Result<()> {
        let ids: Vec<String> = keys.times().into_iter().map(|times| times.id).collect();
        self.until("it publishes the new keys", async || self.published().await == ids).await
    }

    fn said(&self, words: &str) -> usize {
        std::fs::read_to_string(&self.log).unwrap_or_default().matches(words).count()
    }

    async fn sign_in(&self, email: &str) -> anyhow::Result<String> {
        let input = json!({ "email": email, "password": PASSWORD });
        let client = Client::new(&self.url, None);
        let payload = client.mutate("signIn", "SignInInput", input, "tokens { accessToken }").await?;
        let token = payload.pointer("/tokens/accessToken").and_then(Value::as_str);
        Ok(token.ok_or_else(|| anyhow::anyhow!("{payload}"))?.to_owned())
    }

    async fn takes(&self, token: &str) -> anyhow::Result<bool> {
        let answer = Client::new(&self.url, Some(token.to_owned())).ask(WHO, json!({})).await?;
        Ok(answer.body.get("errors").is_none())
    }
}

async fn a_region_with_a_password() -> anyhow::Result<(World, Region)> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let hash = Passwords::new(1, 1)?.hash(PASSWORD).await?;
    let owner = world.database.connect_as_owner().await?;
    owner
        .execute("UPDATE users SET password_hash = $1 WHERE email = $2", &[&hash, &region.referrer.email])
        .await?;
    Ok((world, region))
}

fn ago(minutes: i64) -> Timestamp {
    SystemClock.now() - SignedDuration::from_mins(minutes)
}

fn copy_of(keys: &SigningKeys, folder: &Path) -> anyhow::Result<SigningKeys> {
    let file = folder.join("copy.json");
    keys.save(&file)?;
    Ok(SigningKeys::load(&file)?)
}

fn kid(token: &str) -> String {
    use base64::Engine;
    let head = token.split('.').next().unwrap_or_default();
    let head = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(head).unwrap_or_default();
    let head: Value = serde_json::from_slice(&head).unwrap_or_default();
    head["kid"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn keys_are_changed_under_two_servers_and_nobody_signs_in_again() -> anyhow::Result<()> {
    let (world, region) = a_region_with_a_password().await?;
    let email = &region.referrer.email;
    let keys = SigningKeys::generate(ago(60))?;
    let one = Running::new(&world, &keys, None).await?;
    let two = Running::new(&world, &keys, Some(&one.url)).await?;
    let before = one.sign_in(email).await?;

    // The next key is in the file, and one of the two has read it.
    let published = copy_of(&keys, one.start.folder())?.rotated(ago(0))?;
    published.save(&two.file())?;
    two.look_again()?;
    two.publishes(&published).await?;
    one.publishes(&keys).await?;
    let from_two = two.sign_in(email).await?;
    assert_eq!(kid(&from_two), kid(&before), "the next key does not sign before everybody knows it");
    assert!(one.takes(&from_two).await? && two.takes(&before).await?);

    // Eleven minutes on, told by a file as it would be then.
    let turned = copy_of(&keys, one.start.folder())?.rotated(ago(11))?;
    for server in [&one, &two] {
        turned.save(&server.file())?;
        server.look_again()?;
        server.publishes(&turned).await?;
    }
    let after = one.sign_in(email).await?;
    assert_ne!(kid(&after), kid(&before));
    for token in [&before, &from_two, &after] {
        assert!(one.takes(token).await? && two.takes(token).await?);
    }
    Ok(())
}

#[tokio::test]
async fn a_file_that_cannot_be_used_changes_nothing_and_is_told_once() -> anyhow::Result<()> {
    const REFUSED: &str = "cannot be used";
    let (world, region) = a_region_with_a_password().await?;
    let keys = SigningKeys::generate(ago(60))?;
    let server = Running::new(&world, &keys, None).await?;
    let token = server.sign_in(&region.referrer.email).await?;
    std::fs::write(server.file(), "{")?;
    for _ in 0..3 {
        server.look_again()?;
        server.until("it says so", async || server.said(REFUSED) > 0).await?;
    }
    assert!(server.takes(&token).await?);
    assert_eq!(server.published().await.len(), 1);
    // A key of the key ring is refused as well, for its own reason.
    let rotated = copy_of(&keys, server.start.folder())?.rotated(ago(0))?;
    rotated.save(&server.file())?;
    server.look_again()?;
    server.publishes(&rotated).await?;
    assert_eq!(server.said(REFUSED), 1);
    Ok(())
}

#[tokio::test]
async fn the_next_key_is_made_by_one_command_and_only_one_waits() -> anyhow::Result<()> {
    let world = World::new().await?;
    let start = Start::over(&world)?;
    let folder = start.folder().to_string_lossy().into_owned();
    let made = start.ends(&["keygen", "--rotate", &folder]).await?;
    assert_eq!(made.code, Some(0), "{}", made.said);
    assert!(made.said.contains("is published now and signs from"), "{}", made.said);
    let keys = SigningKeys::load(&start.folder().join("signing-keys.json"))?;
    assert_eq!(keys.times().len(), 2);
    let again = start.ends(&["keygen", "--rotate", &folder]).await?;
    assert!(
        again.code == Some(1) && again.said.contains("the next signing key is there already"),
        "{again:?}"
    );
    let nowhere = start.ends(&["keygen", "--rotate", "not-there"]).await?;
    assert_eq!(nowhere.code, Some(3), "{}", nowhere.said);
    Ok(())
}

#[tokio::test]
async fn published_keys_may_be_kept_for_five_minutes() -> anyhow::Result<()> {
    let served = Served::new().await?;
    let answer = reqwest::get(format!("{}/.well-known/jwks.json", served.url)).await?;
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers()[name].to_str().unwrap_or_default().to_owned();
    assert_eq!(header("cache-control"), "public, max-age=300");
    assert_eq!(header("content-type"), "application/jwk-set+json");
    Ok(())
}

/// Whatever else somebody may hold, it is no access token.
#[tokio::test]
async fn a_secret_or_a_token_of_another_purpose_opens_nothing() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let now = served.world.clock.now();
    let claims = claims_of(&region.referrer.session);
    let good = served.app.parts.tokens.issue(&claims, now)?.0;
    let stranger = SigningKeys::generate(now)?;
    let mut presented = vec![
        AccessTokens::new(&stranger, &served.url, "trellis").issue(&claims, now)?.0,
        format!("{}.", good.rsplit_once('.').map_or("", |(signed, _)| signed)),
        String::new(),
    ];
    for purpose in
        [SecretPurpose::Session, SecretPurpose::Refresh, SecretPurpose::RequestLink, SecretPurpose::Device]
    {
        presented.push(Secret::generate(purpose)?.expose().to_owned());
    }
    for token in presented {
        let answer = Client::new(&served.url, Some(token.clone())).ask(WHO, json!({})).await?;
        let code = answer.body.pointer("/errors/0/extensions/code").and_then(Value::as_str);
        assert_eq!(code, Some("UNAUTHENTICATED"), "{token}");
    }
    assert!(Client::new(&served.url, Some(good)).ask(WHO, json!({})).await?.body.get("errors").is_none());
    Ok(())
}
