//! Ten minutes to undo, for whoever did it and while nothing else has happened: who has it, and a contact that was logged by
//! mistake. An undo is one more event, and what was is put back.

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_tests::gql::Client;

use crate::loop_over_graphql::command;
use crate::reassign_story::{OUTCOMES, Scene, all_to, moves, told, user};

const WHOLE: &str = "query($id: ID!) { referral(id: $id) { id version stage dueAt worker { name } commands
    timeline(first: 3) { name words reason } } }";

async fn read(client: &Client, referral: &Value) -> anyhow::Result<Value> {
    Ok(client.data(WHOLE, json!({ "id": referral["id"] })).await?["referral"].clone())
}

async fn undo(by: &Client, referral: &Value) -> anyhow::Result<Value> {
    let input = json!({ "referralId": referral["id"] });
    by.mutate("undoAllocation", "UndoAllocationInput", input, "referral { version worker { name } }").await
}

async fn log(by: &Client, referral: &Value, result: &str, next: bool) -> anyhow::Result<Value> {
    let mut input = json!({ "referralId": referral["id"], "channel": "PHONE", "result": result, "minutes": 5, "note": "Rang" });
    if next {
        input["nextStep"] = json!("CALL");
        input["nextDueAt"] = json!("2026-11-24T17:00:00Z");
    }
    let logged =
        by.mutate("logContact", "LogContactInput", input, "contact { id } referral { stage }").await?;
    anyhow::ensure!(logged["refusal"].is_null(), "{logged}");
    Ok(logged["contact"].clone())
}

async fn take_back(by: &Client, contact: &Value) -> anyhow::Result<Value> {
    let input = json!({ "contactId": contact["id"] });
    let fields = "contact { takenBackAt } referral { stage dueAt }";
    by.mutate("undoContact", "UndoContactInput", input, fields).await
}

#[tokio::test]
async fn who_has_it_is_put_back_for_ten_minutes_by_whoever_did_it() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let sam = scene.served.client(&scene.region.link_worker)?;
    let one = scene.accepted(1).await?.remove(0);
    let to_sam = json!({ "userId": user(&scene.region.link_worker) });
    command(&scene.lead, "allocateReferral", "AllocateReferralInput", &one, to_sam).await?;
    let given = read(&scene.lead, &one).await?;
    assert_eq!(undo(&sam, &one).await?["refusal"]["code"], "DENIED", "it is for whoever did it");

    scene.served.world.clock.advance(SignedDuration::from_mins(10));
    let back = undo(&scene.lead, &one).await?;
    assert!(back["refusal"].is_null() && back["referral"]["worker"].is_null(), "{back}");
    let now = read(&scene.lead, &one).await?;
    assert_eq!((&now["dueAt"], &now["stage"]), (&given["dueAt"], &given["stage"]));
    assert_eq!(now["version"], json!(given["version"].as_i64().unwrap_or_default() + 1), "it goes forward");
    assert_eq!(now["timeline"][0]["words"], "Undone: not given to Sam Ridley", "{now}");
    assert_eq!(now["timeline"][1]["words"], "Given to Sam Ridley", "what happened stays");

    let again = undo(&scene.lead, &one).await?;
    assert_eq!(again["referral"], back["referral"], "twice is once");
    assert_eq!(
        scene.count("SELECT count(*) FROM events WHERE name = 'referral.allocation_undone'").await?,
        1
    );
    Ok(())
}

#[tokio::test]
async fn a_second_later_or_after_anything_else_it_is_too_late() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let sam = scene.served.client(&scene.region.link_worker)?;
    let people = scene.accepted(3).await?;
    let to_sam = all_to(&people, &scene.region.link_worker);
    moves(&scene.lead, &to_sam, Value::Null, "given-to-sam").await?;
    log(&sam, &people[0], "NO_ANSWER", false).await?;
    let now = read(&sam, &people[1]).await?;
    command(&sam, "startReferral", "ReferralCommandInput", &now, json!({})).await?;
    for changed in &people[..2] {
        assert_eq!(undo(&scene.lead, changed).await?["refusal"]["code"], "CHANGED_SINCE");
    }
    scene.served.world.clock.advance(SignedDuration::from_secs(601));
    assert_eq!(undo(&scene.lead, &people[2]).await?["refusal"]["code"], "TOO_LATE_TO_UNDO");
    assert_eq!(read(&scene.lead, &people[2]).await?["worker"]["name"], "Sam Ridley", "nothing was changed");
    Ok(())
}

#[tokio::test]
async fn after_many_at_once_all_are_put_back_that_nobody_has_built_on() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let sara = scene.colleague("Sara Novak").await?;
    let people = scene.accepted(5).await?;
    moves(&scene.lead, &all_to(&people, &scene.region.link_worker), Value::Null, "given-to-sam").await?;
    let mut theirs = Vec::new();
    for one in &people {
        theirs.push(read(&scene.lead, one).await?);
    }
    moves(&scene.lead, &all_to(&theirs, &sara), json!("SICKNESS"), "given-to-sara").await?;
    let hers = scene.served.client(&sara)?;
    log(&hers, &people[4], "SPOKE", false).await?;

    let ids: Vec<&Value> = people.iter().map(|one| &one["id"]).collect();
    let input = json!({ "referralIds": ids, "idempotencyKey": "put-them-back" });
    for _ in 0..2 {
        let back =
            scene.lead.mutate("undoAllocations", "UndoAllocationsInput", input.clone(), OUTCOMES).await?;
        assert_eq!(told(&back), (4, vec!["CHANGED_SINCE"]), "{back}");
    }
    for one in &people[..4] {
        let now = read(&scene.lead, one).await?;
        assert_eq!(now["worker"]["name"], "Sam Ridley");
        assert_eq!(now["timeline"][0]["words"], "Undone: Sara Novak back to Sam Ridley");
    }
    assert_eq!(read(&scene.lead, &people[4]).await?["worker"]["name"], "Sara Novak", "she goes on with them");
    Ok(())
}

#[tokio::test]
async fn a_contact_taken_back_takes_back_the_start_and_its_next_step_and_stays_on_the_record()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let one = scene.accepted(1).await?.remove(0);
    let row = "{ caseload(first: 5) { edges { node { nextStep latestContactResult dueAt } } } }";
    log(&scene.lead, &one, "NO_ANSWER", true).await?;
    let (before, listed) = (read(&scene.lead, &one).await?, scene.lead.data(row, json!({})).await?);
    let spoke = log(&scene.lead, &one, "SPOKE", false).await?;
    assert_eq!(read(&scene.lead, &one).await?["stage"], "ACTIVE");

    let sam = scene.served.client(&scene.region.link_worker)?;
    assert_eq!(take_back(&sam, &spoke).await?["refusal"]["code"], "DENIED", "it is for whoever logged it");
    let back = take_back(&scene.lead, &spoke).await?;
    assert!(back["contact"]["takenBackAt"].is_string(), "{back}");
    let now = read(&scene.lead, &one).await?;
    for kept in ["stage", "dueAt"] {
        assert_eq!(now[kept], before[kept], "{kept}: {now}");
    }
    assert_eq!(scene.lead.data(row, json!({})).await?, listed, "the lists show what they showed before");
    let words: Vec<&Value> =
        now["timeline"].as_array().into_iter().flatten().map(|it| &it["words"]).collect();
    assert!(words.contains(&&json!("Took back a contact: Phone: spoke, 5 minutes")), "{now}");
    assert!(words.contains(&&json!("The start was taken back")), "{now}");
    let query = "query($id: ID!) { referral(id: $id) { person { contacts { result note takenBackAt } }
        timeline(first: 9) { words } } }";
    let all = scene.lead.data(query, json!({ "id": one["id"] })).await?["referral"].clone();
    let latest = &all["person"]["contacts"][0];
    assert!(latest["takenBackAt"].is_string() && latest["note"] == "Rang", "it stays, marked: {all}");
    assert!(all["timeline"].to_string().contains("Phone: spoke, 5 minutes (taken back)"), "{all}");
    Ok(())
}

#[tokio::test]
async fn what_was_taken_back_is_no_attempt_and_is_taken_back_once() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let one = scene.accepted(1).await?.remove(0);
    let attempts =
        "SELECT (targets ->> 'attempts_before_end')::bigint FROM services WHERE name = 'Link workers'";
    let asked_for = scene.count(attempts).await?;
    let mut last = Value::Null;
    for _ in 0..asked_for {
        last = log(&scene.lead, &one, "NO_ANSWER", false).await?;
    }
    for _ in 0..2 {
        let back = take_back(&scene.lead, &last).await?;
        assert!(back["refusal"].is_null(), "{back}");
    }
    assert_eq!(scene.count("SELECT count(*) FROM events WHERE name = 'contact.taken_back'").await?, 1);
    let now = read(&scene.lead, &one).await?;
    let give_up = json!({ "referralId": now["id"], "version": now["version"], "reason": "NOT_REACHED" });
    let refused = scene.lead.refused("endReferral", "EndReferralInput", give_up).await?;
    assert_eq!(refused, "TOO_FEW_ATTEMPTS");
    Ok(())
}

#[tokio::test]
async fn of_two_contacts_only_the_latest_can_be_taken_back_and_within_ten_minutes() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let one = scene.accepted(1).await?.remove(0);
    let first = log(&scene.lead, &one, "NO_ANSWER", false).await?;
    let second = log(&scene.lead, &one, "NO_ANSWER", false).await?;
    assert_eq!(take_back(&scene.lead, &first).await?["refusal"]["code"], "CHANGED_SINCE");
    scene.served.world.clock.advance(SignedDuration::from_secs(601));
    assert_eq!(take_back(&scene.lead, &second).await?["refusal"]["code"], "TOO_LATE_TO_UNDO");
    Ok(())
}
