//! A record is opened in an emergency: to read, with a reason, for a day at most; whoever keeps it is told and reviews it.

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::policy::Role;
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::loop_over_graphql::{REFERRAL, refer_input};

/// Of nobody else in any story.
const BORN: &str = "1931-12-13";
const REASON: &str = "Found distressed at the library; next of kin unknown";
pub const EMERGENCY: &str = "emergency { id personId personName reason open verdict }";

/// Jo is known to the practice and was referred to the walking group; the link workers have no way to the record.
pub fn jo() -> Value {
    json!({ "familyName": "Park", "birthDate": BORN, "postcode": "LA9 4PU", "reason": REASON })
}

/// Whom a service is asked for, so that nobody but the two knows of them.
pub async fn known_elsewhere(client: &Client, service: &str) -> anyhow::Result<Value> {
    let mut input = refer_input(service);
    input["newPerson"]["identity"]["birthDate"] = json!(BORN);
    let sent = client.mutate("refer", "ReferInput", input, REFERRAL).await?;
    anyhow::ensure!(sent["refusal"].is_null(), "{sent}");
    Ok(sent["referral"].clone())
}

pub async fn opened(client: &Client) -> anyhow::Result<Value> {
    let payload = client.mutate("openInEmergency", "OpenInEmergencyInput", jo(), EMERGENCY).await?;
    anyhow::ensure!(payload["refusal"].is_null(), "{payload}");
    Ok(payload["emergency"].clone())
}

struct Scene {
    served: Served,
    region: Region,
    officer: Persona,
}

impl Scene {
    async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        let at_practice = (region.network, Some(region.practice));
        let officer = served.world.member(at_practice, "Una Hale", Role::PrivacyOfficer).await?;
        known_elsewhere(&served.client(&region.referrer)?, &region.walking.to_string()).await?;
        Ok(Self { served, region, officer })
    }

    fn sam(&self) -> anyhow::Result<Client> {
        self.served.client(&self.region.link_worker)
    }

    async fn person_seen_by_sam(&self, person: &Value) -> anyhow::Result<Value> {
        let query = "query($id: ID!) { person(id: $id) { name accessBasis identity { birthDate phone }
            emergency { until } emergencyHelpers { organisationName helpPhone serviceName risk } } }";
        Ok(self.sam()?.data(query, json!({ "id": person })).await?["person"].clone())
    }
}

#[tokio::test]
async fn a_worker_reads_the_record_and_learns_who_helps() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let emergency = opened(&scene.sam()?).await?;
    assert_eq!((&emergency["personName"], &emergency["reason"]), (&json!("Jo Park"), &json!(REASON)));
    let seen = scene.person_seen_by_sam(&emergency["personId"]).await?;
    assert_eq!(seen["identity"]["birthDate"], BORN);
    assert_eq!(seen["accessBasis"], "Emergency opening");
    assert_eq!(seen["emergency"]["until"], "2026-11-24T09:00:00Z");
    assert_eq!(seen["emergencyHelpers"][0]["organisationName"], "Eastfield Walkers");
    assert_eq!(seen["emergencyHelpers"][0]["helpPhone"], "01632 960 001");
    Ok(())
}

#[tokio::test]
async fn it_is_open_to_whoever_gave_the_reason_and_not_to_their_colleagues() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let emergency = opened(&scene.sam()?).await?;
    let lead = scene.served.client(&scene.region.team_lead)?;
    let person = json!({ "id": emergency["personId"] });
    let seen = lead.data("query($id: ID!) { person(id: $id) { name } }", person.clone()).await?;
    assert!(seen["person"].is_null(), "{seen}");
    let list = "{ emergencies(first: 5) { edges { node { id personName reason openedBy } } } }";
    let listed = lead.data(list, json!({})).await?;
    let listed = &listed["emergencies"]["edges"][0]["node"];
    assert_eq!((&listed["id"], &listed["openedBy"]), (&emergency["id"], &json!("Sam Ridley")));
    assert!(listed["personName"].is_null() && listed["reason"].is_null(), "{listed}");

    let own = opened(&lead).await?;
    assert_ne!(own["id"], emergency["id"], "with a reason of their own");
    let seen = lead.data("query($id: ID!) { person(id: $id) { name } }", person).await?;
    assert_eq!(seen["person"]["name"], "Jo Park");
    let over = json!({ "openingId": emergency["id"] });
    let closed = lead.mutate("closeEmergency", "CloseEmergencyInput", over, EMERGENCY).await?;
    assert!(closed["refusal"].is_null(), "{closed}");
    assert!(scene.person_seen_by_sam(&emergency["personId"]).await?.is_null(), "a lead ended it");
    Ok(())
}

#[tokio::test]
async fn it_is_for_reading_and_nothing_of_the_record_is_changed() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (sam, emergency) = (scene.sam()?, opened(&scene.sam()?).await?);
    let person = &emergency["personId"];
    let wishes = json!({ "personId": person, "version": 1, "preferences": { "channels": ["EMAIL"] } });
    assert_eq!(sam.refused("changePreferences", "ChangePreferencesInput", wishes).await?, "DENIED");
    let agreement = json!({ "howGiven": "SPOKEN", "statement": "2026-11" });
    let decision =
        json!({ "personId": person, "purpose": "REFERRAL", "scope": "FULL", "agreement": agreement.clone() });
    assert_eq!(sam.refused("recordDecision", "RecordDecisionInput", decision).await?, "DENIED");
    let onward = json!({
        "personId": person, "serviceId": scene.region.debt_advice.to_string(), "needs": ["MONEY"],
        "risk": "NONE_KNOWN", "agreement": agreement,
    });
    assert_eq!(sam.refused("refer", "ReferInput", onward).await?, "DENIED");
    Ok(())
}

#[tokio::test]
async fn the_privacy_officer_is_told_at_once_and_ends_what_is_not_justified() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let emergency = opened(&scene.sam()?).await?;
    let mailbox = Mailbox::of(&scene.served)?;
    let page = mailbox.newest(&scene.served, &scene.officer.email, &scene.served.url).await?;
    assert_eq!(page, "/emergencies");
    let una = scene.served.client(&scene.officer)?;
    let list = "query($waiting: Boolean!) { emergencies(waiting: $waiting, first: 5) { edges { node {
        id personName reason openedBy organisationName reviewable } } } }";
    let waiting = una.data(list, json!({ "waiting": true })).await?;
    let node = &waiting["emergencies"]["edges"][0]["node"];
    assert_eq!((&node["id"], &node["reviewable"]), (&emergency["id"], &json!(true)));
    assert_eq!((&node["personName"], &node["reason"]), (&json!("Jo Park"), &json!(REASON)));
    assert_eq!(node["openedBy"], "Sam Ridley");
    let review = json!({ "openingId": emergency["id"], "verdict": "NOT_JUSTIFIED" });
    let reviewed = una.mutate("reviewEmergency", "ReviewEmergencyInput", review, EMERGENCY).await?;
    assert_eq!(reviewed["emergency"]["open"], false, "{reviewed}");
    assert!(scene.person_seen_by_sam(&emergency["personId"]).await?.is_null());
    let waiting = una.data(list, json!({ "waiting": true })).await?;
    assert_eq!(waiting["emergencies"]["edges"], json!([]));
    Ok(())
}

#[tokio::test]
async fn a_day_later_it_has_ended_whether_or_not_anybody_did_anything() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let emergency = opened(&scene.sam()?).await?;
    scene.served.world.clock.advance(SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
    assert_eq!(scene.person_seen_by_sam(&emergency["personId"]).await?["name"], "Jo Park");
    scene.served.world.clock.advance(SignedDuration::from_secs(1));
    assert!(scene.person_seen_by_sam(&emergency["personId"]).await?.is_null());
    let mine = "{ emergencies(first: 5) { edges { node { open personName reason } } } }";
    let mine = scene.sam()?.data(mine, json!({})).await?["emergencies"]["edges"][0]["node"].clone();
    assert_eq!(mine, json!({ "open": false, "personName": null, "reason": null }));
    let found = "{ people(search: \"Park\", first: 5) { edges { node { id } } } }";
    assert_eq!(scene.sam()?.data(found, json!({})).await?["people"]["edges"], json!([]));
    Ok(())
}

#[tokio::test]
async fn whoever_opened_it_ends_it_when_the_emergency_is_over() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let emergency = opened(&scene.sam()?).await?;
    let over = json!({ "openingId": emergency["id"] });
    let closed =
        scene.sam()?.mutate("closeEmergency", "CloseEmergencyInput", over.clone(), EMERGENCY).await?;
    assert_eq!(closed["emergency"]["open"], false, "{closed}");
    assert!(scene.person_seen_by_sam(&emergency["personId"]).await?.is_null());
    let again = scene.sam()?.refused("closeEmergency", "CloseEmergencyInput", over).await?;
    assert_eq!(again, "NOT_IN_THIS_STAGE");
    Ok(())
}

#[tokio::test]
async fn whoever_may_not_ask_cannot_tell_somebody_from_nobody() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let nobody =
        json!({ "familyName": "Nobody", "birthDate": "1959-05-04", "postcode": "LA9 4PU", "reason": REASON });
    let region = &scene.region;
    for who in [&region.volunteer, &region.adviser, &region.referrer, &region.coordinator] {
        let client = scene.served.client(who)?;
        let before = scene.served.audited("refused").await?;
        for details in [jo(), nobody.clone()] {
            let code = client.refused("openInEmergency", "OpenInEmergencyInput", details).await?;
            assert_eq!(code, "DENIED", "{}", who.email);
        }
        assert_eq!(scene.served.audited("refused").await? - before, 2, "each try is recorded");
    }
    let strangers = scene.served.world.region("south-moor").await?;
    let stranger = scene.served.client(&strangers.link_worker)?;
    assert_eq!(stranger.refused("openInEmergency", "OpenInEmergencyInput", jo()).await?, "NO_RECORD");
    Ok(())
}

#[tokio::test]
async fn nobody_tries_names_one_after_another() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let sam = scene.sam()?;
    let mut codes = Vec::new();
    for number in 0..11 {
        let guess = json!({
            "familyName": format!("Guess {number}"), "birthDate": "1959-05-04", "postcode": "LA9 4PU", "reason": REASON,
        });
        codes.push(sam.refused("openInEmergency", "OpenInEmergencyInput", guess).await?);
    }
    assert_eq!(codes.last().map(String::as_str), Some("TOO_MANY_TRIES"), "{codes:?}");
    assert!(codes[..10].iter().all(|code| code == "NO_RECORD"), "{codes:?}");
    Ok(())
}

/// Whatever the application forgets, the database asks for a reason when the transaction ends.
#[tokio::test]
async fn the_database_opens_nothing_without_a_reason() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let owner = scene.served.world.database.connect_as_owner().await?;
    let index: Vec<u8> =
        owner.query_one("SELECT match_index FROM persons WHERE match_index IS NOT NULL", &[]).await?.get(0);
    let mut app = scene.served.world.database.connect_as("trellis_app").await?;
    let tx = app.transaction().await?;
    let (network, links) = (scene.region.network.to_string(), scene.region.links.to_string());
    let plain = |id: &str| id.split('_').nth(1).unwrap_or_default().to_owned();
    for (name, value) in [("app.network_id", plain(&network)), ("app.organisation_id", plain(&links))] {
        tx.execute("SELECT set_config($1, $2, true)", &[&name, &value]).await?;
    }
    let open = "SELECT person_id FROM open_in_emergency(gen_random_uuid(), gen_random_uuid(), NULL, $1,
        gen_random_uuid(), current_instant() + interval '1 hour')";
    assert_eq!(tx.query(open, &[&index]).await?.len(), 1);
    let refused = tx.commit().await.expect_err("it was opened without a reason");
    assert_eq!(refused.code().map(tokio_postgres::error::SqlState::code), Some("TR004"));
    Ok(())
}
