//! An organisation closes, as whoever had to do with it sees that: what they hold and have asked for, and what they hear.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::closing_story::{Scene, agrees_to_everybody};
use crate::field_rules::talks;
use crate::loop_over_graphql::{REFERRAL, command};

#[tokio::test]
async fn what_others_hold_stays_with_them_and_cannot_come_back_to_nobody() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let placed = scene.asked_onward(region.walking).await?;
    scene.close(region.links, Value::Null).await?;
    assert_eq!(scene.settled().await?, 2);
    scene.nobody_is_lost().await?;

    let bea = scene.served.client(&region.volunteer)?;
    let because =
        |reason: &str| json!({ "referralId": placed["id"], "version": placed["version"], "reason": reason });
    let back = bea.refused("returnReferral", "ReturnReferralInput", because("OUT_OF_AREA")).await?;
    assert_eq!(back, "ASKER_CLOSED");
    let no = bea.refused("declineReferral", "DeclineReferralInput", because("NOT_SUITABLE")).await?;
    assert_eq!(no, "ASKER_CLOSED", "nobody would look for somebody else");
    let todo = "{ worklist(first: 20) { edges { node { taskKind referralId } } } }";
    let todo = bea.data(todo, json!({})).await?["worklist"]["edges"].to_string();
    assert!(todo.contains("ASKER_CLOSED"), "{todo}");
    let taken = command(&bea, "acceptReferral", "ReferralCommandInput", &placed, json!({})).await?;
    assert_eq!(taken["stage"], "ACCEPTED");
    // told once, however often it is looked at
    scene.served.world.clock.advance(SignedDuration::from_hours(3));
    assert_eq!(scene.settled().await?, 0);
    Ok(())
}

#[tokio::test]
async fn whoever_asked_at_first_has_it_back_where_those_who_passed_it_on_have_closed() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let (lead, bea) = (scene.served.client(&region.team_lead)?, scene.served.client(&region.volunteer)?);
    let taken = scene.taken_up().await?;
    agrees_to_everybody(&scene.served, &region.team_lead, &taken).await?;
    let on = json!({ "serviceId": region.walking.to_string(), "reason": "BETTER_FIT" });
    let next = command(&lead, "transferReferral", "TransferReferralInput", &taken, on).await?;
    scene.close(region.links, Value::Null).await?;
    scene.settled().await?;

    let back = json!({ "referralId": next["id"], "version": next["version"], "reason": "OUT_OF_AREA" });
    let refused =
        bea.mutate("returnReferral", "ReturnReferralInput", back, REFERRAL).await?["refusal"].clone();
    assert_eq!(refused["code"], "ASKER_CLOSED", "{refused}");
    assert!(refused["next"].as_str().unwrap_or_default().starts_with("Decline it"), "{refused}");
    let no = json!({ "reason": "NOT_SUITABLE" });
    command(&bea, "declineReferral", "DeclineReferralInput", &next, no).await?;
    let tasks = "SELECT count(*) FROM tasks t JOIN organisations o USING (network_id, organisation_id)
      WHERE t.kind = 'find_alternative' AND o.closed_at IS NOT NULL";
    assert_eq!(scene.count(tasks).await?, 0, "nobody works there");
    let todo = "{ worklist(first: 20) { edges { node { taskKind referralId } } } }";
    let gp = scene.served.client(&region.referrer)?;
    let todo = gp.data(todo, json!({})).await?["worklist"]["edges"].clone();
    let finds = |edge: &Value| {
        edge["node"]["taskKind"] == "FIND_ALTERNATIVE" && edge["node"]["referralId"] == next["id"]
    };
    assert!(todo.as_array().is_some_and(|todo| todo.iter().any(finds)), "{todo}");
    Ok(())
}

#[tokio::test]
async fn each_place_hears_once_that_it_has_closed_and_sees_each_referral_on_its_list() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    for _ in 0..3 {
        scene.taken_up().await?;
    }
    let helped = scene.taken_up().await?;
    let lead = scene.served.client(&region.team_lead)?;
    let begun = talks(&lead, &helped["id"]).await?["referral"].clone();
    let words = json!({
        "outcome": "GOAL_MET", "supportOffered": "Walked together", "outcomes": "Goes alone now",
        "actionsForReferrer": "None",
    });
    command(&lead, "completeReferral", "CompleteReferralInput", &begun, words).await?;
    scene.asked_onward(region.walking).await?;
    scene.asked_onward(region.walking).await?;
    scene.mailbox.mails(&scene.served).await?;
    scene.close(region.links, Value::Null).await?;
    assert_eq!(scene.settled().await?, 7);
    let mails = scene.mailbox.mails(&scene.served).await?;
    let said: Vec<&str> = mails
        .iter()
        .filter(|mail| mail.subject.contains("has closed"))
        .flat_map(|mail| &mail.to)
        .map(|to| &**to)
        .collect();
    assert_eq!(said.len(), 2, "the practice and the walkers, once each: {said:?}");
    assert!(said.contains(&region.referrer.email.as_str()), "{said:?}");
    let since = mails.iter().filter(|mail| mail.subject.contains("needs your next step"));
    assert_eq!(since.count(), 0, "a mail for each of them");
    let todo =
        "SELECT count(*) FROM tasks WHERE kind IN ('find_alternative', 'asker_closed') AND done_at IS NULL";
    assert_eq!(scene.count(todo).await?, 7);
    scene.nobody_is_lost().await?;
    Ok(())
}
