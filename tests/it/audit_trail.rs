//! Who did what, and who looked: written in the transaction of the act, in ids and codes only.

use serde_json::json;
use trellis_domain::kernel::TypedId;
use trellis_tests::served::Served;

use crate::loop_over_graphql::{command, refer};

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

#[tokio::test]
async fn every_event_has_an_audit_entry_of_the_same_instant() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let sent = refer(&served.client(&region.referrer)?, &region.link_service.to_string()).await?;
    let late = json!({ "reason": "NO_CAPACITY" });
    command(&served.client(&region.team_lead)?, "declineReferral", "DeclineReferralInput", &sent, late)
        .await?;
    let owner = served.world.database.connect_as_owner().await?;
    let alone: i64 = owner
        .query_one(
            "SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT FROM audit_entries a
               WHERE a.network_id = e.network_id AND a.xmin::text = e.xmin::text AND a.result = 'done')",
            &[],
        )
        .await?
        .get(0);
    assert_eq!(alone, 0, "events without an audit entry in the same transaction");
    let story: Vec<String> = owner
        .query("SELECT name FROM events WHERE referral_id IS NOT NULL ORDER BY event_id", &[])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    for name in ["referral.drafted", "referral.sent", "referral.declined"] {
        assert!(story.iter().any(|known| known == name), "{name} is not in {story:?}");
    }
    Ok(())
}
