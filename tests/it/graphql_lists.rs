//! Pages of lists over GraphQL: cursors, sizes, and what a screen costs.

use serde_json::{Value, json};
use trellis_tests::served::Served;

use crate::loop_over_graphql::{command, refer};

const CASELOAD: &str = "query($first: Int!, $after: String) { caseload(first: $first, after: $after) { \
    edges { cursor node { reference personName serviceName dueAt nextStep unread reachBy format } } \
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } }";

#[tokio::test]
async fn a_list_is_walked_by_its_cursors_and_no_one_elses() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let (referrer, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    for _ in 0..3 {
        let sent = refer(&referrer, &region.link_service.to_string()).await?;
        command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    }
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = lead.data(CASELOAD, json!({ "first": 2, "after": after })).await?["caseload"].clone();
        assert_eq!(page["totalCount"], 3);
        assert_eq!(page["pageInfo"]["hasPreviousPage"], json!(!after.is_null()));
        let edges = page["edges"].as_array().cloned().unwrap_or_default();
        assert_eq!(page["pageInfo"]["endCursor"], edges[edges.len() - 1]["cursor"]);
        seen.extend(edges.iter().map(|edge| edge["node"]["reference"].to_string()));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 3);

    for (first, cursor) in [(0, Value::Null), (101, Value::Null), (1, json!("x")), (1, json!("Y2FzZWxvYWQ"))]
    {
        let refused = lead.ask(CASELOAD, json!({ "first": first, "after": cursor })).await?;
        assert_eq!(refused.body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{first} {cursor}");
    }
    let theirs = served.client(&region.volunteer)?;
    let refused = theirs.ask(CASELOAD, json!({ "first": 1, "after": after })).await?;
    assert_eq!(refused.body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "another tenant's cursor");
    Ok(())
}

#[tokio::test]
async fn every_kind_of_thing_is_found_by_its_id() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let (referrer, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let sent = refer(&referrer, &region.link_service.to_string()).await?;
    let accepted = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let contact = json!({ "referralId": accepted["id"], "channel": "PHONE", "result": "SPOKE", "minutes": 5, "note": "Will walk" });
    lead.mutate("logContact", "LogContactInput", contact, "contact { id }").await?;
    let query = "query($id: ID!) { viewer { network { id } organisation { id } membershipId } referral(id: $id) { \
        id service { id capacity { state } organisation { name } } person { id custodian { name } \
        decisions { id recipient active } contacts { id note workerName } referrals { id timeline { words } } } } }";
    let all = lead.data(query, json!({ "id": sent["id"] })).await?;
    let person = &all["referral"]["person"];
    assert_eq!(person["decisions"][0]["recipient"], "North Vale Community Links");
    assert_eq!(person["contacts"][0]["note"], "Will walk");
    let ids = json!([
        all["viewer"]["network"]["id"],
        all["viewer"]["organisation"]["id"],
        all["viewer"]["membershipId"],
        all["referral"]["id"],
        all["referral"]["service"]["id"],
        person["id"],
        person["decisions"][0]["id"],
        person["contacts"][0]["id"],
        "tsk_00000000000000000000000000000007",
    ]);
    let found = lead
        .data("query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }", json!({ "ids": ids }))
        .await?;
    let kinds: Vec<&str> = found["nodes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|node| node["__typename"].as_str())
        .collect();
    assert_eq!(
        kinds,
        ["Network", "Organisation", "Member", "Referral", "Service", "Person", "Decision", "Contact"]
    );
    assert!(found["nodes"][8].is_null());
    Ok(())
}
