//! Who did what, and who looked: written in the transaction of the act, in ids and codes only.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use trellis_domain::kernel::{ReferralId, TypedId};
use trellis_tests::served::Served;
use trellis_tests::world::Region;

use crate::loop_over_graphql::{agreement, command, refer};

#[tokio::test]
async fn reading_a_record_is_an_entry_of_its_own() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let sent = refer(&served.client(&region.referrer)?, &region.link_service.to_string()).await?;
    let lead = served.client(&region.team_lead)?;
    command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let before = served.audited("read").await?;
    let query = "query($id: ID!) { referral(id: $id) { person { name identity { phone } } } }";
    let shown = lead.data(query, json!({ "id": sent["id"] })).await?;
    assert_eq!(shown["referral"]["person"]["name"], "Jo Park");
    assert!(served.audited("read").await? > before, "nobody would know who looked");
    Ok(())
}

#[tokio::test]
async fn a_page_of_the_caseload_names_everybody_it_showed_in_one_entry() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    for _ in 0..3 {
        let sent = refer(&gp, &region.link_service.to_string()).await?;
        command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    }
    lead.data("{ caseload(first: 10) { edges { node { personName } } } }", json!({})).await?;
    let owner = served.world.database.connect_as_owner().await?;
    let rows = owner
        .query(
            "SELECT cardinality(person_ids) FROM audit_entries WHERE action = 'caseload.list' AND organisation_id = $1",
            &[&region.links.uuid()],
        )
        .await?;
    assert_eq!(rows.iter().map(|row| row.get::<_, i32>(0)).collect::<Vec<_>>(), [3]);
    Ok(())
}

/// What each event is the trace of. An event that is not here fails the test until somebody has decided.
const ACTS: &[(&str, &str)] = &[
    ("contact.logged", "contact.log"),
    ("decision.recorded", "decision.record"),
    ("decision.withdrawn", "decision.withdraw"),
    ("person.registered", "person.register"),
    ("referral.accepted", "referral.accept"),
    ("referral.declined", "referral.decline"),
    ("referral.drafted", "referral.draft"),
    ("referral.sent", "referral.send"),
    // Reaching somebody starts what was accepted, and withdrawing a decision withdraws what ran under it.
    ("referral.started", "contact.log"),
    ("referral.transferred", "referral.transfer"),
    ("referral.withdrawn", "decision.withdraw"),
    ("sharing.ended", "decision.withdraw"),
];

/// The acts in the audit of the request that left this event.
async fn acts_beside(
    owner: &tokio_postgres::Client,
    event: &str,
) -> anyhow::Result<Vec<(String, String, uuid::Uuid)>> {
    let rows = owner
        .query(
            "SELECT action, kind, subject_id FROM audit_entries a WHERE result = 'done' AND EXISTS (SELECT FROM events e
               WHERE e.name = $1 AND e.network_id = a.network_id AND e.xmin::text = a.xmin::text) ORDER BY action",
            &[&event],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}

async fn link_workers_pass_it_on(served: &Served, region: &Region) -> anyhow::Result<Value> {
    let gp = served.client(&region.referrer)?;
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    let lead = served.client(&region.team_lead)?;
    let accepted = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let spoke = json!({ "referralId": sent["id"], "channel": "PHONE", "result": "SPOKE", "minutes": 5 });
    let query = "referral { id version person { id } }";
    let logged = lead.mutate("logContact", "LogContactInput", spoke, query).await?["referral"].clone();
    let everybody = json!({
        "personId": logged["person"]["id"], "purpose": "REFERRAL", "scope": "NEED_AND_ACCESS", "agreement": agreement(),
    });
    let decided = lead.mutate("recordDecision", "RecordDecisionInput", everybody, "decision { id }").await?;
    let on = json!({ "serviceId": region.walking.to_string(), "reason": "BETTER_FIT" });
    command(&lead, "transferReferral", "TransferReferralInput", &logged, on).await?;
    let withdrawal = json!({ "decisionId": decided["decision"]["id"] });
    gp.mutate("withdrawDecision", "WithdrawDecisionInput", withdrawal, "decision { active }").await?;
    Ok(accepted)
}

#[tokio::test]
async fn every_act_of_an_operation_has_an_entry_of_its_own() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let old = link_workers_pass_it_on(&served, &region).await?;
    let owner = served.world.database.connect_as_owner().await?;
    let asked: Vec<String> =
        acts_beside(&owner, "person.registered").await?.into_iter().map(|(act, _, _)| act).collect();
    assert_eq!(asked, ["decision.record", "person.register", "referral.draft", "referral.send"]);
    let passed_on = acts_beside(&owner, "referral.transferred").await?;
    let about = |id: uuid::Uuid| old["id"] == ReferralId::from_uuid(id).to_string();
    let (act, kind, _) =
        passed_on.iter().find(|(_, _, subject)| about(*subject)).expect("the old referral is a subject");
    assert_eq!((act.as_str(), kind.as_str()), ("referral.transfer", "referral"));
    // The decision, the request under it, and what those who had passed it on still held.
    let withdrawn = acts_beside(&owner, "referral.withdrawn").await?;
    let kinds: Vec<&str> = withdrawn.iter().map(|(_, kind, _)| kind.as_str()).collect();
    assert!(withdrawn.iter().all(|(act, _, _)| act == "decision.withdraw"), "{withdrawn:?}");
    assert_eq!(
        (kinds.len(), kinds.contains(&"decision"), kinds.contains(&"referral")),
        (3, true, true),
        "{withdrawn:?}"
    );
    Ok(())
}

#[tokio::test]
async fn every_event_has_an_audit_entry_of_the_same_instant() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let sent = refer(&served.client(&region.referrer)?, &region.link_service.to_string()).await?;
    let late = json!({ "reason": "NO_CAPACITY" });
    command(&served.client(&region.team_lead)?, "declineReferral", "DeclineReferralInput", &sent, late)
        .await?;
    link_workers_pass_it_on(&served, &region).await?;
    let owner = served.world.database.connect_as_owner().await?;
    let rows = owner
        .query(
            "SELECT e.name, array(SELECT a.action FROM audit_entries a WHERE a.network_id = e.network_id
                AND a.xmin::text = e.xmin::text AND a.at = e.at AND a.result = 'done'
                AND a.subject_id IN (e.subject_id, e.referral_id, e.person_id))
             FROM events e WHERE e.person_id IS NOT NULL",
            &[],
        )
        .await?;
    let mut met = BTreeSet::new();
    for row in rows {
        let (event, acts): (String, Vec<String>) = (row.get(0), row.get(1));
        let (_, act) = ACTS.iter().find(|(known, _)| *known == event).expect("an event of the table");
        assert!(acts.iter().any(|entry| entry == act), "{event} without {act} in its transaction: {acts:?}");
        met.insert(event);
    }
    let known: BTreeSet<String> = ACTS.iter().map(|(event, _)| (*event).to_owned()).collect();
    assert_eq!(met, known, "the story leaves one event of each kind");
    Ok(())
}
