//! With a record goes what its keeper has asked for: somebody hears how it ends, can be asked, and takes it back.

use serde_json::{Value, json};
use trellis_domain::policy::Role;
use trellis_domain::tenancy::OrganisationKind;
use trellis_tests::gql::Client;

use crate::closing_story::agrees_to_everybody;
use crate::custody_story::{Scene, accepts, offers};
use crate::loop_over_graphql::{REFERRAL, agreement, command, refer};

/// A referral as this client reads it now.
pub async fn read(client: &Client, id: &Value) -> anyhow::Result<Value> {
    let query = "query($id: ID!) { referral(id: $id) { id version stage from { name } \
                 timeline(first: 20) { words } } }";
    Ok(client.data(query, json!({ "id": id })).await?["referral"].clone())
}

async fn list(client: &Client) -> anyhow::Result<Vec<Value>> {
    let query = "{ worklist(first: 20) { edges { node { kind taskKind referralId } } } }";
    let edges = client.data(query, json!({})).await?["worklist"]["edges"].clone();
    Ok(edges.as_array().into_iter().flatten().map(|edge| edge["node"].clone()).collect())
}

/// The practice's request, and the one that the link workers have made of it.
async fn passed_on(scene: &Scene) -> anyhow::Result<(Value, Value)> {
    let region = &scene.region;
    let (gp, lead) = (scene.gp()?, scene.served.client(&region.team_lead)?);
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    let taken = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    agrees_to_everybody(&scene.served, &region.team_lead, &taken).await?;
    let on = json!({ "serviceId": region.debt_advice.to_string(), "reason": "BETTER_FIT" });
    let next = command(&lead, "transferReferral", "TransferReferralInput", &taken, on).await?;
    Ok((sent, next))
}

#[tokio::test]
async fn what_comes_back_after_its_practice_has_closed_comes_to_whoever_keeps_the_record()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let (gp, bea) = (scene.gp()?, scene.served.client(&region.volunteer)?);
    let sent = refer(&gp, &region.walking.to_string()).await?;
    scene.both_have_signed().await?;
    assert_eq!(scene.mailbox.hand_over().await?.moved, 1);
    let closed = scene.close(region.practice).await?;
    assert!(closed["refusal"].is_null(), "{closed}");

    let max = scene.max()?;
    let seen = read(&max, &sent["id"]).await?;
    assert_eq!((&seen["stage"], &seen["from"]["name"]), (&json!("SENT"), &json!("Vale Health Centre")));
    let stale =
        json!({ "referralId": sent["id"], "version": sent["version"], "reason": "NEEDS_INFORMATION" });
    let refused = bea.refused("returnReferral", "ReturnReferralInput", stale).await?;
    assert_eq!(refused, "STALE", "whoever had the page open before sees who asks now");
    let now = read(&bea, &sent["id"]).await?;
    let story = now["timeline"].to_string();
    assert!(story.contains("Went with the person's record"), "{story}");
    let why = json!({ "reason": "NEEDS_INFORMATION" });
    command(&bea, "returnReferral", "ReturnReferralInput", &now, why).await?;
    let asked = list(&max).await?;
    let waits = |row: &&Value| row["taskKind"] == "ANSWER_RETURN" && row["referralId"] == sent["id"];
    assert_eq!(asked.iter().filter(waits).count(), 1, "{asked:?}");
    let back = read(&max, &sent["id"]).await?;
    let again = command(&max, "sendReferral", "ReferralCommandInput", &back, json!({})).await?;
    assert_eq!(again["stage"], "SENT");
    Ok(())
}

#[tokio::test]
async fn what_was_passed_on_and_what_has_ended_goes_along_too() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let (sent, next) = passed_on(&scene).await?;
    scene.both_have_signed().await?;
    assert_eq!(scene.mailbox.hand_over().await?.moved, 1);

    let (gp, lead) = (scene.gp()?, scene.served.client(&region.team_lead)?);
    for (id, stage) in [(&sent["id"], "TRANSFERRED"), (&next["id"], "SENT")] {
        assert!(read(&gp, id).await?.is_null());
        assert_eq!(read(&scene.max()?, id).await?["stage"], stage);
    }
    assert_eq!(read(&lead, &next["id"]).await?["from"]["name"], "North Vale Community Links");
    Ok(())
}

#[tokio::test]
async fn what_came_back_to_whoever_passed_it_on_holds_nobody_up() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let (_, next) = passed_on(&scene).await?;
    let why = json!({ "reason": "NEEDS_INFORMATION" });
    let tom = scene.served.client(&region.adviser)?;
    command(&tom, "returnReferral", "ReturnReferralInput", &next, why).await?;
    scene.both_have_signed().await?;
    let carried = scene.mailbox.hand_over().await?;
    assert_eq!((carried.moved, carried.failed), (1, 0), "{carried:?}");
    let behind = "SELECT count(*) FROM referrals r JOIN organisations o ON o.network_id = r.network_id
      AND o.organisation_id = r.asker_organisation_id WHERE o.name = 'Vale Health Centre' AND r.stage = 'returned'";
    assert_eq!(
        scene.count(behind).await?,
        1,
        "it is the link workers' to answer, and the new keeper's to hear of"
    );
    Ok(())
}

#[tokio::test]
async fn that_nobody_answers_is_told_to_whoever_asks_now() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let sent = refer(&scene.gp()?, &scene.region.walking.to_string()).await?;
    scene.both_have_signed().await?;
    for days in [9, 3, 3] {
        scene.served.world.clock.advance(jiff::SignedDuration::from_hours(24 * days));
        assert_eq!(scene.mailbox.chase().await?.told, 1);
    }
    let unanswered = |row: &&Value| row["taskKind"] == "NO_ANSWER" && row["referralId"] == sent["id"];
    assert_eq!(list(&scene.gp()?).await?.iter().filter(unanswered).count(), 1);
    assert_eq!(scene.mailbox.hand_over().await?.moved, 1);
    assert_eq!(list(&scene.gp()?).await?, Vec::<Value>::new());
    assert_eq!(scene.mailbox.chase().await?.told, 1);
    assert_eq!(list(&scene.max()?).await?.iter().filter(unanswered).count(), 1);
    Ok(())
}

#[tokio::test]
async fn what_they_asked_for_as_helpers_stays_with_those_who_help() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (region, world) = (&scene.region, &scene.served.world);
    let lead = scene.served.client(&region.team_lead)?;
    let own = world.service((region.network, region.links), "Link workers at home", None).await?;
    let asked = refer(&lead, &own.to_string()).await?;
    let held = command(&lead, "acceptReferral", "ReferralCommandInput", &asked, json!({})).await?;
    let onward = json!({ "referralId": held["id"], "serviceId": region.walking.to_string(), "agreement": agreement() });
    let placed = lead.mutate("referOnward", "ReferOnwardInput", onward, REFERRAL).await?["referral"].clone();
    let south =
        world.organisation(region.network, "South Vale Links", OrganisationKind::LinkWorkerService).await?;
    let at_south = (region.network, Some(south));
    let orla = world.member(at_south, "Orla Finch", Role::PrivacyOfficer).await?;
    let noa = world.member(at_south, "Noa Birch", Role::TeamLead).await?;
    let pat = scene.served.client(&region.privacy_officer)?;
    accepts(&scene.served.client(&orla)?, &offers(&pat, south).await?).await?;
    assert_eq!(scene.mailbox.hand_over().await?.moved, 1);

    let noa = scene.served.client(&noa)?;
    assert_eq!(read(&noa, &held["id"]).await?["from"]["name"], "South Vale Links");
    assert!(read(&noa, &placed["id"]).await?.is_null());
    assert_eq!(read(&lead, &placed["id"]).await?["from"]["name"], "North Vale Community Links");
    Ok(())
}

#[tokio::test]
async fn accepting_while_the_record_goes_over_loses_neither() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let (gp, tom) = (scene.gp()?, scene.served.client(&region.adviser)?);
    let mut all = Vec::new();
    for _ in 0..8 {
        all.push(refer(&gp, &region.debt_advice.to_string()).await?);
    }
    scene.both_have_signed().await?;
    let accepting = async {
        let mut stale = 0;
        for sent in all.iter().rev() {
            let input = json!({ "referralId": sent["id"], "version": sent["version"] });
            let answer = tom.mutate("acceptReferral", "ReferralCommandInput", input, REFERRAL).await?;
            match answer["refusal"]["code"].as_str() {
                None => {}
                Some("STALE") => stale += 1,
                Some(_) => anyhow::bail!("{answer}"),
            }
        }
        anyhow::Ok(stale)
    };
    let (stale, carried) = tokio::try_join!(accepting, scene.mailbox.hand_over())?;
    assert_eq!((carried.moved, carried.failed), (8, 0), "{carried:?}");
    let accepted = scene.count("SELECT count(*) FROM referrals WHERE stage = 'accepted'").await?;
    assert_eq!(accepted + stale, 8, "each was accepted, or its page was older than the record's new keeper");
    let ours = "SELECT count(*) FROM referrals r JOIN organisations o
      ON o.network_id = r.network_id AND o.organisation_id = r.from_organisation_id WHERE o.name = 'Vale Health Centre'";
    assert_eq!(scene.count(ours).await?, 8);
    let named = "SELECT count(*) FROM person_access a JOIN persons p USING (network_id, person_id)
       WHERE a.custodian_organisation_id <> p.custodian_organisation_id";
    assert_eq!(scene.count(named).await?, 0);
    Ok(())
}
