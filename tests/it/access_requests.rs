//! Somebody met a page that is not for their role: they ask, their administrators hear of it and answer, and nothing changes
//! by itself.

use serde_json::{Value, json};
use trellis_domain::policy::Role;
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;

pub const WHY: &str = "I cover for the team lead this week";
const LIST: &str =
    "{ accessRequests(waiting: true, first: 5) { edges { node { id wanted why askedBy answer } } } }";

pub async fn asked(client: &Client) -> anyhow::Result<Value> {
    let input = json!({ "wanted": "/emergencies?which=all", "why": WHY });
    let payload =
        client.mutate("askForAccess", "AskForAccessInput", input, "accessRequest { id wanted }").await?;
    anyhow::ensure!(payload["accessRequest"]["wanted"] == "/emergencies", "{payload}");
    Ok(payload["accessRequest"]["id"].clone())
}

#[tokio::test]
async fn the_administrator_hears_of_it_and_whoever_asked_hears_the_answer() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let at_links = (region.network, Some(region.links));
    let admin = served.world.member(at_links, "Gwen Tarrant", Role::OrganisationAdmin).await?;
    let (sam, gwen) = (served.client(&region.link_worker)?, served.client(&admin)?);
    let request = asked(&sam).await?;
    assert_eq!(asked(&sam).await?, request, "asking twice is asking once");
    let mailbox = Mailbox::of(&served)?;
    assert_eq!(mailbox.newest(&served, &admin.email, &served.url).await?, "/access-requests");
    let waiting = gwen.data(LIST, json!({})).await?["accessRequests"]["edges"].clone();
    let line = &waiting[0]["node"];
    assert_eq!((&line["why"], &line["askedBy"]), (&json!(WHY), &json!("Sam Ridley")));
    let yes = json!({ "requestId": request, "answer": "GRANTED" });
    let fields = "accessRequest { answer }";
    let done = gwen.mutate("answerAccessRequest", "AnswerAccessRequestInput", yes, fields).await?;
    assert_eq!(done["accessRequest"]["answer"], "GRANTED", "{done}");
    mailbox.newest(&served, &region.link_worker.email, "answered your request").await?;
    assert_eq!(gwen.data(LIST, json!({})).await?["accessRequests"]["edges"], json!([]));
    Ok(())
}

#[tokio::test]
async fn an_administrator_of_another_organisation_sees_none_of_it() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let at_practice = (region.network, Some(region.practice));
    let other = served.world.member(at_practice, "Una Hale", Role::OrganisationAdmin).await?;
    let request = asked(&served.client(&region.link_worker)?).await?;
    for who in [&other, &region.coordinator] {
        let client = served.client(who)?;
        assert_eq!(
            client.data(LIST, json!({})).await?["accessRequests"]["edges"],
            json!([]),
            "{}",
            who.email
        );
        let no = json!({ "requestId": request, "answer": "REFUSED" });
        let code = client.refused("answerAccessRequest", "AnswerAccessRequestInput", no).await?;
        assert_eq!(code, "NOT_FOUND", "{}", who.email);
    }
    Ok(())
}
