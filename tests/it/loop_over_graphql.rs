//! The story of the whole loop as partners' clients tell it: black box, over GraphQL.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use trellis_tests::gql::Client;
use trellis_tests::served::Served;
use trellis_tests::world::Region;

pub const REFERRAL: &str = "referral { id version stage reference commands }";

/// Each time another Jo Park, who could not be taken for the one before: the first of a test is born on 4 May 1959.
pub fn somebody_new() -> Value {
    static BORN: AtomicUsize = AtomicUsize::new(0);
    const DAYS: [&str; 12] = [
        "05-04", "06-15", "07-26", "08-17", "09-28", "10-19", "11-20", "12-21", "01-22", "02-23", "03-24",
        "04-25",
    ];
    let nth = BORN.fetch_add(1, Ordering::Relaxed);
    let born = format!("{}-{}", 1959 - nth / DAYS.len() * 11, DAYS[nth % DAYS.len()]);
    json!({
        "identity": { "givenName": "Jo", "familyName": "Park", "birthDate": born, "postcode": "LA9 4PU", "phone": "01632 960010" },
        "preferences": { "channels": ["PHONE", "LETTER"], "format": "LARGE_PRINT" }
    })
}

pub fn agreement() -> Value {
    json!({ "howGiven": "SPOKEN", "statement": "2026-11" })
}

pub fn refer_input(service: &str) -> Value {
    json!({
        "newPerson": somebody_new(), "serviceId": service, "needs": ["LONELINESS"], "accessNeeds": ["HEARING_LOOP"],
        "risk": "NONE_KNOWN", "whatMatters": "See people twice a week", "agreement": agreement(),
    })
}

pub async fn refer(client: &Client, service: &str) -> anyhow::Result<Value> {
    let payload = client.mutate("refer", "ReferInput", refer_input(service), REFERRAL).await?;
    anyhow::ensure!(payload["refusal"].is_null(), "refused: {payload}");
    Ok(payload["referral"].clone())
}

/// A command on a referral as it was read; the referral after it.
pub async fn command(
    client: &Client,
    name: &str,
    input_type: &str,
    on: &Value,
    more: Value,
) -> anyhow::Result<Value> {
    let mut input = json!({ "referralId": on["id"], "version": on["version"] });
    if let (Some(input), Some(more)) = (input.as_object_mut(), more.as_object()) {
        input.extend(more.clone());
    }
    let payload = client.mutate(name, input_type, input, REFERRAL).await?;
    anyhow::ensure!(payload["refusal"].is_null(), "{name} refused: {payload}");
    Ok(payload["referral"].clone())
}

async fn read(client: &Client, id: &Value, fields: &str) -> anyhow::Result<Value> {
    let query = format!("query($id: ID!) {{ referral(id: $id) {{ {fields} }} }}");
    Ok(client.data(&query, json!({ "id": id })).await?["referral"].clone())
}

async fn link_worker_takes_it_up(served: &Served, region: &Region, sent: &Value) -> anyhow::Result<Value> {
    let (lead, worker) = (served.client(&region.team_lead)?, served.client(&region.link_worker)?);
    let accepted = command(&lead, "acceptReferral", "ReferralCommandInput", sent, json!({})).await?;
    let to_sam = json!({ "userId": region.link_worker.session.user.to_string() });
    command(&lead, "allocateReferral", "AllocateReferralInput", &accepted, to_sam).await?;
    let spoke = json!({ "referralId": sent["id"], "channel": "PHONE", "result": "SPOKE", "minutes": 15, "note": "Would like to walk" });
    let logged = worker
        .mutate("logContact", "LogContactInput", spoke, &format!("contact {{ id }} {REFERRAL}"))
        .await?;
    assert_eq!(logged["referral"]["stage"], "ACTIVE", "{logged}");
    Ok(logged["referral"].clone())
}

#[tokio::test]
async fn whoever_asked_hears_how_it_ended() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let (gp, worker, bea) = (
        served.client(&region.referrer)?,
        served.client(&region.link_worker)?,
        served.client(&region.volunteer)?,
    );

    let sent = refer(&gp, &region.link_service.to_string()).await?;
    let active = link_worker_takes_it_up(&served, &region, &sent).await?;

    let onward = json!({ "referralId": active["id"], "serviceId": region.walking.to_string(), "agreement": agreement() });
    let placed =
        worker.mutate("referOnward", "ReferOnwardInput", onward, REFERRAL).await?["referral"].clone();
    let before =
        read(&bea, &placed["id"], "person { name } whatMatters brief { needs ageBand area accessNeeds }")
            .await?;
    assert!(
        before["person"].is_null() && before["whatMatters"].is_null(),
        "identity before acceptance: {before}"
    );
    assert_eq!(before["brief"]["area"], "LA9");

    let accepted = command(&bea, "acceptReferral", "ReferralCommandInput", &placed, json!({})).await?;
    let after = read(&bea, &accepted["id"], "person { name accessLevel }").await?;
    assert_eq!(after["person"], json!({ "name": "Jo Park", "accessLevel": "LIMITED" }));

    let close = json!({ "outcome": "GOAL_MET", "supportOffered": "A weekly walk with Eastfield Walkers" });
    command(&worker, "completeReferral", "CompleteReferralInput", &active, close).await?;
    let heard = read(&gp, &sent["id"], "stage closeOut { supportOffered } timeline { name }").await?;
    assert_eq!(heard["stage"], "COMPLETED");
    assert_eq!(heard["closeOut"]["supportOffered"], "A weekly walk with Eastfield Walkers");
    Ok(())
}

#[tokio::test]
async fn the_lists_of_each_role_show_what_there_is_to_do() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let sent = refer(&served.client(&region.referrer)?, &region.link_service.to_string()).await?;
    let lead = served.client(&region.team_lead)?;
    let worklist =
        "{ worklist(first: 10) { counts { newRequests } edges { node { reference personName words } } } }";
    let todo = lead.data(worklist, json!({})).await?;
    assert_eq!(todo["worklist"]["counts"]["newRequests"], 1);
    assert_eq!(todo["worklist"]["edges"][0]["node"]["reference"], sent["reference"]);
    assert!(todo["worklist"]["edges"][0]["node"]["personName"].is_null(), "nobody has accepted yet");

    link_worker_takes_it_up(&served, &region, &sent).await?;
    let caseload = "{ caseload(first: 10) { totalCount edges { node { personName serviceName latestContactResult } } } }";
    let mine = served.client(&region.link_worker)?.data(caseload, json!({})).await?;
    assert_eq!(mine["caseload"]["totalCount"], 1);
    let row = &mine["caseload"]["edges"][0]["node"];
    assert_eq!(
        row,
        &json!({ "personName": "Jo Park", "serviceName": "Link workers", "latestContactResult": "SPOKE" })
    );
    Ok(())
}

#[tokio::test]
async fn the_person_chooses_what_the_practice_hears() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let gp = served.client(&region.referrer)?;
    for (choice, hears_how, hears_events) in
        [("ALL", true, true), ("STATUS_ONLY", false, true), ("NOTHING", false, false)]
    {
        let mut input = refer_input(&region.link_service.to_string());
        input["feedback"] = json!(choice);
        let sent = gp.mutate("refer", "ReferInput", input, REFERRAL).await?["referral"].clone();
        let active = link_worker_takes_it_up(&served, &region, &sent).await?;
        let close = json!({ "outcome": "GOAL_MET", "supportOffered": "A weekly walk" });
        command(
            &served.client(&region.link_worker)?,
            "completeReferral",
            "CompleteReferralInput",
            &active,
            close,
        )
        .await?;
        let heard = read(&gp, &sent["id"], "reason closeOut { supportOffered } timeline { name }").await?;
        assert_eq!(!heard["closeOut"].is_null(), hears_how, "{choice}: {heard}");
        assert_eq!(heard["reason"] == "goal_met", hears_how, "{choice}: {heard}");
        assert_eq!(
            heard["timeline"].to_string().contains("referral.accepted"),
            hears_events,
            "{choice}: {heard}"
        );
    }
    Ok(())
}
