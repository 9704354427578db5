//! A start that cannot work says everything that stands in its way and what would mend it, and ends with 3.
//! The binary itself is started, as an operator does it.

use trellis_tests::database::TestDatabase;
use trellis_tests::process::{Ended, Start, signal};
use trellis_tests::served::Served;
use trellis_tests::world::World;

/// Both long-running commands refuse alike.
async fn refuses(start: &Start, words: &[&str]) -> anyhow::Result<()> {
    for command in ["serve", "worker"] {
        let Ended { code, said } = start.ends(&[command]).await?;
        assert_eq!(code, Some(3), "{command}: {said}");
        for expected in words {
            assert!(said.contains(expected), "{command} does not say “{expected}”: {said}");
        }
    }
    Ok(())
}

/// A login of this cluster that no other test has.
async fn login(database: &TestDatabase, attributes: &str) -> anyhow::Result<String> {
    #[expect(clippy::disallowed_methods, reason = "a name that no other test of the run has")]
    let name = format!("login_{}", uuid::Uuid::now_v7().simple());
    let owner = database.connect_as_owner().await?;
    owner.batch_execute(&format!("CREATE ROLE {name} LOGIN {attributes} IN ROLE trellis_app")).await?;
    Ok(name)
}

#[tokio::test]
async fn everything_that_is_wrong_is_listed_at_once_and_no_value_is_repeated() -> anyhow::Result<()> {
    let world = World::new().await?;
    let start = Start::over(&world)?
        .with("TRELLIS_HTTP_ADDR", "nowhere")
        .with("TRELLIS_PUBLIC_URL", "http://localhost.example.org")
        .with("DATABASE_URL", "postgres://trellis_app:hush-hush@127.0.0.1:1/trellis")
        .with("TRELLIS_PLATFORM_DATABASE_URL", "hush-hush")
        .with("REDIS_URL", "hush-hush")
        .with("TRELLIS_SMTP_URL", "hush-hush")
        .without("TRELLIS_KEYRING_FILE")
        .with("TRELLIS_SIGNING_KEYS_FILE", "not-there.json");
    let words = [
        "TRELLIS_HTTP_ADDR is not an address",
        "TRELLIS_PUBLIC_URL must begin with https://",
        "DATABASE_URL: the database cannot be reached",
        "TRELLIS_PLATFORM_DATABASE_URL: this is not the address of a database",
        "REDIS_URL: redis address is not valid",
        "TRELLIS_SMTP_URL: mail server address is not a valid smtp:// or smtps:// address",
        "TRELLIS_KEYRING_FILE is not set: make one with `trellis keygen`",
        "TRELLIS_SIGNING_KEYS_FILE: ",
    ];
    refuses(&start, &words).await?;
    assert!(!start.ends(&["serve"]).await?.said.contains("hush-hush"));
    Ok(())
}

#[tokio::test]
async fn a_misspelt_setting_is_not_ignored() -> anyhow::Result<()> {
    let start = Start::over(&World::new().await?)?.with("TRELLIS_HTTP_ADR", "127.0.0.1:1");
    refuses(&start, &["there is no setting called http_adr"]).await
}

#[tokio::test]
async fn a_complete_configuration_gets_as_far_as_its_port() -> anyhow::Result<()> {
    let taken = std::net::TcpListener::bind("127.0.0.1:0")?;
    let address = taken.local_addr()?.to_string();
    let start = Start::over(&World::new().await?)?.with("TRELLIS_HTTP_ADDR", &address);
    let ended = start.ends(&["serve"]).await?;
    assert_eq!(ended.code, Some(3), "{}", ended.said);
    assert!(ended.said.contains(&format!("cannot listen at {address}")), "{}", ended.said);
    assert!(!ended.said.contains("mended"), "something else is wrong as well: {}", ended.said);
    Ok(())
}

#[tokio::test]
async fn either_database_that_does_not_answer_stops_the_start() -> anyhow::Result<()> {
    let world = World::new().await?;
    for name in ["DATABASE_URL", "TRELLIS_PLATFORM_DATABASE_URL"] {
        let away = Start::over(&world)?.with(name, "postgres://somebody@127.0.0.1:1/trellis");
        refuses(&away, &[&format!("{name}: the database cannot be reached: is it running")]).await?;
        let role = if name == "DATABASE_URL" { "trellis_app" } else { "trellis_platform" };
        let other = world.database.url(role).replace(world.database.name(), "no_such_database");
        let nameless = Start::over(&world)?.with(name, other);
        refuses(&nameless, &[&format!("{name}: there is no database of that name: create it")]).await?;
        let nobody = Start::over(&world)?.with(name, world.database.url("no_such_role"));
        refuses(&nobody, &[&format!("{name}: the database refuses this login")]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn two_addresses_of_two_databases_are_not_taken_for_one() -> anyhow::Result<()> {
    let (world, other) = (World::new().await?, TestDatabase::new().await?);
    let start = Start::over(&world)?.with("DATABASE_URL", other.app_url());
    refuses(&start, &["DATABASE_URL and TRELLIS_PLATFORM_DATABASE_URL are two different databases"]).await
}

#[tokio::test]
async fn an_older_and_a_newer_schema_are_told_apart() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.database.connect_as_owner().await?;
    owner.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231235959')").await?;
    let newer = "the schema is newer than this program (29991231235959): run the program that made it";
    refuses(&Start::over(&world)?, &[newer]).await?;
    let migrate = Start::over(&world)?.with("TRELLIS_OWNER_DATABASE_URL", world.database.migrator_url());
    let migrated = migrate.ends(&["migrate"]).await?;
    assert!(migrated.code == Some(3) && migrated.said.contains(newer), "{migrated:?}");

    owner
        .batch_execute(
            "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations);
             DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)",
        )
        .await?;
    let older = "the schema is older than this program: run `trellis migrate`";
    refuses(&Start::over(&world)?, &[older]).await?;
    owner.batch_execute("REVOKE SELECT ON __diesel_schema_migrations FROM trellis_platform").await?;
    refuses(&Start::over(&world)?, &["the schema's version cannot be read"]).await?;
    owner.batch_execute("DROP TABLE __diesel_schema_migrations").await?;
    refuses(&Start::over(&world)?, &[older]).await
}

#[tokio::test]
async fn a_role_that_could_pass_row_level_security_serves_nobody() -> anyhow::Result<()> {
    let world = World::new().await?;
    let database = &world.database;
    for name in ["DATABASE_URL", "TRELLIS_PLATFORM_DATABASE_URL"] {
        let superuser = Start::over(&world)?.with(name, database.owner_url());
        refuses(&superuser, &[&format!("{name}: the role is a superuser")]).await?;
    }
    let bypasses = login(database, "BYPASSRLS").await?;
    let start = Start::over(&world)?.with("DATABASE_URL", database.url(&bypasses));
    refuses(&start, &["DATABASE_URL: the role has BYPASSRLS", "connect as trellis_app"]).await?;
    let owns = login(database, "").await?;
    let owner = database.connect_as_owner().await?;
    owner.batch_execute(&format!("ALTER TABLE bank_holidays OWNER TO {owns}")).await?;
    let start = Start::over(&world)?.with("DATABASE_URL", database.url(&owns));
    refuses(&start, &["DATABASE_URL: the role owns the tables"]).await
}

#[tokio::test]
async fn neither_login_stands_in_for_the_other() -> anyhow::Result<()> {
    let world = World::new().await?;
    let swapped = Start::over(&world)?
        .with("DATABASE_URL", world.database.platform_url())
        .with("TRELLIS_PLATFORM_DATABASE_URL", world.database.app_url());
    let words = [
        "DATABASE_URL: the role is not trellis_app",
        "TRELLIS_PLATFORM_DATABASE_URL: the role is not trellis_platform",
    ];
    refuses(&swapped, &words).await
}

#[tokio::test]
async fn keys_that_are_missing_or_are_none_are_named() -> anyhow::Result<()> {
    let world = World::new().await?;
    for name in ["TRELLIS_KEYRING_FILE", "TRELLIS_SIGNING_KEYS_FILE"] {
        let missing = Start::over(&world)?.with(name, "not-there.json");
        refuses(&missing, &[&format!("{name}: ")]).await?;
        let start = Start::over(&world)?;
        let odd = start.folder().join("odd.json");
        std::fs::write(&odd, "{}")?;
        let odd = start.with(name, odd.to_string_lossy());
        refuses(&odd, &[&format!("{name}: ")]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_key_that_serves_two_purposes_and_a_password_anybody_would_guess_stop_the_start()
-> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new().await?;
    let url = |role: &str, password: &str| format!("postgres://{role}:{password}@127.0.0.1:1/trellis");
    let start = Start::over(&world)?
        .with("DATABASE_URL", url("trellis_app", "changeme"))
        .with("TRELLIS_PLATFORM_DATABASE_URL", url("trellis_platform", "changeme"));
    let ring = start.folder().join("keyring.json");
    std::fs::set_permissions(&ring, std::fs::Permissions::from_mode(0o644))?;
    refuses(
        &start,
        &[
            "DATABASE_URL: its password is weak",
            "TRELLIS_PLATFORM_DATABASE_URL has the password of DATABASE_URL",
            "is open to others (mode 644); make it 0600",
        ],
    )
    .await?;
    assert!(!start.ends(&["serve"]).await?.said.contains("changeme"));
    let start = Start::over(&world)?;
    let file = start.folder().join("trellis.toml");
    std::fs::write(&file, "redis_url = \"redis://:8sQ2nV5kX0cT7yHb@127.0.0.1:1/\"")?;
    refuses(&start, &["trellis.toml holds a password (redis_url) and is open to others"]).await?;
    let start = Start::over(&world)?;
    let ring: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(start.folder().join("keyring.json"))?)?;
    let shared = trellis_tests::process::signing_file_with(ring["index_key"].as_str().unwrap_or_default())?;
    let file = start.folder().join("signing-keys.json");
    std::fs::write(&file, shared)?;
    refuses(&start, &["TRELLIS_SIGNING_KEYS_FILE: signing key number 1 is a key of the key ring as well"])
        .await
}

#[tokio::test]
async fn redis_may_be_away_but_its_address_has_to_be_one() -> anyhow::Result<()> {
    let world = World::new().await?;
    let malformed = Start::over(&world)?.with("REDIS_URL", "localhost:6379");
    refuses(&malformed, &["REDIS_URL: redis address is not valid: redis://host:6379/"]).await
}

#[tokio::test]
async fn a_wrong_command_line_is_usage() -> anyhow::Result<()> {
    let start = Start::over(&World::new().await?)?;
    for line in [&[][..], &["serf"], &["serve", "--port", "80"], &["demo", "--seed", "many"], &["import"]] {
        let ended = start.ends(line).await?;
        assert_eq!(ended.code, Some(2), "{line:?}: {}", ended.said);
    }
    Ok(())
}

#[tokio::test]
async fn a_server_whose_tenants_cannot_be_reached_is_not_ready() -> anyhow::Result<()> {
    let ready = |served: &Served| {
        let asked = reqwest::get(format!("{}/readyz", served.url));
        async move { Ok::<_, anyhow::Error>(asked.await?) }
    };
    let served = Served::new().await?;
    let answer = ready(&served).await?;
    assert_eq!(answer.status(), 200);
    let body: serde_json::Value = answer.json().await?;
    assert_eq!((&body["database"], &body["platformDatabase"]), (&"ok".into(), &"ok".into()));
    for (tenants, platform) in [("away", "ok"), ("ok", "away")] {
        let served = Served::changed(|ground, _| {
            let url = if tenants == "away" { &mut ground.app_url } else { &mut ground.platform_url };
            "postgres://somebody@127.0.0.1:1/trellis".clone_into(url);
        });
        let answer = ready(&served.await?).await?;
        assert_eq!(answer.status(), 503);
        let body: serde_json::Value = answer.json().await?;
        assert_eq!((&body["database"], &body["platformDatabase"]), (&tenants.into(), &platform.into()));
    }
    Ok(())
}

async fn answers(start: &Start) -> bool {
    reqwest::get(format!("http://{}/healthz", start.address())).await.is_ok()
}

/// Longer than a start or an end ever takes.
const LONG: std::time::Duration = std::time::Duration::from_secs(30);

/// The first signal waits for a request that is still coming in; whoever sends a second does not want to.
#[tokio::test]
async fn a_second_signal_ends_the_server_at_once() -> anyhow::Result<()> {
    use tokio::io::AsyncWriteExt;
    let start = Start::over(&World::new().await?)?;
    let mut server = start.spawn(&["serve"], std::process::Stdio::null())?;
    let ready = async {
        while !answers(&start).await {
            anyhow::ensure!(server.try_wait()?.is_none(), "it ended before it was ready");
            tokio::task::yield_now().await;
        }
        Ok(())
    };
    tokio::time::timeout(LONG, ready).await??;
    let mut request = tokio::net::TcpStream::connect(start.address()).await?;
    let head = "POST /graphql HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    request.write_all(head.as_bytes()).await?;
    assert!(answers(&start).await, "it reads what came before this");
    signal(&server, "TERM")?;
    let closed = async {
        while answers(&start).await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, closed).await?;
    assert!(server.try_wait()?.is_none(), "it did not wait for the request");
    signal(&server, "TERM")?;
    let ended = tokio::time::timeout(LONG, server.wait()).await??;
    assert_eq!(ended.code(), Some(1));
    Ok(())
}
