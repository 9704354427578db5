//! The ways through the lifecycle that the main story does not take, over GraphQL: drafts, waiting lists, pauses,
//! passing on, taking back, starting again; and what people decide and wish.

use anyhow::Context;
use serde_json::{Value, json};
use trellis_tests::gql::Client;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::loop_over_graphql::{REFERRAL, agreement, command, refer, refer_input, somebody_new};

struct Scene {
    served: Served,
    region: Region,
}

impl Scene {
    async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        Ok(Self { served, region })
    }

    fn client(&self, who: &Persona) -> anyhow::Result<Client> {
        self.served.client(who)
    }

    /// A command without more to it.
    async fn plainly(&self, who: &Persona, name: &str, on: &Value) -> anyhow::Result<Value> {
        command(&self.client(who)?, name, "ReferralCommandInput", on, json!({})).await
    }

    async fn sent(&self) -> anyhow::Result<Value> {
        refer(&self.client(&self.region.referrer)?, &self.region.link_service.to_string()).await
    }

    async fn reads(&self, who: &Persona, id: &Value, fields: &str) -> anyhow::Result<Value> {
        let query = format!("query($id: ID!) {{ referral(id: $id) {{ {fields} }} }}");
        Ok(self.client(who)?.data(&query, json!({ "id": id })).await?["referral"].clone())
    }

    async fn registered(&self) -> anyhow::Result<Value> {
        let person = somebody_new();
        let input = json!({ "identity": person["identity"], "preferences": person["preferences"] });
        let gp = self.client(&self.region.referrer)?;
        let fields = "person { id version preferences { channels } }";
        Ok(gp.mutate("registerPerson", "RegisterPersonInput", input, fields).await?["person"].clone())
    }
}

#[tokio::test]
async fn a_draft_is_sent_once_its_person_has_agreed() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (region, gp) = (&scene.region, scene.client(&scene.region.referrer)?);
    let person = scene.registered().await?;
    let draft = json!({
        "personId": person["id"], "serviceId": region.link_service.to_string(), "needs": ["MONEY"],
        "risk": "NONE_KNOWN", "whatMatters": "A letter about the rent",
    });
    let drafted =
        gp.mutate("draftReferral", "DraftReferralInput", draft, REFERRAL).await?["referral"].clone();
    assert_eq!((&drafted["stage"], &drafted["version"]), (&json!("DRAFT"), &json!(1)));
    assert!(
        scene.reads(&region.team_lead, &drafted["id"], "id").await?.is_null(),
        "a draft is the sender's own"
    );
    let unsent = json!({ "referralId": drafted["id"], "version": drafted["version"] });
    assert_eq!(gp.refused("sendReferral", "ReferralCommandInput", unsent).await?, "NO_DECISION");

    let agreed = json!({
        "personId": person["id"], "purpose": "REFERRAL", "scope": "FULL", "agreement": agreement(),
        "organisationKind": "LINK_WORKER_SERVICE",
    });
    let fields = "decision { purpose scope recipient active howGiven }";
    let decided = gp.mutate("recordDecision", "RecordDecisionInput", agreed, fields).await?;
    assert_eq!(
        (&decided["decision"]["active"], &decided["decision"]["howGiven"]),
        (&json!(true), &json!("SPOKEN"))
    );
    let sent = scene.plainly(&region.referrer, "sendReferral", &drafted).await?;
    assert_eq!(sent["stage"], "SENT");
    assert_eq!(scene.reads(&region.team_lead, &sent["id"], "stage").await?["stage"], "SENT");
    Ok(())
}

#[tokio::test]
async fn who_waits_is_offered_a_place_when_their_turn_comes_and_somebody_tells_them() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let sent = scene.sent().await?;
    let waiting = scene.plainly(&region.team_lead, "waitlistReferral", &sent).await?;
    assert_eq!(waiting["stage"], "WAITLISTED");
    let gp = scene.client(&region.referrer)?;
    let todo = "{ worklist(first: 10) { counts { tasks } edges { node { id kind taskKind } } } }";
    let tasks = gp.data(todo, json!({})).await?["worklist"].clone();
    let edges = tasks["edges"].as_array().cloned().unwrap_or_default();
    let tell =
        edges.iter().find(|edge| edge["node"]["taskKind"] == "TELL_PERSON").context("nobody tells them")?;
    let done = json!({ "taskId": tell["node"]["id"] });
    assert_eq!(gp.mutate("finishTask", "FinishTaskInput", done, "done").await?["done"], true);
    assert_eq!(gp.data(todo, json!({})).await?["worklist"]["counts"]["tasks"], 0);

    let lead = scene.client(&region.team_lead)?;
    let placed = command(&lead, "offerPlace", "OfferPlaceInput", &waiting, json!({})).await?;
    assert_eq!(placed["stage"], "ACCEPTED");
    Ok(())
}

#[tokio::test]
async fn what_is_sent_back_is_answered_and_sent_again() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let region = &scene.region;
    let sent = scene.sent().await?;
    let why = json!({ "reason": "NEEDS_INFORMATION" });
    let lead = scene.client(&region.team_lead)?;
    let back = command(&lead, "returnReferral", "ReturnReferralInput", &sent, why).await?;
    assert_eq!(back["stage"], "RETURNED");
    assert_eq!(scene.reads(&region.referrer, &sent["id"], "reason").await?["reason"], "needs_information");
    let again = scene.plainly(&region.referrer, "sendReferral", &back).await?;
    assert_eq!(again["stage"], "SENT");
    Ok(())
}

#[tokio::test]
async fn a_pause_keeps_the_place_and_ends_when_somebody_says_so() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (region, lead) = (&scene.region, scene.client(&scene.region.team_lead)?);
    let accepted = scene.plainly(&region.team_lead, "acceptReferral", &scene.sent().await?).await?;
    let started = scene.plainly(&region.team_lead, "startReferral", &accepted).await?;
    assert_eq!(started["stage"], "ACTIVE");
    let pause = json!({ "reason": "ILLNESS", "until": "2026-12-14T09:00:00Z" });
    let held = command(&lead, "holdReferral", "HoldReferralInput", &started, pause).await?;
    assert_eq!(held["stage"], "ON_HOLD");
    assert_eq!(scene.reads(&region.team_lead, &held["id"], "dueAt").await?["dueAt"], "2026-12-14T09:00:00Z");
    let resumed = scene.plainly(&region.team_lead, "resumeReferral", &held).await?;
    assert_eq!(resumed["stage"], "ACTIVE");
    Ok(())
}

#[tokio::test]
async fn one_that_is_passed_on_is_a_new_referral_and_the_old_one_says_so() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (region, lead) = (&scene.region, scene.client(&scene.region.team_lead)?);
    let person = scene.registered().await?;
    let gp = scene.client(&region.referrer)?;
    let network =
        json!({ "personId": person["id"], "purpose": "REFERRAL", "scope": "FULL", "agreement": agreement() });
    gp.mutate("recordDecision", "RecordDecisionInput", network, "decision { id }").await?;
    let mut input = refer_input(&region.link_service.to_string());
    (input["personId"], input["newPerson"], input["agreement"]) =
        (person["id"].clone(), Value::Null, Value::Null);
    let sent = gp.mutate("refer", "ReferInput", input, REFERRAL).await?["referral"].clone();
    let accepted = scene.plainly(&region.team_lead, "acceptReferral", &sent).await?;
    let to = json!({ "serviceId": region.debt_advice.to_string(), "reason": "BETTER_FIT" });
    let next = command(&lead, "transferReferral", "TransferReferralInput", &accepted, to).await?;
    assert!(next["stage"] == "SENT" && next["id"] != sent["id"], "{next}");
    assert_eq!(scene.reads(&region.referrer, &sent["id"], "stage").await?["stage"], "TRANSFERRED");
    assert_eq!(scene.reads(&region.adviser, &next["id"], "stage").await?["stage"], "SENT");
    Ok(())
}

#[tokio::test]
async fn what_ended_is_taken_up_again_within_a_month() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (region, lead) = (&scene.region, scene.client(&scene.region.team_lead)?);
    let accepted = scene.plainly(&region.team_lead, "acceptReferral", &scene.sent().await?).await?;
    let started = scene.plainly(&region.team_lead, "startReferral", &accepted).await?;
    let close = json!({ "outcome": "PARTLY_MET", "supportOffered": "Two visits" });
    let closed = command(&lead, "completeReferral", "CompleteReferralInput", &started, close).await?;
    scene.served.world.clock.advance(jiff::SignedDuration::from_hours(24 * 29));
    let lead = scene.client(&region.team_lead)?;
    let why = json!({ "reason": "CAME_BACK" });
    let again = command(&lead, "reopenReferral", "ReopenReferralInput", &closed, why).await?;
    assert_eq!(again["stage"], "ACTIVE");
    Ok(())
}

#[tokio::test]
async fn a_practice_cancels_its_own_mistake_and_a_person_may_withdraw_at_any_time() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (region, gp) = (&scene.region, scene.client(&scene.region.referrer)?);
    let mistake = scene.sent().await?;
    let why = json!({ "reason": "SENT_IN_ERROR" });
    let cancelled = command(&gp, "cancelReferral", "CancelReferralInput", &mistake, why).await?;
    assert_eq!(cancelled["stage"], "CANCELLED");

    let accepted = scene.plainly(&region.team_lead, "acceptReferral", &scene.sent().await?).await?;
    let lead = scene.client(&region.team_lead)?;
    let by = json!({ "by": "PERSON" });
    let withdrawn = command(&lead, "withdrawReferral", "WithdrawReferralInput", &accepted, by).await?;
    assert_eq!(withdrawn["stage"], "WITHDRAWN");
    let hears = scene.reads(&region.team_lead, &withdrawn["id"], "stage person { name }").await?;
    assert!(hears["person"].is_null(), "the access ended with it: {hears}");
    Ok(())
}

#[tokio::test]
async fn taking_agreement_back_takes_back_what_was_sent_under_it() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (region, gp) = (&scene.region, scene.client(&scene.region.referrer)?);
    let sent = scene.sent().await?;
    let query = "query($id: ID!) { referral(id: $id) { person { id version decisions { id active } } } }";
    let accepted = scene.plainly(&region.team_lead, "acceptReferral", &sent).await?;
    let lead = scene.client(&region.team_lead)?;
    let person = lead.data(query, json!({ "id": sent["id"] })).await?["referral"]["person"].clone();
    let input = json!({ "decisionId": person["decisions"][0]["id"] });
    let fields = "decision { active withdrawnAt }";
    let taken = gp.mutate("withdrawDecision", "WithdrawDecisionInput", input, fields).await?;
    assert_eq!(taken["decision"]["active"], false, "{taken}");
    assert_eq!(scene.reads(&region.referrer, &accepted["id"], "stage").await?["stage"], "WITHDRAWN");
    assert!(scene.reads(&region.team_lead, &accepted["id"], "person { name }").await?["person"].is_null());
    Ok(())
}

#[tokio::test]
async fn how_somebody_wants_to_be_reached_changes_and_is_heeded() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let gp = scene.client(&scene.region.referrer)?;
    let person = scene.registered().await?;
    let wishes =
        json!({ "channels": ["LETTER"], "format": "BRAILLE", "noVoicemail": true, "safeTimes": "after six" });
    let input = json!({ "personId": person["id"], "version": person["version"], "preferences": wishes });
    let fields = "person { version preferences { channels format noVoicemail safeTimes } }";
    let changed = gp.mutate("changePreferences", "ChangePreferencesInput", input.clone(), fields).await?;
    let kept =
        json!({ "channels": ["LETTER"], "format": "BRAILLE", "noVoicemail": true, "safeTimes": "after six" });
    assert_eq!(changed["person"]["preferences"], kept, "{changed}");
    assert_eq!(gp.refused("changePreferences", "ChangePreferencesInput", input).await?, "STALE");
    Ok(())
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_is_told_that_it_changed() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (lead, sam) = (scene.client(&scene.region.team_lead)?, scene.client(&scene.region.link_worker)?);
    for round in 0..5 {
        let sent = scene.sent().await?;
        let input = json!({ "referralId": sent["id"], "version": sent["version"] });
        let no = json!({ "referralId": sent["id"], "version": sent["version"], "reason": "OTHER" });
        let (yes, no) = tokio::join!(
            lead.mutate("acceptReferral", "ReferralCommandInput", input, "referral { stage }"),
            sam.mutate("declineReferral", "DeclineReferralInput", no, "referral { stage }"),
        );
        let codes = [yes?["refusal"]["code"].clone(), no?["refusal"]["code"].clone()];
        let stale = codes.iter().filter(|code| **code == "STALE").count();
        let fine = codes.iter().filter(|code| code.is_null()).count();
        assert_eq!((fine, stale), (1, 1), "round {round}: {codes:?}");
        let owner = scene.served.world.database.connect_as_owner().await?;
        let query = "SELECT count(*) FROM events WHERE name IN ('referral.accepted', 'referral.declined')";
        assert_eq!(owner.query_one(query, &[]).await?.get::<_, i64>(0), round + 1);
    }
    Ok(())
}
