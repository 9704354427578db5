//! Every bad input has a named answer, and leaves nothing behind.

use serde_json::{Value, json};
use trellis_tests::footprint::footprint;
use trellis_tests::served::Served;

use crate::loop_over_graphql::{REFERRAL, command, refer, refer_input, somebody_new};

#[tokio::test]
async fn without_a_decision_nothing_is_sent_and_nobody_is_registered() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let before = footprint(&served.world.database).await?;
    let mut input = refer_input(&region.link_service.to_string());
    input["agreement"] = Value::Null;
    let code = served.client(&region.referrer)?.refused("refer", "ReferInput", input).await?;
    assert_eq!(code, "NO_DECISION");
    assert_eq!(footprint(&served.world.database).await?, before);
    Ok(())
}

#[tokio::test]
async fn a_command_in_the_wrong_stage_is_refused_by_name() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let sent = refer(&served.client(&region.referrer)?, &region.link_service.to_string()).await?;
    let before = footprint(&served.world.database).await?;
    let input = json!({ "referralId": sent["id"], "version": sent["version"] });
    let code =
        served.client(&region.team_lead)?.refused("startReferral", "ReferralCommandInput", input).await?;
    assert_eq!(code, "NOT_IN_THIS_STAGE");
    assert_eq!(footprint(&served.world.database).await?, before);
    Ok(())
}

#[tokio::test]
async fn a_command_on_an_older_version_is_stale() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let sent = refer(&served.client(&region.referrer)?, &region.link_service.to_string()).await?;
    let lead = served.client(&region.team_lead)?;
    command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let before = footprint(&served.world.database).await?;
    let late = json!({ "referralId": sent["id"], "version": sent["version"], "reason": "OTHER" });
    assert_eq!(lead.refused("declineReferral", "DeclineReferralInput", late).await?, "STALE");
    assert_eq!(footprint(&served.world.database).await?, before);
    Ok(())
}

#[tokio::test]
async fn a_closed_service_takes_nobody_and_says_so() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let closed = json!({ "serviceId": region.debt_advice.to_string(), "state": "CLOSED" });
    served
        .client(&region.adviser)?
        .mutate("setCapacity", "SetCapacityInput", closed, "service { id }")
        .await?;
    let before = footprint(&served.world.database).await?;
    let input = refer_input(&region.debt_advice.to_string());
    assert_eq!(
        served.client(&region.referrer)?.refused("refer", "ReferInput", input).await?,
        "SERVICE_CLOSED"
    );
    assert_eq!(footprint(&served.world.database).await?, before);
    Ok(())
}

#[tokio::test]
async fn with_no_place_left_the_next_one_waits_and_may_not_jump_the_queue() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let (gp, bea) = (served.client(&region.referrer)?, served.client(&region.volunteer)?);
    let walking = region.walking.to_string();
    let mut stages = Vec::new();
    let mut last = Value::Null;
    for _ in 0..3 {
        let sent = refer(&gp, &walking).await?;
        last = command(&bea, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
        stages.push(last["stage"].as_str().unwrap_or_default().to_owned());
    }
    assert_eq!(stages, ["ACCEPTED", "WAITLISTED", "WAITLISTED"]);
    let offer = |out_of_turn: Value| json!({ "referralId": last["id"], "version": last["version"], "outOfTurn": out_of_turn });
    let before = footprint(&served.world.database).await?;
    assert_eq!(bea.refused("offerPlace", "OfferPlaceInput", offer(Value::Null)).await?, "NOT_FIRST_IN_QUEUE");
    assert_eq!(bea.refused("offerPlace", "OfferPlaceInput", offer(json!("URGENT"))).await?, "NO_PLACE");
    assert_eq!(footprint(&served.world.database).await?, before);
    Ok(())
}

#[tokio::test]
async fn malformed_input_names_the_field_and_never_repeats_what_was_typed() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let gp = served.client(&region.referrer)?;
    let before = footprint(&served.world.database).await?;
    for (path, value) in [
        ("nhsNumber", "9990548608"),
        ("postcode", "Quillfeather"),
        ("email", "nobody at home"),
        ("givenName", "   "),
        ("birthDate", "1959-13-41"),
    ] {
        let mut input = refer_input(&region.link_service.to_string());
        input["newPerson"]["identity"][path] = json!(value);
        let query =
            "mutation($input: ReferInput!) { refer(input: $input) { refusal { code field message next } } }";
        let answer = gp.ask(query, json!({ "input": input })).await?;
        let text = answer.body.to_string();
        assert_eq!(footprint(&served.world.database).await?, before, "{path}");
        let refused = text.contains("INVALID_INPUT") || text.contains("BAD_USER_INPUT");
        assert!(refused, "{path}: {text}");
        assert!(value.trim().is_empty() || !text.contains(value), "{path} was repeated: {text}");
    }
    Ok(())
}

#[tokio::test]
async fn a_channel_the_person_does_not_want_cannot_be_used() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let sent = refer(&served.client(&region.referrer)?, &region.link_service.to_string()).await?;
    let lead = served.client(&region.team_lead)?;
    command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let texted = json!({ "referralId": sent["id"], "channel": "TEXT", "result": "SENT", "minutes": 1 });
    assert_eq!(lead.refused("logContact", "LogContactInput", texted).await?, "CHANNEL_NOT_ALLOWED");
    Ok(())
}

#[tokio::test]
async fn nobody_is_given_up_on_before_the_tries_the_service_asks_for() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let sent = refer(&served.client(&region.referrer)?, &region.link_service.to_string()).await?;
    let lead = served.client(&region.team_lead)?;
    let mut now = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let end =
        |on: &Value| json!({ "referralId": on["id"], "version": on["version"], "reason": "NOT_REACHED" });
    for _ in 0..3 {
        assert_eq!(lead.refused("endReferral", "EndReferralInput", end(&now)).await?, "TOO_FEW_ATTEMPTS");
        let tried =
            json!({ "referralId": sent["id"], "channel": "PHONE", "result": "NO_ANSWER", "minutes": 2 });
        now = lead.mutate("logContact", "LogContactInput", tried, REFERRAL).await?["referral"].clone();
    }
    let ended = lead.mutate("endReferral", "EndReferralInput", end(&now), REFERRAL).await?;
    assert_eq!(ended["referral"]["stage"], "ENDED", "{ended}");
    Ok(())
}

#[tokio::test]
async fn the_same_key_is_the_same_request_and_another_body_is_refused() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let gp = served.client(&region.referrer)?;
    let mut input = refer_input(&region.link_service.to_string());
    input["idempotencyKey"] = json!("monday-morning-1");
    let query = "mutation($input: ReferInput!) { refer(input: $input) { referral { id } refusal { code } } }";
    let (first, second) =
        tokio::join!(gp.ask(query, json!({ "input": input })), gp.ask(query, json!({ "input": input })));
    let (first, second) = (first?, second?);
    assert_eq!(first.body["data"]["refer"]["referral"]["id"], second.body["data"]["refer"]["referral"]["id"]);
    assert!(first.replayed != second.replayed, "one of the two is a replay and says so");
    let people = served
        .world
        .database
        .connect_as_owner()
        .await?
        .query_one("SELECT count(*) FROM persons", &[])
        .await?;
    assert_eq!(people.get::<_, i64>(0), 1);

    let before = footprint(&served.world.database).await?;
    input["risk"] = json!("HARM");
    let other = gp.ask(query, json!({ "input": input })).await?;
    assert!(other.body.to_string().contains("IDEMPOTENCY_KEY_REUSED"), "{}", other.body);
    assert_eq!(footprint(&served.world.database).await?, before);
    Ok(())
}

#[tokio::test]
async fn the_same_nhs_number_is_found_by_those_who_may_see_and_by_nobody_else() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let mut person = somebody_new();
    person["identity"]["nhsNumber"] = json!("9990548609");
    let register =
        |person: Value| json!({ "identity": person["identity"], "preferences": person["preferences"] });
    let gp = served.client(&region.referrer)?;
    gp.mutate("registerPerson", "RegisterPersonInput", register(person.clone()), "person { id }").await?;
    assert_eq!(
        gp.refused("registerPerson", "RegisterPersonInput", register(person.clone())).await?,
        "ALREADY_REGISTERED"
    );
    let elsewhere = served.client(&region.team_lead)?;
    let other =
        elsewhere.mutate("registerPerson", "RegisterPersonInput", register(person), "person { id }").await?;
    assert!(other["refusal"].is_null(), "another organisation learnt that the person exists: {other}");
    Ok(())
}
