//! A region in which there is one of everything that an operation can name, made by those who may.

use anyhow::Context;
use serde_json::{Value, json};
use trellis_domain::kernel::TypedId;
use trellis_domain::policy::Role;
use trellis_tests::gql::Client;
use trellis_tests::served::Served;
use trellis_tests::world::Region;

use super::probes::Ids;
use crate::access_requests::asked;
use crate::custody_story::offers;
use crate::emergency::{known_elsewhere, opened};
use crate::loop_over_graphql::{command, refer, somebody_new};

/// Things of `region` with real ids, reached by those who may.
pub async fn lived_in(served: &Served, region: &Region) -> anyhow::Result<Ids> {
    let gp = served.client(&region.referrer)?;
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    let lead = served.client(&region.team_lead)?;
    let declined = refer(&gp, &region.link_service.to_string()).await?;
    command(&lead, "declineReferral", "DeclineReferralInput", &declined, json!({ "reason": "NO_CAPACITY" }))
        .await?;
    let accepted = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let (contact, accepted) = tried_and_taken_back(&lead, &accepted).await?;
    let person = person_of(&lead, &sent["id"]).await?;
    let task = task_of(&gp).await?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (person_id, decision) = (text(&person["id"]), text(&person["decisions"][0]["id"]));
    let task = text(&task.unwrap_or_default());
    anyhow::ensure!(
        !person_id.is_empty() && !decision.is_empty() && !task.is_empty(),
        "the story left nothing to probe"
    );
    let at_links = (region.network, Some(region.links));
    let kit = served.world.member(at_links, "Kit Shaw", Role::OrganisationAdmin).await?;
    let invited = crate::invitations::invited(&served.client(&kit)?, "ada@example.org", &["ANALYST"]).await?;
    let invitation = text(&invited["invitation"]["id"]);
    // Of somebody whom the link workers have no other way to.
    known_elsewhere(&gp, &region.walking.to_string()).await?;
    let opening = opened(&served.client(&region.link_worker)?).await?;
    let offer = text(&records_offered(served, region).await?);
    let request = asked(&served.client(&region.link_worker)?).await?;
    let provider = provider_of(served, region).await?;
    let application = application_to(served, region).await?;
    let person_match = found_twice(&lead, &person_id).await?;
    let (service, membership) =
        (region.walking.to_string(), region.link_worker.session.membership.to_string());
    let node =
        [&text(&sent["id"]), &person_id, &decision, &service, &region.walkers.to_string(), &membership]
            .map(String::clone);
    let passkey = passkey_of(served, region).await?;
    Ok(Ids {
        session: region.link_worker.session.session.to_string(),
        passkey,
        referral: sent["id"].clone(),
        version: accepted["version"].as_i64().unwrap_or(1),
        person: person_id,
        service,
        decision,
        user: region.link_worker.session.user.to_string(),
        task,
        contact,
        organisation: region.links.to_string(),
        membership,
        invitation,
        opening: text(&opening["id"]),
        offer,
        request: text(&request),
        application,
        provider,
        person_match,
        node: node.to_vec(),
    })
}

/// One attempt, and one that was logged by mistake; the first, and the referral as that leaves it.
async fn tried_and_taken_back(lead: &Client, accepted: &Value) -> anyhow::Result<(String, Value)> {
    let tried =
        json!({ "referralId": accepted["id"], "channel": "PHONE", "result": "NO_ANSWER", "minutes": 1 });
    let log = async || lead.mutate("logContact", "LogContactInput", tried.clone(), "contact { id }").await;
    let (first, second) = (log().await?, log().await?);
    let mistake = json!({ "contactId": second["contact"]["id"] });
    let undone = lead.mutate("undoContact", "UndoContactInput", mistake, "referral { id version }").await?;
    let contact = first["contact"]["id"].as_str().unwrap_or_default().to_owned();
    anyhow::ensure!(!contact.is_empty() && undone["refusal"].is_null(), "{first} {undone}");
    Ok((contact, undone["referral"].clone()))
}

/// Something that somebody was asked to look at.
async fn task_of(client: &Client) -> anyhow::Result<Option<Value>> {
    let tasks = client.data("{ worklist(first: 50) { edges { node { id kind } } } }", json!({})).await?;
    let edges = tasks["worklist"]["edges"].as_array().cloned().unwrap_or_default();
    Ok(edges.iter().find(|edge| edge["node"]["kind"] == "TASK").map(|edge| edge["node"]["id"].clone()))
}

async fn person_of(client: &Client, referral: &Value) -> anyhow::Result<Value> {
    let query = "query($id: ID!) { referral(id: $id) { person { id decisions { id } } } }";
    Ok(client.data(query, json!({ "id": referral })).await?["referral"]["person"].clone())
}

/// The link workers have two more records that look like a person's: of one they say that it is the same. The id of that answer.
async fn found_twice(lead: &Client, person: &str) -> anyhow::Result<String> {
    let look =
        "query($id: ID!) { person(id: $id) { identity { birthDate } possibleMatches { person { id } } } }";
    let born = lead.data(look, json!({ "id": person })).await?["person"]["identity"]["birthDate"].clone();
    let (mut others, mut input) = (Vec::new(), somebody_new());
    input["identity"] = json!({ "givenName": "Joe", "familyName": "Park", "birthDate": born });
    for _ in 0..2 {
        let known: Vec<Value> = std::iter::once(json!(person)).chain(others.iter().cloned()).collect();
        input["notTheSameAs"] = json!(known);
        let made =
            lead.mutate("registerPerson", "RegisterPersonInput", input.clone(), "person { id }").await?;
        anyhow::ensure!(made["refusal"].is_null(), "{made}");
        others.push(made["person"]["id"].clone());
    }
    let same = json!({ "personId": person, "otherPersonId": others[0], "verdict": "SAME" });
    let said = lead.mutate("decideSameness", "DecideSamenessInput", same, "personMatch { id }").await?;
    let id = said["personMatch"]["id"].as_str().map(str::to_owned);
    id.with_context(|| said.to_string())
}

/// A group asks to join; the id of its application.
async fn application_to(served: &Served, region: &Region) -> anyhow::Result<String> {
    crate::joining_story::opened(&served.client(&region.coordinator)?).await?;
    Ok(crate::joining_story::waits(served, region).await?.to_string())
}

/// The link workers answer for somebody, and offer that to the practice, which declined once; the id of the open offer.
async fn records_offered(served: &Served, region: &Region) -> anyhow::Result<Value> {
    let at_practice = (region.network, Some(region.practice));
    let officer = served.world.member(at_practice, "Una Quill", Role::PrivacyOfficer).await?;
    let mut somebody = somebody_new();
    somebody["identity"] = json!({ "givenName": "Lou", "familyName": "Marsh" });
    let lead = served.client(&region.team_lead)?;
    lead.mutate("registerPerson", "RegisterPersonInput", somebody, "person { id }").await?;
    let pat = served.client(&region.privacy_officer)?;
    let offer = offers(&pat, region.practice).await?;
    let no = json!({ "offerId": offer["id"], "answer": "DECLINE", "reason": "NOT_AGREED" });
    let una = served.client(&officer)?;
    una.mutate("answerCustodyOffer", "AnswerCustodyOfferInput", no, "offer { id }").await?;
    Ok(offers(&pat, region.practice).await?["id"].clone())
}

/// A link worker has a passkey; its id.
async fn passkey_of(served: &Served, region: &Region) -> anyhow::Result<String> {
    let passkey: trellis_domain::kernel::PasskeyId = served.world.id();
    let platform = served.world.database.connect_as("trellis_platform").await?;
    platform
        .execute(
            "INSERT INTO passkeys (passkey_id, user_id, credential_id, credential, name, created_at) VALUES ($1, $2, '\\x01', '{}', 'Key', now())",
            &[&passkey.uuid(), &region.link_worker.session.user.uuid()],
        )
        .await?;
    Ok(passkey.to_string())
}

/// The link workers have a provider; its id.
pub async fn provider_of(served: &Served, region: &Region) -> anyhow::Result<String> {
    let at_links = (region.network, Some(region.links));
    let admin = served.world.member(at_links, "Ada Nwosu", Role::OrganisationAdmin).await?;
    let short_name = format!("links-{}", &region.links.uuid().simple().to_string()[20..]);
    let input = json!({
        "shortName": short_name, "name": "Staff account", "issuer": "https://login.example.org", "clientId": "trellis",
        "clientSecret": "a secret of seven quiet otters",
    });
    let configured = served
        .client(&admin)?
        .mutate("configureIdentityProvider", "ConfigureIdentityProviderInput", input, "provider { id }")
        .await?;
    let id = configured.pointer("/provider/id").and_then(Value::as_str);
    id.map(str::to_owned).with_context(|| configured.to_string())
}
