//! Whoever coordinates a network sets organisations up, shuts them out and closes them, and sees nobody who is helped.

use serde_json::{Value, json};
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::Region;

use crate::invitations::{PASSWORD, accept};
use crate::loop_over_graphql::refer;

const ORGANISATION: &str = "organisation { id suspendedAt closedAt memberCount openInvitationCount \
     organisation { name kind helpPhone } postcode email possibleRoles \
     agreements { kind version standing endsOn } }";

fn allotment() -> Value {
    json!({
        "name": "Moorside Allotments", "kind": "COMMUNITY_PROVIDER", "helpPhone": "01632 960 020",
        "email": "hello@moorside.example.org", "postcode": "LA9 4DL",
        "services": ["Garden mornings", "Tool library"],
        "people": [
            { "email": "jen@moorside.example.org", "roles": ["ORGANISATION_ADMIN", "PROVIDER_WORKER"] },
            { "email": "vic@moorside.example.org", "roles": ["PROVIDER_WORKER"] },
        ],
        "agreement": { "kind": "DATA_SHARING", "version": "2", "agreedOn": "2026-11-23", "endsOn": "2027-01-31" },
    })
}

async fn scene() -> anyhow::Result<(Served, Region, Client)> {
    let (served, region) = Served::with_region().await?;
    let ines = served.client(&region.coordinator)?;
    Ok((served, region, ines))
}

fn named(id: &Value) -> Value {
    json!({ "organisationId": id })
}

#[tokio::test]
async fn one_request_sets_an_organisation_up_with_services_and_people() -> anyhow::Result<()> {
    let (served, _, ines) = scene().await?;
    let mailbox = Mailbox::of(&served)?;
    let made =
        ines.mutate("createOrganisation", "CreateOrganisationInput", allotment(), ORGANISATION).await?;
    let organisation = &made["organisation"];
    assert_eq!(organisation["openInvitationCount"], 2, "{made}");
    assert_eq!(organisation["agreements"][0]["standing"], "ENDS_SOON", "{made}");
    let query = "{ services(filter: { words: \"garden\" }, first: 5) { edges { node { name capacity { state } organisation { name } } } } }";
    let found = ines.data(query, json!({})).await?;
    assert_eq!(found["services"]["edges"][0]["node"]["capacity"]["state"], "PAUSED", "{found}");
    let token = mailbox.newest(&served, "jen@moorside.example.org", "/invitation/").await?;
    let door = Client::new(&served.url, None);
    assert_eq!(accept(&token, Some("Jen Moss"), PASSWORD, &door).await?["done"], true);

    let mut odd = allotment();
    odd["people"][1]["roles"] = json!(["LINK_WORKER"]);
    odd["name"] = json!("Another");
    let refused = ines.refused("createOrganisation", "CreateOrganisationInput", odd).await?;
    assert_eq!(refused, "ROLE_NOT_HERE");
    let query = "{ managedOrganisations(words: \"Another\", first: 5) { edges { node { id } } } }";
    let left = ines.data(query, json!({})).await?;
    assert_eq!(left["managedOrganisations"]["edges"], json!([]), "half of it was kept");
    Ok(())
}

#[tokio::test]
async fn whoever_is_suspended_is_shut_out_at_once_and_let_in_again() -> anyhow::Result<()> {
    let (served, region, ines) = scene().await?;
    let tom = served.client(&region.adviser)?;
    let look = "{ worklist(first: 1) { counts { tasks } } }";
    tom.data(look, json!({})).await?;
    let input = json!({ "organisationId": region.advice.to_string(), "reason": "DATA_PROTECTION" });
    let shut = ines.mutate("suspendOrganisation", "SuspendOrganisationInput", input, ORGANISATION).await?;
    assert!(shut["organisation"]["suspendedAt"].is_string(), "{shut}");
    assert!(tom.data(look, json!({})).await.is_err(), "whoever is suspended goes on");
    let id = json!(region.advice.to_string());
    let back = ines.mutate("letInOrganisation", "OrganisationInput", named(&id), ORGANISATION).await?;
    assert!(back["organisation"]["suspendedAt"].is_null(), "{back}");
    tom.data(look, json!({})).await?;
    let owner = served.world.database.connect_as_owner().await?;
    let why =
        "SELECT count(*) FROM events WHERE name = 'organisation.suspended' AND reason = 'data_protection'";
    assert_eq!(owner.query_one(why, &[]).await?.get::<_, i64>(0), 1);
    Ok(())
}

#[tokio::test]
async fn whoever_is_closed_is_shut_at_once_and_its_services_stop() -> anyhow::Result<()> {
    let (served, region, ines) = scene().await?;
    let tom = served.client(&region.adviser)?;
    let advice = named(&json!(region.advice.to_string()));
    let mut again = advice.clone();
    again["idempotencyKey"] = json!("closing-advice-1");
    let closed =
        ines.mutate("closeOrganisation", "CloseOrganisationInput", again.clone(), ORGANISATION).await?;
    assert!(closed["organisation"]["closedAt"].is_string(), "{closed}");
    assert_eq!(closed["organisation"]["memberCount"], 0);
    let twice = ines.mutate("closeOrganisation", "CloseOrganisationInput", again, ORGANISATION).await?;
    assert_eq!(twice, closed, "a press that arrives twice");
    let anew = ines.refused("closeOrganisation", "CloseOrganisationInput", advice).await?;
    assert_eq!(anew, "NOT_FOUND");
    assert!(tom.data("{ viewer { name } }", json!({})).await.is_err(), "whoever worked there goes on");
    let gp = served.client(&region.referrer)?;
    let query = "query($id: ID!) { service(id: $id) { takesRequests } }";
    let service = gp.data(query, json!({ "id": region.debt_advice.to_string() })).await?;
    assert_eq!(service["service"]["takesRequests"], false, "{service}");
    Ok(())
}

#[tokio::test]
async fn an_administrator_keeps_how_their_own_is_reached_and_signs_nothing_for_it() -> anyhow::Result<()> {
    let (served, region, ines) = scene().await?;
    let kit = served.client(&crate::invitations::administrator(&served, &region).await?)?;
    let reached = |id: String| json!({ "organisationId": id, "name": "North Vale Links", "helpPhone": "01632 960 021" });
    let changed = kit
        .mutate(
            "configureOrganisation",
            "ConfigureOrganisationInput",
            reached(region.links.to_string()),
            ORGANISATION,
        )
        .await?;
    assert_eq!(changed["organisation"]["organisation"]["helpPhone"], "01632 960 021", "{changed}");
    let theirs = reached(region.walkers.to_string());
    let refused = kit.refused("configureOrganisation", "ConfigureOrganisationInput", theirs).await?;
    assert_eq!(refused, "DENIED");
    let agreement = json!({ "organisationId": region.links.to_string(),
        "agreement": { "kind": "FUNDING", "version": "1", "agreedOn": "2026-11-23", "endsOn": "2026-11-01" } });
    assert_eq!(kit.refused("addAgreement", "AddAgreementInput", agreement.clone()).await?, "DENIED");
    assert_eq!(ines.refused("addAgreement", "AddAgreementInput", agreement).await?, "INVALID_INPUT");
    Ok(())
}

#[tokio::test]
async fn whoever_coordinates_a_network_sees_nobody_who_is_helped() -> anyhow::Result<()> {
    let (served, region, ines) = scene().await?;
    let sent = refer(&served.client(&region.referrer)?, &region.link_service.to_string()).await?;
    let mut said = String::new();
    for (query, variables) in [
        ("query($id: ID!) { referral(id: $id) { id person { name } } }", json!({ "id": sent["id"] })),
        ("query($id: ID!) { node(id: $id) { id } }", json!({ "id": sent["id"] })),
        ("{ people(search: \"Park\", first: 5) { edges { node { name } } } }", json!({})),
        ("{ caseload(first: 5) { totalCount } }", json!({})),
        (
            "{ managedOrganisations(first: 50) { edges { node { organisation { name } closingOutlook { people } } } } }",
            json!({}),
        ),
        ("{ staff(first: 50) { edges { node { name } } } }", json!({})),
    ] {
        said.push_str(&ines.ask(query, variables).await?.body.to_string());
    }
    assert!(!said.contains("Jo Park") && !said.contains("\"Jo\""), "{said}");
    assert!(said.contains("Mill Street Surgery") && said.contains("Sam Ridley"), "{said}");
    Ok(())
}
