//! Finding somebody again shows, and tells, no more than was agreed to be shared.

use serde_json::{Value, json};
use trellis_tests::gql::Client;
use trellis_tests::served::Served;
use trellis_tests::world::Region;

use crate::loop_over_graphql::{agreement, command, refer_input, somebody_new};

async fn found(client: &Client, typed: &str) -> anyhow::Result<Vec<Value>> {
    let query =
        "query($typed: String!) { people(search: $typed, first: 5) { edges { node { name birthDate } } } }";
    let seen = client.data(query, json!({ "typed": typed })).await?;
    let edges = seen["people"]["edges"].as_array().cloned().unwrap_or_default();
    Ok(edges.into_iter().map(|edge| edge["node"].clone()).collect())
}

/// The practice tells the link workers the need, and no more.
async fn is_helped_with_part_of_the_record(
    gp: &Client,
    lead: &Client,
    region: &Region,
) -> anyhow::Result<()> {
    let mut whole = somebody_new();
    whole["identity"]["nhsNumber"] = json!("9990548609");
    let made = gp.mutate("registerPerson", "RegisterPersonInput", whole, "person { id }").await?;
    let decision = json!({
        "personId": made["person"]["id"], "purpose": "REFERRAL", "scope": "NEED_AND_ACCESS",
        "agreement": agreement(), "organisationId": region.links.to_string(),
    });
    gp.mutate("recordDecision", "RecordDecisionInput", decision, "decision { id }").await?;
    let mut input = refer_input(&region.link_service.to_string());
    (input["personId"], input["newPerson"], input["agreement"]) =
        (made["person"]["id"].clone(), Value::Null, Value::Null);
    let sent = gp.mutate("refer", "ReferInput", input, "referral { id version }").await?;
    anyhow::ensure!(sent["refusal"].is_null(), "{sent}");
    command(lead, "acceptReferral", "ReferralCommandInput", &sent["referral"], json!({})).await?;
    Ok(())
}

#[tokio::test]
async fn a_birth_date_and_a_number_that_are_not_shared_are_neither_shown_nor_found() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    is_helped_with_part_of_the_record(&gp, &lead, &region).await?;
    let whole = json!({ "name": "Jo Park", "birthDate": "1959-05-04" });
    for typed in ["Park", "Park 04/05/1959", "4 May 1959", "9990548609"] {
        assert_eq!(
            found(&gp, typed).await?,
            std::slice::from_ref(&whole),
            "the practice has the record: {typed}"
        );
    }
    let part = json!({ "name": "Jo Park", "birthDate": null });
    assert_eq!(found(&lead, "Park").await?, [part], "they help Jo Park, and know no birth date");
    for guess in ["Park 1959-05-04", "04/05/1959", "9990548609"] {
        assert_eq!(found(&lead, guess).await?, Vec::<Value>::new(), "a guess is not confirmed: {guess}");
    }
    Ok(())
}
