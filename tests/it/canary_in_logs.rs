//! Nothing personal is in a log: not in the server's own, whatever it is asked and however it fails, nor PostgreSQL's.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::Context;
use serde_json::{Value, json};
use trellis_infra::auth::{AccessTokens, SigningKeys};
use trellis_infra::pg::platform::claims_of;
use trellis_tests::gql::Client;
use trellis_tests::process::{Start, answer_of};
use trellis_tests::world::{Persona, World};

use crate::canary::{CANARIES, is_found};
use crate::loop_over_graphql::{REFERRAL, command, refer_input};

const WRONG_PASSWORD: &str = "a password for nobody else";

/// A server of its own, with a log that can be read.
struct Running {
    start: Start,
    tokens: AccessTokens,
    log: PathBuf,
    server: tokio::process::Child,
}

impl Running {
    async fn over(world: &World) -> anyhow::Result<Self> {
        let now = trellis_domain::kernel::Clock::now(&trellis_infra::system::SystemClock);
        let keys = SigningKeys::generate(now)?;
        let start = Start::signed_with(world, &keys)?;
        let tokens = AccessTokens::new(&keys, &format!("http://{}", start.address()), "trellis");
        let log = start.folder().join("serve.log");
        let server = start.spawn(&["serve"], Stdio::from(std::fs::File::create(&log)?))?;
        let running = Self { start, tokens, log, server };
        answer_of(&running.url("/readyz")).await?;
        Ok(running)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.start.address())
    }

    fn client(&self, who: &Persona) -> anyhow::Result<Client> {
        let now = trellis_domain::kernel::Clock::now(&trellis_infra::system::SystemClock);
        let (token, _) = self.tokens.issue(&claims_of(&who.session), now)?;
        Ok(Client::new(&self.url(""), Some(token)))
    }
}

/// One canary in each personal field.
fn canaries(service: &str) -> Value {
    let mut input = refer_input(service);
    input["newPerson"]["identity"] = json!({
        "givenName": CANARIES[0], "familyName": CANARIES[1], "nhsNumber": CANARIES[2], "phone": CANARIES[3],
        "email": CANARIES[4], "address": CANARIES[5], "postcode": CANARIES[6], "birthDate": CANARIES[7],
    });
    input["whatMatters"] = json!(CANARIES[8]);
    input["newPerson"]["preferences"]["safeTimes"] = json!(CANARIES[10]);
    input
}

/// What goes well.
async fn lived_through(gp: &Client, lead: &Client, input: &Value) -> anyhow::Result<()> {
    let sent = gp.mutate("refer", "ReferInput", input.clone(), REFERRAL).await?;
    anyhow::ensure!(sent["refusal"].is_null(), "{sent}");
    let accepted =
        command(lead, "acceptReferral", "ReferralCommandInput", &sent["referral"], json!({})).await?;
    let spoke = json!({ "referralId": accepted["id"], "channel": "PHONE", "result": "SPOKE", "minutes": 5, "note": CANARIES[9] });
    lead.mutate("logContact", "LogContactInput", spoke, "contact { note }").await?;
    let read = "query($id: ID!) { referral(id: $id) { person { id } } }";
    let person = lead.data(read, json!({ "id": accepted["id"] })).await?["referral"]["person"]["id"].clone();
    let action = json!({ "kind": "BUDDY", "words": CANARIES[12], "by": "SUPPORTER", "byName": CANARIES[13] });
    let plan = json!({ "personId": person, "version": 0, "whatMatters": CANARIES[8],
        "goals": [{ "words": CANARIES[11], "actions": [action] }] });
    let saved = lead.mutate("savePlan", "SavePlanInput", plan, "plan { whatMatters }").await?;
    anyhow::ensure!(saved["plan"]["whatMatters"] == CANARIES[8], "{saved}");
    let search = "query($s: String!) { people(search: $s, first: 5) { edges { node { name } } } }";
    let found = lead.data(search, json!({ "s": CANARIES[0] })).await?;
    anyhow::ensure!(
        found.to_string().contains(CANARIES[1]),
        "the control: people are found by name: {found}"
    );
    Ok(())
}

/// What is refused, or fails, with something personal in it.
async fn gone_wrong(running: &Running, gp: &Client, input: &Value) -> anyhow::Result<()> {
    assert_eq!(gp.refused("refer", "ReferInput", input.clone()).await?, "ALREADY_REGISTERED");
    let refer = "mutation($input: ReferInput!) { refer(input: $input) { refusal { code } } }";
    for (place, text) in [("birthDate", CANARIES[0]), ("nhsNumber", CANARIES[1]), ("postcode", CANARIES[5])] {
        let mut odd = input.clone();
        odd["newPerson"]["identity"][place] = json!(text);
        gp.ask(refer, json!({ "input": odd })).await?;
    }
    let mut of_another_type = input.clone();
    of_another_type["newPerson"]["identity"]["givenName"] = json!({ CANARIES[0]: CANARIES[1] });
    gp.ask(refer, json!({ "input": of_another_type })).await?;
    gp.ask(&format!("{{ people(search: \"{}\", first: 5, {}", CANARIES[0], CANARIES[1]), json!({})).await?;
    let sign_in = json!({ "email": CANARIES[4], "password": WRONG_PASSWORD });
    Client::new(&running.url(""), None).refused("signIn", "SignInInput", sign_in).await?;
    let http = reqwest::Client::new();
    for request in [
        http.get(running.url(&format!("/graphql?query={{people(search:\"{}\")}}", CANARIES[0]))),
        http.get(running.url(&format!("/people?search={}", CANARIES[0]))),
        http.get(running.url(&format!("/{}", CANARIES[0]))),
        http.post(running.url("/graphql")).header("content-type", "application/json").body(CANARIES[0]),
        http.post(running.url("/sign-in")).body(format!("email={}", CANARIES[4])),
    ] {
        request.send().await?;
    }
    Ok(())
}

#[tokio::test]
async fn no_canary_is_found_in_the_logs_of_the_server_and_of_the_database() -> anyhow::Result<()> {
    let world = World::new().await?;
    let region = world.region("north-vale").await?;
    let mut running = Running::over(&world).await?;
    let (gp, lead) = (running.client(&region.referrer)?, running.client(&region.team_lead)?);
    let input = canaries(&region.link_service.to_string());
    lived_through(&gp, &lead, &input).await?;
    gone_wrong(&running, &gp, &input).await?;
    running.server.kill().await?;

    let owner = world.database.connect_as_owner().await?;
    // What the database refuses is in its log; the control for it.
    let refused = owner.batch_execute("SELECT * FROM a_table_that_is_not_there").await;
    anyhow::ensure!(refused.is_err());
    let data: String = owner.query_one("SHOW data_directory", &[]).await?.get(0);
    let postgres = PathBuf::from(data).parent().context("the cluster's folder")?.join("postgres.log");
    let logs = [running.log.to_string_lossy().into_owned(), postgres.to_string_lossy().into_owned()];
    assert!(is_found("sign-in refused", &logs[..1])?, "the server wrote no log");
    assert!(is_found("a_table_that_is_not_there", &logs[1..])?, "PostgreSQL wrote no log");
    for canary in CANARIES.iter().chain([&WRONG_PASSWORD]) {
        assert!(!is_found(canary, &logs)?, "{canary} is in a log");
    }
    Ok(())
}
