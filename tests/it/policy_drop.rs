//! The isolation probe, and the proof that it would notice: with a table's policies off, the probe turns red.

use anyhow::{Context, ensure};
use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::kernel::{OrganisationId, TypedId};
use trellis_domain::policy::Role;
use trellis_tests::database::MIGRATOR;
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region, World};

use crate::access_requests::asked;
use crate::emergency::opened;
use crate::invitations::{accept, administrator, invited};
use crate::isolation::provider_of;
use crate::loop_over_graphql::{REFERRAL, agreement, command, refer, refer_input};

/// Tables whose rows another network must never see. All of them; a new table joins by being in the catalogue.
async fn tenant_tables(world: &World) -> anyhow::Result<Vec<String>> {
    let client = world.database.connect_as_owner().await?;
    let rows = client
        .query(
            "SELECT DISTINCT tablename::text FROM pg_policies WHERE 'trellis_app' = ANY (roles) ORDER BY 1",
            &[],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// How many rows of `ours` the organisation sees or could change.
async fn seen(
    world: &World,
    table: &str,
    ours: &Region,
    (network, organisation): (uuid::Uuid, Option<OrganisationId>),
) -> anyhow::Result<i64> {
    let client = world.database.connect_as("trellis_app").await?;
    let organisation = organisation.map(|id| id.uuid().to_string()).unwrap_or_default();
    client
        .batch_execute(&format!(
            "BEGIN; SET LOCAL app.network_id = '{network}'; SET LOCAL app.organisation_id = '{organisation}'; \
             SET LOCAL app.actor_id = '00000000-0000-0000-0000-000000000000'"
        ))
        .await?;
    Ok(client.query_one(&counting(table), &[&ours.network.uuid()]).await?.get(0))
}

/// Everybody sees that their own organisation was set up; what counts is what is about a person.
fn counting(table: &str) -> String {
    let about_a_person = matches!(table, "events" | "audit_entries" | "outbox");
    let personal = if about_a_person { "AND person_id IS NOT NULL" } else { "" };
    format!("SELECT count(*) FROM {table} WHERE network_id = $1 {personal}")
}

/// A story that leaves a row in every table.
pub async fn lived_in() -> anyhow::Result<(Served, Region)> {
    let (served, region) = Served::with_region().await?;
    let mailbox = Mailbox::of(&served)?;
    let active = taken_up(&served, &region).await?;
    answered_by_mail(&served, &mailbox, &region, &active).await?;
    waited_for(&served, &region).await?;
    joined(&served, &mailbox, &region).await?;
    managed(&served, &region).await?;
    provider_of(&served, &region).await?;
    in_an_emergency(&served, &region).await?;
    Ok((served, region))
}

#[tokio::test]
async fn another_network_sees_nothing_in_any_table() -> anyhow::Result<()> {
    let (served, ours) = lived_in().await?;
    let world = &served.world;
    let theirs = world.region("south-moor").await?;
    for table in tenant_tables(world).await? {
        for organisation in [Some(theirs.links), Some(ours.links), None] {
            let count = seen(world, &table, &ours, (theirs.network.uuid(), organisation)).await?;
            assert_eq!(count, 0, "{table} shows rows of another network");
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_organisation_that_is_no_party_sees_nothing_personal() -> anyhow::Result<()> {
    let (served, ours) = lived_in().await?;
    let world = &served.world;
    for table in [
        "persons",
        "person_keys",
        "person_tokens",
        "person_access",
        "decisions",
        "referrals",
        "contacts",
        "events",
        "audit_entries",
        "outbox",
        "links",
        "link_devices",
        "tasks",
        "idempotency_keys",
    ] {
        for stranger in [Some(ours.advice), None] {
            let count = seen(world, table, &ours, (ours.network.uuid(), stranger)).await?;
            assert_eq!(count, 0, "{table} shows rows to {stranger:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn with_the_policies_of_a_table_off_the_probe_turns_red() -> anyhow::Result<()> {
    let (served, ours) = lived_in().await?;
    let world = &served.world;
    let theirs = world.region("south-moor").await?;
    let owner = world.database.connect_as_owner().await?;
    for table in tenant_tables(world).await? {
        let filled: i64 = owner.query_one(&counting(&table), &[&ours.network.uuid()]).await?.get(0);
        owner.batch_execute(&format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")).await?;
        let count = seen(world, &table, &ours, (theirs.network.uuid(), Some(theirs.links))).await?;
        owner.batch_execute(&format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")).await?;
        assert_eq!(count, filled, "the probe did not notice that {table} was open");
        assert!(filled > 0, "the story leaves nothing in {table}");
    }
    Ok(())
}

/// No operation reads the audit yet; the policy waits for the one that will. May only shrink.
const NOT_NEEDED_YET: &[&str] = &["audit_read"];

#[tokio::test]
async fn each_policy_is_needed_for_the_story() -> anyhow::Result<()> {
    let served = Served::new().await?;
    let mailbox = Mailbox::of(&served)?;
    let owner = served.world.database.connect_as_owner().await?;
    let policies = owner
        .query(
            "SELECT policyname::text, tablename::text FROM pg_policies
             WHERE roles && ARRAY['trellis_app', $2::text]::name[] AND NOT policyname = ANY ($1) ORDER BY 1",
            &[&NOT_NEEDED_YET, &MIGRATOR],
        )
        .await?;
    assert!(policies.len() >= 35);
    story(&served, &mailbox, "as-it-is").await.context("the story with every policy in its place")?;
    let mut unneeded = Vec::new();
    for (number, policy) in policies.iter().enumerate() {
        let (name, table): (&str, &str) = (policy.get(0), policy.get(1));
        let undo: String = owner.query_one(POLICY_TEXT, &[&name, &table]).await?.get(0);
        owner.batch_execute(&format!("DROP POLICY {name} ON {table}")).await?;
        let told = story(&served, &mailbox, &format!("region-{number}")).await;
        owner.batch_execute(&undo).await?;
        if told.is_ok() {
            unneeded.push(format!("{name} on {table}"));
        }
    }
    assert!(unneeded.is_empty(), "nothing failed without {unneeded:?}");
    story(&served, &mailbox, "as-it-was").await
}

/// Something of everything that the application's role may do, itself or through a function that runs as the owner,
/// each looked at afterwards.
async fn story(served: &Served, mailbox: &Mailbox, slug: &str) -> anyhow::Result<()> {
    // tries from one address are limited within a minute: no story is to fail because of those before it
    served.world.clock.advance(SignedDuration::from_mins(2));
    let region = served.world.region(slug).await?;
    provider_of(served, &region).await?;
    let active = taken_up(served, &region).await?;
    answered_by_mail(served, mailbox, &region, &active).await?;
    waited_for(served, &region).await?;
    could_not_be_told(served, mailbox, &region).await?;
    changed_their_mind(served, &region).await?;
    taken_back(served, &region).await?;
    asked_for_two_factors(served, &region).await?;
    joined(served, mailbox, &region).await?;
    managed(served, &region).await?;
    in_an_emergency(served, &region).await?;
    shut_out(served, &region).await
}

/// Somebody is invited by their own organisation, and somebody by the network; both join.
async fn joined(served: &Served, mailbox: &Mailbox, region: &Region) -> anyhow::Result<()> {
    let kit = administrator(served, region).await?;
    let ines = served.client(&region.coordinator)?;
    let door = Client::new(&served.url, None);
    let address = |local: &str| format!("{local}.{}@example.org", region.network.uuid().simple());
    for (by, email, role) in [
        (&served.client(&kit)?, address("ada"), "LINK_WORKER"),
        (&ines, address("max"), "NETWORK_COORDINATOR"),
    ] {
        let sent = invited(by, &email, &[role]).await?;
        ensure!(sent["invitation"]["state"] == "OPEN", "{sent}");
        let token = mailbox.newest(served, &email, "/invitation/").await?;
        let done = accept(&token, Some("Ada Bright"), "seven quiet otters", &door).await?;
        ensure!(done["done"] == true, "{done}");
    }
    settled(served, &kit).await?;
    let gone = invited(&ines, &address("nobody"), &["ANALYST"]).await?;
    let bury = "UPDATE outbox SET status = 'dead' WHERE status = 'queued' AND subject_id IS NOT NULL";
    served.world.database.connect_as_owner().await?.execute(bury, &[]).await?;
    let look = "{ invitations(first: 10) { edges { node { id undeliverable } } } }";
    let seen = ines.data(look, json!({})).await?["invitations"]["edges"].clone();
    ensure!(seen[0]["node"]["id"] == gone["invitation"]["id"], "{seen}");
    ensure!(seen[0]["node"]["undeliverable"] == true, "{seen}");
    Ok(())
}

/// A record is opened in an emergency, read with who helps, and closed; and a page is asked for.
async fn in_an_emergency(served: &Served, region: &Region) -> anyhow::Result<()> {
    refer(&served.client(&region.referrer)?, &region.walking.to_string()).await?;
    let sam = served.client(&region.link_worker)?;
    let emergency = opened(&sam).await?;
    let look =
        "query($id: ID!) { person(id: $id) { name emergency { reason } emergencyHelpers { serviceName } } }";
    let seen = sam.data(look, json!({ "id": emergency["personId"] })).await?["person"].clone();
    ensure!(seen["name"] == "Jo Park" && seen["emergency"]["reason"].is_string(), "{seen}");
    ensure!(seen["emergencyHelpers"][0]["serviceName"] == "Monday walk", "{seen}");
    let over = json!({ "openingId": emergency["id"] });
    let closed = sam.mutate("closeEmergency", "CloseEmergencyInput", over, "emergency { open }").await?;
    ensure!(closed["emergency"]["open"] == false, "{closed}");
    asked(&sam).await.map(|_| ())
}

/// An organisation settles how its people sign in.
async fn settled(served: &Served, kit: &Persona) -> anyhow::Result<()> {
    let input =
        json!({ "secondFactorRequired": false, "idleMinutes": 20, "sessionHours": 8, "afterVersion": 0 });
    let kit = served.client(kit)?;
    let done = kit.mutate("changeSettings", "ChangeSettingsInput", input, "settings { version }").await?;
    ensure!(done["settings"]["version"] == 1, "{done}");
    let kept = kit.data("{ settings { idleMinutes } }", json!({})).await?;
    ensure!(kept["settings"][0]["idleMinutes"] == 20, "{kept}");
    Ok(())
}

/// An organisation is set up with what it has signed, and keeps how it is reached itself.
async fn managed(served: &Served, region: &Region) -> anyhow::Result<()> {
    let ines = served.client(&region.coordinator)?;
    let input = json!({ "name": "Moorside Allotments", "kind": "COMMUNITY_PROVIDER", "helpPhone": "01632 960 020",
        "services": ["Garden mornings"], "agreement": { "kind": "FUNDING", "version": "1", "agreedOn": "2026-11-23" } });
    let fields = "organisation { id agreements { version } burden { people } }";
    let made = ines.mutate("createOrganisation", "CreateOrganisationInput", input, fields).await?;
    ensure!(made["organisation"]["agreements"][0]["version"] == "1", "{made}");
    let at_walkers = (region.network, Some(region.walkers));
    let una = served.client(&served.world.member(at_walkers, "Una Hale", Role::OrganisationAdmin).await?)?;
    let input = json!({ "organisationId": region.walkers.to_string(), "name": "Eastfield Walkers",
        "helpPhone": "01632 960 030" });
    let kept = una
        .mutate(
            "configureOrganisation",
            "ConfigureOrganisationInput",
            input,
            "organisation { organisation { helpPhone } }",
        )
        .await?;
    ensure!(kept["organisation"]["organisation"]["helpPhone"] == "01632 960 030", "{kept}");
    Ok(())
}

/// Asked once though sent twice, accepted, given to somebody, and spoken with.
async fn taken_up(served: &Served, region: &Region) -> anyhow::Result<Value> {
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let mut input = refer_input(&region.link_service.to_string());
    input["idempotencyKey"] = json!("monday-morning-1");
    let sent = gp.mutate("refer", "ReferInput", input.clone(), REFERRAL).await?["referral"].clone();
    let again = gp.mutate("refer", "ReferInput", input, "referral { id }").await?;
    ensure!(again["referral"]["id"] == sent["id"], "{again}");
    let accepted = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let to_sam = json!({ "userId": region.link_worker.session.user.to_string() });
    command(&lead, "allocateReferral", "AllocateReferralInput", &accepted, to_sam).await?;
    let spoke = json!({ "referralId": sent["id"], "channel": "PHONE", "result": "SPOKE", "minutes": 5, "note": "Yes" });
    let sam = served.client(&region.link_worker)?;
    let logged = sam.mutate("logContact", "LogContactInput", spoke, REFERRAL).await?["referral"].clone();
    let look = "query($id: ID!) { referral(id: $id) { fromName worker { name } timeline { name } person { name contacts { note } } } }";
    let seen = sam.data(look, json!({ "id": sent["id"] })).await?["referral"].clone();
    ensure!(
        seen["person"]["contacts"][0]["note"] == "Yes" && seen["worker"]["name"] == "Sam Ridley",
        "{seen}"
    );
    ensure!(seen["timeline"][0].is_object() && seen["fromName"] == "Dr Ama Osei", "{seen}");
    let found =
        sam.data("{ people(search: \"Park\", first: 1) { edges { node { name } } } }", json!({})).await?;
    ensure!(found["people"]["edges"][0]["node"]["name"] == "Jo Park", "{found}");
    Ok(logged)
}

async fn answered_by_mail(
    served: &Served,
    mailbox: &Mailbox,
    region: &Region,
    active: &Value,
) -> anyhow::Result<()> {
    let onward = json!({ "referralId": active["id"], "serviceId": region.walking.to_string(), "agreement": agreement() });
    let sam = served.client(&region.link_worker)?;
    let placed = sam.mutate("referOnward", "ReferOnwardInput", onward, REFERRAL).await?;
    ensure!(placed["refusal"].is_null(), "{placed}");
    let (anonymous, to) = (Client::new(&served.url, None), "eastfieldwalkers@example.org");
    let token = mailbox.newest(served, to, "/r/").await?;
    let yes = json!({ "token": token, "answer": "ACCEPT" });
    anonymous.mutate("answerOffer", "AnswerOfferInput", yes, "codeSent").await?;
    let code = mailbox.newest(served, to, "Your code is ").await?;
    let typed = json!({ "token": token, "code": code });
    let known = anonymous.mutate("verifyDevice", "VerifyDeviceInput", typed, "device").await?;
    let look =
        "query($t: String!, $d: String) { offeredRequest(token: $t, device: $d) { contact { name } } }";
    let seen = anonymous.data(look, json!({ "t": token, "d": known["device"] })).await?;
    ensure!(seen["offeredRequest"]["contact"]["name"] == "Jo Park", "{seen}");
    Ok(())
}

/// Whoever asked is told to tell the person, and says that it is done.
async fn waited_for(served: &Served, region: &Region) -> anyhow::Result<()> {
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    command(&lead, "waitlistReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let look = "{ worklist(first: 20) { counts { tasks } edges { node { id kind } } } }";
    let todo = gp.data(look, json!({})).await?["worklist"].clone();
    let edges = todo["edges"].as_array().cloned().unwrap_or_default();
    let task = edges.iter().find(|edge| edge["node"]["kind"] == "TASK").context("nobody has a task")?;
    let done = json!({ "taskId": task["node"]["id"] });
    gp.mutate("finishTask", "FinishTaskInput", done, "done").await?;
    let left = gp.data(look, json!({})).await?["worklist"]["counts"]["tasks"].clone();
    ensure!(left == 0, "the task is still there");
    Ok(())
}

/// A letter that has nowhere to go is a task of whoever asked.
async fn could_not_be_told(served: &Served, mailbox: &Mailbox, region: &Region) -> anyhow::Result<()> {
    let owner = served.world.database.connect_as_owner().await?;
    let forget = "UPDATE organisations SET email = NULL WHERE organisation_id = $1";
    owner.execute(forget, &[&region.advice.uuid()]).await?;
    refer(&served.client(&region.referrer)?, &region.debt_advice.to_string()).await?;
    mailbox.mails(served).await?;
    let failed = "SELECT count(*) FROM tasks WHERE kind = 'message_failed' AND organisation_id = $1";
    let tasks: i64 = owner.query_one(failed, &[&region.practice.uuid()]).await?.get(0);
    ensure!(tasks == 1, "nobody knows that the letter did not arrive");
    Ok(())
}

/// The person wants no more of it: whoever asked says so, and whoever helped sees nobody any more.
async fn changed_their_mind(served: &Served, region: &Region) -> anyhow::Result<()> {
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    let accepted = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let person = json!({ "by": "PERSON" });
    command(&gp, "withdrawReferral", "WithdrawReferralInput", &accepted, person).await?;
    let look = "query($id: ID!) { referral(id: $id) { person { name } } }";
    let after = lead.data(look, json!({ "id": sent["id"] })).await?["referral"].clone();
    ensure!(after["person"].is_null(), "whoever helped still sees the person");
    Ok(())
}

/// With the agreement the access ends, and what waits to be sent is not.
async fn taken_back(served: &Served, region: &Region) -> anyhow::Result<()> {
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let look = "query($id: ID!) { referral(id: $id) { person { decisions { id } } } }";
    let seen = lead.data(look, json!({ "id": sent["id"] })).await?["referral"].clone();
    let input = json!({ "decisionId": seen["person"]["decisions"][0]["id"] });
    let taken = gp.mutate("withdrawDecision", "WithdrawDecisionInput", input, "decision { active }").await?;
    ensure!(taken["decision"]["active"] == false, "{taken}");
    let look = "query($id: ID!) { referral(id: $id) { stage person { name } } }";
    let after = lead.data(look, json!({ "id": sent["id"] })).await?["referral"].clone();
    ensure!(after["person"].is_null(), "the access outlived the agreement");
    ensure!(after["stage"] == "WITHDRAWN", "the referral outlived the agreement");
    let owner = served.world.database.connect_as_owner().await?;
    let waiting = "SELECT count(*) FROM outbox WHERE status = 'queued' AND template = 'request_to_provider' \
                   AND 'ref_' || replace(referral_id::text, '-', '') = $1";
    let id = sent["id"].as_str().unwrap_or_default();
    ensure!(owner.query_one(waiting, &[&id]).await?.get::<_, i64>(0) == 0, "a message is still to be sent");
    Ok(())
}

/// Where two factors are asked for, a session of one is refused at its very next request.
async fn asked_for_two_factors(served: &Served, region: &Region) -> anyhow::Result<()> {
    let tom = served.client(&region.adviser)?;
    let look = "{ worklist(first: 1) { counts { tasks } } }";
    let owner = served.world.database.connect_as_owner().await?;
    let ask = "INSERT INTO organisation_settings (network_id, organisation_id, version, takes_effect_at, second_factor_required,
                 idle_minutes, session_hours, changed_at, changed_by)
               VALUES ($1, $2, 1, '2026-01-01', true, 30, 12, now(), $1)";
    owner.execute(ask, &[&region.network.uuid(), &region.advice.uuid()]).await?;
    let refused = tom.data(look, json!({})).await.is_err();
    let no_more = "DELETE FROM organisation_settings WHERE organisation_id = $1";
    owner.execute(no_more, &[&region.advice.uuid()]).await?;
    ensure!(refused, "one factor is enough");
    Ok(())
}

/// An organisation that is suspended is refused at its very next request.
async fn shut_out(served: &Served, region: &Region) -> anyhow::Result<()> {
    let tom = served.client(&region.adviser)?;
    let look = "{ worklist(first: 1) { counts { tasks } } }";
    tom.data(look, json!({})).await?;
    let owner = served.world.database.connect_as_owner().await?;
    let suspend = "UPDATE organisations SET suspended_at = now() WHERE organisation_id = $1";
    owner.execute(suspend, &[&region.advice.uuid()]).await?;
    ensure!(tom.data(look, json!({})).await.is_err(), "whoever is suspended goes on");
    Ok(())
}

/// The statement that makes a policy again.
const POLICY_TEXT: &str = "SELECT format('CREATE POLICY %I ON %I FOR %s TO %s', policyname, tablename, cmd,
    array_to_string(roles, ', ')) || coalesce(' USING (' || qual || ')', '')
    || coalesce(' WITH CHECK (' || with_check || ')', '')
  FROM pg_policies WHERE policyname = $1 AND tablename = $2";
