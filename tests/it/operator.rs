//! Whoever operates the machine makes a network, sees how the installation stands, and meets no person.

use std::process::Stdio;

use anyhow::Context;
use serde_json::{Value, json};
use trellis_domain::kernel::Clock;
use trellis_infra::system::SystemClock;
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::process::{Start, answer_of};
use trellis_tests::served::Served;

use crate::invitations::{PASSWORD, accept};
use crate::loop_over_graphql::refer;

const INES: &str = "ines.marsh@example.org";
const INES_NEW: &str = "ines.moor@example.org";
const CREATE: &[&str] = &["network", "create", "--name", "South Vale", "--coordinator-email", INES];

fn with(more: &[&'static str]) -> Vec<&'static str> {
    CREATE.iter().chain(more).copied().collect()
}

#[tokio::test]
async fn a_network_is_made_on_an_empty_database_and_its_first_coordinator_joins_by_mail() -> anyhow::Result<()>
{
    let served = Served::new().await?;
    let start = Start::over(&served.world)?;
    let owner = served.world.database.connect_as_owner().await?;
    let networks = async || -> anyhow::Result<i64> {
        Ok(owner.query_one("SELECT count(*) FROM networks", &[]).await?.get(0))
    };
    let dry = start.answers(&with(&["--dry-run", "--json"])).await?;
    assert_eq!(dry.code, Some(0), "{}", dry.said);
    assert_eq!(networks().await?, 0, "a dry run has written something");

    let made = start.answers(CREATE).await?;
    assert_eq!(made.code, Some(0), "{}", made.said);
    assert!(
        made.said.contains("South Vale (south-vale)") && made.said.contains("trellis worker"),
        "{}",
        made.said
    );
    let twice = start.answers(CREATE).await?;
    assert_eq!(twice.code, Some(1), "{}", twice.said);
    assert!(twice.said.contains("--slug") && twice.said.contains("network invite"), "{}", twice.said);
    assert_eq!(networks().await?, 1);

    // invited by the machine's clock
    let (clock, machine) = (&served.world.clock, SystemClock.now());
    clock.advance(machine.duration_since(clock.now()));
    let token = Mailbox::of(&served)?.newest(&served, INES, "/invitation/").await?;
    let door = Client::new(&served.url, None);
    assert_eq!(accept(&token, Some("Ines Marsh"), PASSWORD, &door).await?["done"], true);
    let enter = json!({ "email": INES, "password": PASSWORD });
    let entered = door.mutate("signIn", "SignInInput", enter, "tokens { accessToken }").await?;
    let access = entered["tokens"]["accessToken"].as_str().context("nobody is signed in")?.to_owned();
    let ines = Client::new(&served.url, Some(access));
    let organisation =
        json!({ "name": "Hill Street Surgery", "kind": "PRACTICE", "helpPhone": "01632 960 030" });
    let added = ines
        .mutate("createOrganisation", "CreateOrganisationInput", organisation, "organisation { id }")
        .await?;
    assert!(added["organisation"]["id"].is_string(), "{added}");
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_meant_is_a_matter_of_usage_and_writes_nothing() -> anyhow::Result<()> {
    let served = Served::new().await?;
    let start = Start::over(&served.world)?;
    for (more, words) in [
        (&["--zone", "Vale/North"][..], "--zone"),
        (&["--slug", "South Vale"][..], "--slug"),
        (&["--coordinator", "x"][..], "unexpected argument"),
        (&["--jurisdiction", "Englnd"][..], "--jurisdiction: one whose bank holidays are known: england"),
        (&["--help-phone", ""][..], "--help-phone"),
    ] {
        let ended = start.answers(&with(more)).await?;
        assert_eq!(ended.code, Some(2), "{words}: {}", ended.said);
        assert!(ended.said.contains(words), "{}", ended.said);
    }
    let absent = ["network", "invite", "--network", "nowhere", "--coordinator-email", INES];
    assert_eq!(start.answers(&absent).await?.code, Some(1));
    let owner = served.world.database.connect_as_owner().await?;
    let networks: i64 = owner.query_one("SELECT count(*) FROM networks", &[]).await?.get(0);
    assert_eq!(networks, 0);
    Ok(())
}

#[tokio::test]
async fn nobody_is_invited_past_a_coordinator_who_can_unless_that_is_meant() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let start = Start::over(&served.world)?;
    let owner = served.world.database.connect_as_owner().await?;
    let invited = async || -> anyhow::Result<i64> {
        Ok(owner.query_one("SELECT count(*) FROM invitations", &[]).await?.get(0))
    };
    let invite = ["network", "invite", "--network", "north-vale", "--coordinator-email", INES_NEW];
    let refused = start.answers(&invite).await?;
    assert_eq!(refused.code, Some(1), "{}", refused.said);
    assert!(refused.said.contains("--force"), "{}", refused.said);
    assert_eq!(invited().await?, 0);
    let meant: Vec<&str> = invite.into_iter().chain(["--force"]).collect();
    assert_eq!(start.answers(&meant).await?.code, Some(0));
    assert_eq!(invited().await?, 1);

    owner.execute("DELETE FROM invitations", &[]).await?;
    let left = "UPDATE users SET disabled_at = now() WHERE email = $1";
    owner.execute(left, &[&region.coordinator.email]).await?;
    let able = start.answers(&invite).await?;
    assert_eq!(able.code, Some(0), "whose login is shut cannot: {}", able.said);
    assert_eq!(invited().await?, 1);
    Ok(())
}

/// A region with somebody in it who is helped.
async fn lived_in() -> anyhow::Result<(Served, Start)> {
    let (served, region) = Served::with_region().await?;
    refer(&served.client(&region.referrer)?, &region.link_service.to_string()).await?;
    let start = Start::over(&served.world)?;
    Ok((served, start))
}

#[tokio::test]
async fn nobody_acts_in_a_network_that_stands_still_and_everybody_goes_on_where_they_were()
-> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let start = Start::over(&served.world)?;
    let (sam, ines) = (served.client(&region.link_worker)?, served.client(&region.coordinator)?);
    let acts = async |client: &Client| -> anyhow::Result<bool> {
        let answer = client.ask("{ viewer { name network { name } } }", json!({})).await?;
        Ok(answer.body["errors"].is_null())
    };
    let suspend = ["network", "suspend", "--network", "north-vale"];
    let unsure = start.answers(&suspend).await?;
    assert_eq!(unsure.code, Some(2), "{}", unsure.said);
    assert!(unsure.said.contains("--confirm=north-vale"), "{}", unsure.said);
    assert!(acts(&sam).await? && acts(&ines).await?);

    let sure: Vec<&str> = suspend.into_iter().chain(["--confirm", "north-vale"]).collect();
    let dry: Vec<&str> = sure.iter().copied().chain(["--dry-run"]).collect();
    assert_eq!(start.answers(&dry).await?.code, Some(0));
    assert!(acts(&sam).await?, "a dry run has stopped somebody");
    assert_eq!(start.answers(&sure).await?.code, Some(0));
    assert!(!acts(&sam).await? && !acts(&ines).await?, "from the next request");
    let again = start.answers(&sure).await?;
    assert!(again.said.contains("it was so already"), "{}", again.said);

    let on = ["network", "let-in", "--network", "north-vale"];
    assert_eq!(start.answers(&on).await?.code, Some(0));
    assert!(acts(&sam).await? && acts(&ines).await?);
    Ok(())
}

#[tokio::test]
async fn a_network_closes_for_good_when_nobody_acts_there_and_nothing_is_open() -> anyhow::Result<()> {
    let (served, _) = Served::with_region().await?;
    let start = Start::over(&served.world)?;
    let mail = ["--coordinator-email", "cora@example.org"];
    let create: Vec<&str> = ["network", "create", "--name", "South Moor"].into_iter().chain(mail).collect();
    assert_eq!(start.answers(&create).await?.code, Some(0));
    let on = async |verb: &str, network: &str, more: &[&str]| {
        let words: Vec<&str> =
            ["network", verb, "--network", network].into_iter().chain(more.iter().copied()).collect();
        start.answers(&words).await
    };
    let (moor, vale) = (["--confirm", "south-moor"], ["--confirm", "north-vale"]);
    assert_eq!(on("close", "south-moor", &[]).await?.code, Some(2), "it cannot be undone");
    let too_early = on("close", "south-moor", &moor).await?;
    assert_eq!(too_early.code, Some(1));
    assert!(too_early.said.contains("network suspend --network south-moor"), "{}", too_early.said);
    for (network, sure) in [("south-moor", moor), ("north-vale", vale)] {
        assert_eq!(on("suspend", network, &sure).await?.code, Some(0));
    }
    let open = on("close", "north-vale", &vale).await?;
    assert_eq!(open.code, Some(1));
    assert!(open.said.contains("4 open organisations"), "{}", open.said);
    assert_eq!(on("let-in", "north-vale", &[]).await?.code, Some(0), "nothing was changed");

    assert!(on("close", "south-moor", &["--dry-run"]).await?.said.contains("it can be closed"));
    assert_eq!(on("close", "south-moor", &moor).await?.code, Some(0));
    assert!(on("close", "south-moor", &moor).await?.said.contains("it was so already"));
    let never = on("let-in", "south-moor", &[]).await?;
    assert_eq!(never.code, Some(1));
    assert!(never.said.contains("has closed for good"), "{}", never.said);
    Ok(())
}

#[tokio::test]
async fn the_status_counts_what_waits_says_what_is_away_and_names_nobody() -> anyhow::Result<()> {
    let (_served, start) = lived_in().await?;
    let told = start.answers(&["status", "--json"]).await?;
    assert_eq!(told.code, Some(3), "the mail server is away: {}", told.said);
    assert!(told.said.contains("away: mail"), "{}", told.said);
    let end = told.said.rfind('}').context("no JSON")?;
    let status: Value = serde_json::from_str(told.said.get(..=end).unwrap_or_default())?;
    assert_eq!(
        (status["networks"].clone(), status["organisations"].clone()),
        (json!(1), json!(4)),
        "{status}"
    );
    assert_eq!((status["mail"].clone(), status["backups"].clone()), (json!(false), Value::Null));
    assert_eq!((status["outbox"]["queued"].clone(), status["schema"].is_string()), (json!(1), true));
    assert_eq!(status["schema"], status["newestSchema"]);
    for name in ["Park", "Osei", "@"] {
        assert!(!told.said.contains(name), "{name}: {}", told.said);
    }
    let words = start.answers(&["status"]).await?.said;
    assert!(words.contains("Mail server   AWAY") && words.contains("Not known to Trellis"), "{words}");
    Ok(())
}

#[tokio::test]
async fn the_status_says_that_the_database_is_away_and_that_a_migration_is_due() -> anyhow::Result<()> {
    let served = Served::new().await?;
    let start = Start::over(&served.world)?;
    let document = |said: &str| -> anyhow::Result<Value> {
        let end = said.rfind('}').context("no JSON")?;
        Ok(serde_json::from_str(said.get(..=end).unwrap_or_default())?)
    };
    let owner = served.world.database.connect_as_owner().await?;
    let newest = "DELETE FROM __diesel_schema_migrations
        WHERE version = (SELECT max(version) FROM __diesel_schema_migrations) RETURNING version";
    let due: String = owner.query_one(newest, &[]).await?.get(0);
    let older = start.answers(&["status", "--json"]).await?;
    assert_eq!(older.code, Some(3), "{}", older.said);
    let status = document(&older.said)?;
    assert_eq!((status["database"].clone(), status["newestSchema"].clone()), (json!(true), json!(due)));
    assert!(status["schema"].as_str().is_some_and(|ran| ran < due.as_str()), "{status}");
    assert!(older.said.contains("trellis migrate"), "{}", older.said);

    let nowhere = "postgres://trellis_app:x@127.0.0.1:9/trellis";
    let start = start.with("DATABASE_URL", nowhere).with("TRELLIS_PLATFORM_DATABASE_URL", nowhere);
    let away = start.answers(&["status", "--json"]).await?;
    assert_eq!(away.code, Some(3), "{}", away.said);
    let status = document(&away.said)?;
    assert_eq!((status["database"].clone(), status["schema"].clone()), (json!(false), Value::Null));
    let words = start.answers(&["status"]).await?.said;
    assert!(words.contains("Database      AWAY"), "{words}");
    Ok(())
}

#[tokio::test]
async fn the_operators_page_is_for_this_machine_and_shows_no_person() -> anyhow::Result<()> {
    let (_served, start) = lived_in().await?;
    let elsewhere = start.with("TRELLIS_OPERATOR_ADDR", "0.0.0.0:0");
    let refused = elsewhere.ends(&["serve"]).await?;
    assert_eq!(refused.code, Some(3), "{}", refused.said);
    assert!(
        refused.said.contains("TRELLIS_OPERATOR_ADDR must be an address of this machine"),
        "{}",
        refused.said
    );

    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let start = elsewhere.with("TRELLIS_OPERATOR_ADDR", format!("127.0.0.1:{port}"));
    let _running = start.spawn(&["serve"], Stdio::null())?;
    let (http, url) = (reqwest::Client::new(), format!("http://127.0.0.1:{port}/"));
    let page = answer_of(&url).await?.text().await?;
    assert!(page.contains("north-vale") && page.contains("Mail server"), "{page}");
    for name in ["Park", "Osei", "Ines", "@example.org"] {
        assert!(!page.contains(name), "{name} is on the operator's page");
    }
    let rebound = http.get(&url).header("host", "evil.example.org").send().await?;
    assert_eq!(rebound.status(), 404, "a name that somebody else gave this machine");
    let forwarded = http.get(&url).header("host", "evil.example.org").header("x-forwarded-host", "localhost");
    assert_eq!(forwarded.send().await?.status(), 404, "what a page can say of itself counts for nothing");
    let posted = http.post(&url).send().await?;
    assert!(posted.status().is_client_error());
    let status: Value = http.get(format!("{url}status.json")).send().await?.json().await?;
    assert_eq!(status["networks"], 1, "{status}");
    Ok(())
}
