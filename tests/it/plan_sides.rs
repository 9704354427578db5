//! Who reads and who writes somebody's plan: whoever has the whole record open, and nobody else; and where it goes when the
//! record or the help changes hands.

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use trellis_domain::kernel::{Clock, OrganisationId, TypedId};
use trellis_domain::policy::Role;
use trellis_domain::tenancy::OrganisationKind;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;

use crate::custody_story::{Keepers, accepts, offers};
use crate::emergency::opened;
use crate::loop_over_graphql::{REFERRAL, agreement, command};
use crate::plan_story::{PLAN, Scene, first_plan, helped, reads, saves, sent_again};

async fn rows_seen_by(scene: &Scene, organisation: OrganisationId) -> anyhow::Result<i64> {
    let client = scene.served.world.database.connect_as("trellis_app").await?;
    let (network, organisation) = (scene.region.network.uuid(), organisation.uuid());
    let set = format!(
        "BEGIN; SET LOCAL app.network_id = '{network}'; SET LOCAL app.organisation_id = '{organisation}'; \
         SET LOCAL app.actor_id = '00000000-0000-0000-0000-000000000000'"
    );
    client.batch_execute(&set).await?;
    Ok(client.query_one("SELECT count(*) FROM plan_versions", &[]).await?.get(0))
}

/// Would the database let the organisation write the next version, in its own name?
async fn may_write(
    served: &Served,
    (network, organisation): (uuid::Uuid, uuid::Uuid),
    plan: &Value,
) -> anyhow::Result<bool> {
    let client = served.world.database.connect_as("trellis_app").await?;
    let now = served.world.clock.now();
    let begin = format!(
        "BEGIN; SET LOCAL app.network_id = '{network}'; SET LOCAL app.organisation_id = '{organisation}'; \
         SET LOCAL app.actor_id = '00000000-0000-0000-0000-000000000000'; SET LOCAL app.now = '{now}'"
    );
    client.batch_execute(&begin).await?;
    let insert = "INSERT INTO plan_versions (network_id, plan_id, person_id, version, organisation_id, user_id, saved_at, sealed_content)
      SELECT network_id, gen_random_uuid(), person_id, version + 1, $2, user_id, saved_at, ''
      FROM plan_versions WHERE 'pln_' || replace(plan_id::text, '-', '') = $1";
    let id = plan["id"].as_str().context("an id")?;
    Ok(client.execute(insert, &[&id, &organisation]).await.is_ok_and(|rows| rows == 1))
}

#[tokio::test]
async fn nobody_but_whoever_has_the_whole_record_sees_that_there_is_a_plan() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (sam, region) = (scene.sam()?, &scene.region);
    saves(&sam, first_plan(&scene.person)).await?;
    let onward = json!({ "referralId": scene.referral["id"], "serviceId": region.walking.to_string(), "agreement": agreement() });
    let placed = sam.mutate("referOnward", "ReferOnwardInput", onward, REFERRAL).await?["referral"].clone();
    let bea = scene.client(&region.volunteer)?;
    command(&bea, "acceptReferral", "ReferralCommandInput", &placed, json!({})).await?;

    let query = format!(
        "query($id: ID!) {{ person(id: $id) {{ name {PLAN} planVersions(first: 5) {{ edges {{ cursor }} }} }} }}"
    );
    let id = || json!({ "id": scene.person });
    for who in [&region.volunteer, &region.referrer] {
        let seen = scene.client(who)?.data(&query, id()).await?["person"].clone();
        assert_eq!(seen, json!({ "name": "Jo Park", "plan": null, "planVersions": null }), "{}", who.email);
        let code = scene.client(who)?.refused("savePlan", "SavePlanInput", first_plan(&scene.person)).await?;
        assert_eq!(code, "DENIED", "{}", who.email);
    }
    let elsewhere = scene.served.world.region("south-moor").await?;
    for who in [&region.adviser, &elsewhere.team_lead] {
        let client = scene.client(who)?;
        assert!(client.data(&query, id()).await?["person"].is_null(), "{}", who.email);
        assert_eq!(
            client.refused("savePlan", "SavePlanInput", first_plan(&scene.person)).await?,
            "NOT_FOUND"
        );
    }
    let seen = [region.links, region.practice, region.walkers, region.advice];
    let mut rows = Vec::new();
    for organisation in seen {
        rows.push(rows_seen_by(&scene, organisation).await?);
    }
    assert_eq!(rows, [1, 1, 0, 0], "the link workers and the keeper, and no provider");
    let pat = scene.client(&region.privacy_officer)?;
    assert_eq!(reads(&pat, &scene.person).await?["version"], 1, "who answers for privacy reads it");
    assert_eq!(pat.refused("savePlan", "SavePlanInput", first_plan(&scene.person)).await?, "DENIED");
    Ok(())
}

#[tokio::test]
async fn reading_and_saving_stand_in_the_audit_and_the_event_says_no_word_of_it() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let owner = scene.served.world.database.connect_as_owner().await?;
    let plan = saves(&scene.sam()?, first_plan(&scene.person)).await?;
    reads(&scene.sam()?, &scene.person).await?;
    let person = scene.person.as_str().and_then(|id| id.strip_prefix("per_")).context("an id")?.to_owned();
    let count = "SELECT count(*) FROM audit_entries WHERE action = $1 AND result = $2 AND replace(person_id::text, '-', '') = $3";
    for (action, result) in [("plan.save", "done"), ("plan.view", "read")] {
        let entries: i64 = owner.query_one(count, &[&action, &result, &person]).await?.get(0);
        assert!(entries > 0, "{action}");
    }
    let event = owner
        .query_one(
            "SELECT facts::text, replace(subject_id::text, '-', '') FROM events WHERE name = 'plan.saved'",
            &[],
        )
        .await?;
    assert_eq!(event.get::<_, String>(0), "{\"version\": 1}");
    assert_eq!(format!("pln_{}", event.get::<_, String>(1)), plan["id"].as_str().unwrap_or_default());
    Ok(())
}

#[tokio::test]
async fn in_an_emergency_the_plan_is_read_and_not_written() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let world = &served.world;
    let (person, _) = helped(&served, &region).await?;
    saves(&served.client(&region.link_worker)?, first_plan(&person)).await?;
    let other =
        world.organisation(region.network, "Old Town Links", OrganisationKind::LinkWorkerService).await?;
    let nora = world.member((region.network, Some(other)), "Nora Frost", Role::LinkWorker).await?;
    let nora = served.client(&nora)?;
    let found = opened(&nora).await?;
    ensure!(found["personId"] == person, "{found}");
    let plan = reads(&nora, &person).await?;
    assert_eq!(plan["whatMatters"], "See people twice a week, and my dog");
    let over = sent_again(&person, &plan);
    assert_eq!(nora.refused("savePlan", "SavePlanInput", over).await?, "DENIED");
    assert!(
        !may_write(&served, (region.network.uuid(), other.uuid()), &plan).await?,
        "the database says no as well"
    );
    assert!(may_write(&served, (region.network.uuid(), region.links.uuid()), &plan).await?, "the control");
    let closed = json!({ "openingId": found["id"] });
    nora.mutate("closeEmergency", "CloseEmergencyInput", closed, "emergency { open }").await?;
    assert!(reads(&nora, &person).await?.is_null(), "it is over");
    Ok(())
}

#[tokio::test]
async fn the_plan_goes_along_when_the_record_changes_hands() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let keepers = Keepers::of(&scene.served, &scene.region).await?;
    let (una, olga) = (scene.client(&keepers.una)?, scene.client(&keepers.olga)?);
    let plan = saves(&scene.sam()?, first_plan(&scene.person)).await?;
    assert_eq!(reads(&una, &scene.person).await?["version"], 1, "who keeps the record reads the plan");
    assert!(reads(&olga, &scene.person).await?.is_null());
    accepts(&olga, &offers(&una, keepers.vale).await?).await?;
    Mailbox::of(&scene.served)?.hand_over().await?;
    let read = reads(&olga, &scene.person).await?;
    assert_eq!((&read["id"], &read["savedBy"]), (&plan["id"], &json!("Sam Ridley")));
    assert!(reads(&una, &scene.person).await?.is_null(), "it is theirs no more");
    let mut next = sent_again(&scene.person, &plan);
    next["whatMatters"] = json!("My dog");
    assert_eq!(saves(&scene.sam()?, next).await?["version"], 2, "whoever helps goes on with it");
    Ok(())
}

#[tokio::test]
async fn whoever_takes_over_goes_on_with_the_plan_if_the_person_shares_all() -> anyhow::Result<()> {
    for (scope, seen) in [("FULL", true), ("NEED_AND_ACCESS", false)] {
        let scene = Scene::new().await?;
        let (world, region, sam) = (&scene.served.world, &scene.region, scene.sam()?);
        let kind = OrganisationKind::LinkWorkerService;
        let other = world.organisation(region.network, "Old Town Links", kind).await?;
        let service = world.service((region.network, other), "Old Town link workers", None).await?;
        let nora = scene
            .client(&world.member((region.network, Some(other)), "Nora Frost", Role::TeamLead).await?)?;
        saves(&sam, first_plan(&scene.person)).await?;
        let agreed = json!({ "personId": scene.person, "purpose": "REFERRAL", "scope": scope, "agreement": agreement() });
        sam.mutate("recordDecision", "RecordDecisionInput", agreed, "decision { id }").await?;
        let on = json!({ "serviceId": service.to_string(), "reason": "MOVED" });
        let lead = scene.client(&region.team_lead)?;
        command(&lead, "transferReferral", "TransferReferralInput", &scene.referral, on).await?;
        let list = "{ referrals(filter: { side: RECEIVED }, first: 5) { edges { node { id version } } } }";
        let got = nora.data(list, json!({})).await?["referrals"]["edges"][0]["node"].clone();
        command(&nora, "acceptReferral", "ReferralCommandInput", &got, json!({})).await?;
        let plan = reads(&nora, &scene.person).await?;
        assert_eq!(plan["version"] == 1, seen, "{scope}: {plan}");
        let gone =
            sam.data("query($id: ID!) { person(id: $id) { name } }", json!({ "id": scene.person })).await?;
        assert!(gone["person"].is_null(), "whoever passed it on sees nobody any more");
    }
    Ok(())
}
