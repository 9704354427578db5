//! Finding somebody again shows, and tells, no more than was agreed to be shared.

use serde_json::{Value, json};
use trellis_tests::gql::Client;
use trellis_tests::served::Served;

use crate::field_rules::shared_in_part;

async fn found(client: &Client, typed: &str) -> anyhow::Result<Vec<Value>> {
    let query =
        "query($typed: String!) { people(search: $typed, first: 5) { edges { node { name birthDate } } } }";
    let seen = client.data(query, json!({ "typed": typed })).await?;
    let edges = seen["people"]["edges"].as_array().cloned().unwrap_or_default();
    Ok(edges.into_iter().map(|edge| edge["node"].clone()).collect())
}

#[tokio::test]
async fn a_birth_date_and_a_number_that_are_not_shared_are_neither_shown_nor_found() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    shared_in_part(&served, &region).await?;
    let (gp, adviser) = (served.client(&region.referrer)?, served.client(&region.adviser)?);
    let whole = json!({ "name": "Jo Park", "birthDate": "1959-05-04" });
    for typed in ["Park", "Park 04/05/1959", "4 May 1959", "9990548609"] {
        assert_eq!(
            found(&gp, typed).await?,
            std::slice::from_ref(&whole),
            "the practice has the record: {typed}"
        );
    }
    let part = json!({ "name": "Jo Park", "birthDate": null });
    assert_eq!(found(&adviser, "Park").await?, [part], "they help Jo Park, and know no birth date");
    for guess in ["Park 1959-05-04", "04/05/1959", "9990548609"] {
        assert_eq!(found(&adviser, guess).await?, Vec::<Value>::new(), "a guess is not confirmed: {guess}");
    }
    Ok(())
}
