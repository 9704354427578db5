//! A group asks to join a network: nobody reads it before its address is proved, and whoever applied hears each word.

use std::sync::Arc;

use anyhow::Context;
use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::application::Details;
use trellis_domain::application::apply::{Apply, apply, confirm};
use trellis_domain::kernel::{ApplicationId, Clock, EmailAddress, Line, OpContext};
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::Region;

use crate::invitations::{PASSWORD, accept};

const ADDRESS: &str = "jen.moss@moorside.example.org";
const OWN: &str =
    "query($t: String!) { ownApplication(token: $t) { name networkName stage question refusalReason } }";
const LIST: &str = "{ applications(open: true, first: 10) { edges { node { id name contactName email phone offers postcode \
     agreement stage talk { question reply } } } } }";

pub fn moorside(network: &str) -> Value {
    json!({
        "network": network, "name": "Moorside Allotments",
        "offers": ["Garden mornings", "Tool library"], "postcode": "LA9 4DL", "contactName": "Jen Moss",
        "email": ADDRESS, "phone": "01632 960 020", "agrees": true, "agreement": "2026-04",
    })
}

pub async fn opened(ines: &Client) -> anyhow::Result<()> {
    let settled = json!({ "open": true, "agreement": "2026-04" });
    let done =
        ines.mutate("changeJoining", "ChangeJoiningInput", settled, "joining { open address }").await?;
    anyhow::ensure!(done["joining"]["open"] == true, "{done}");
    let address = done["joining"]["address"].as_str().unwrap_or_default();
    anyhow::ensure!(address.starts_with("http") && address.contains("/join/"), "{done}");
    Ok(())
}

pub async fn applied(door: &Client, input: Value) -> anyhow::Result<()> {
    let said = door.mutate("applyToJoin", "ApplyToJoinInput", input, "done").await?;
    anyhow::ensure!(said["done"] == true, "{said}");
    Ok(())
}

/// An application whose address is proved, made without the door's limits.
pub async fn waits(served: &Served, region: &Region) -> anyhow::Result<ApplicationId> {
    let (store, clock) = (&served.world.store, &served.world.clock);
    let parts = &served.app.parts;
    let applicant = parts.platform.new_applicant(region.network, clock.now());
    let op = OpContext::for_applicant(applicant, &**clock, Arc::clone(&parts.ids));
    let cmd = Apply {
        name: Line::parse("Moorside Allotments")?,
        postcode: None,
        details: Details {
            contact: Line::parse("Jen Moss")?,
            email: EmailAddress::parse(ADDRESS)?,
            phone: Line::parse("01632 960 020")?,
            offers: vec![Line::parse("Garden mornings")?],
        },
        agreement: Line::parse("2026-04")?,
        form: None,
    };
    store.write(&op, move |tx, op| apply(tx, op, cmd)).await?;
    store.write(&op, |tx, op| confirm(tx, op)).await?;
    Ok(applicant.application)
}

async fn press(door: &Client, token: &str) -> anyhow::Result<Value> {
    let confirm = "mutation($t: String!) { confirmApplication(token: $t) { done refusal { code } } }";
    Ok(door.data(confirm, json!({ "t": token })).await?["confirmApplication"].clone())
}

async fn listed(ines: &Client) -> anyhow::Result<Vec<Value>> {
    let found = ines.data(LIST, json!({})).await?;
    Ok(found["applications"]["edges"].as_array().cloned().unwrap_or_default())
}

struct Scene {
    served: Served,
    region: Region,
    mailbox: Mailbox,
    ines: Client,
    door: Client,
}

impl Scene {
    async fn new() -> anyhow::Result<Self> {
        let (served, region) = Served::with_region().await?;
        let mailbox = Mailbox::of(&served)?;
        let ines = served.client(&region.coordinator)?;
        opened(&ines).await?;
        let door = Client::new(&served.url, None);
        Ok(Self { served, region, mailbox, ines, door })
    }

    /// Applied, with the address proved: the token and the application's id.
    async fn proved(&self) -> anyhow::Result<(String, Value)> {
        applied(&self.door, moorside("north-vale")).await?;
        let token = self.mailbox.newest(&self.served, ADDRESS, "/application/").await?;
        assert_eq!(press(&self.door, &token).await?["done"], true);
        let id = listed(&self.ines).await?.first().context("nobody applies")?["node"]["id"].clone();
        Ok((token, id))
    }

    /// How many are kept, so many days later.
    async fn tidied(&self, days: i64) -> anyhow::Result<i64> {
        let (world, owner) = (&self.served.world, self.served.world.database.connect_as_owner().await?);
        world.clock.advance(SignedDuration::from_hours(24 * days));
        self.served.app.parts.platform.upkeep(world.clock.now()).await?;
        Ok(owner.query_one("SELECT count(*) FROM applications", &[]).await?.get(0))
    }

    async fn stands(&self, token: &str) -> anyhow::Result<Value> {
        Ok(self.door.data(OWN, json!({ "t": token })).await?["ownApplication"].clone())
    }
}

#[tokio::test]
async fn a_group_applies_proves_its_address_and_is_let_in_as_an_organisation() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let page = "{ joinableNetwork(network: \"north-vale\") { name agreement } }";
    let shown = scene.door.data(page, json!({})).await?;
    assert_eq!(shown["joinableNetwork"], json!({ "name": "north-vale", "agreement": "2026-04" }));
    applied(&scene.door, moorside("north-vale")).await?;
    assert!(listed(&scene.ines).await?.is_empty(), "it is read before its address is proved");
    let token = scene.mailbox.newest(&scene.served, ADDRESS, "/application/").await?;
    assert_eq!(scene.stands(&token).await?["stage"], "UNCONFIRMED");
    assert!(listed(&scene.ines).await?.is_empty(), "looking has proved it");
    for _ in 0..2 {
        assert_eq!(press(&scene.door, &token).await?["done"], true, "pressing twice is no mistake");
    }
    let told =
        scene.mailbox.newest(&scene.served, &scene.region.coordinator.email, "/admin/applications").await;
    assert!(told.is_ok(), "whoever answers has not heard");
    let waiting = scene.ines.data("{ waitingApplications }", json!({})).await?;
    assert_eq!(waiting["waitingApplications"], 1);
    let all = listed(&scene.ines).await?;
    let one = all.first().context("nobody applies")?["node"].clone();
    assert_eq!(
        (one["contactName"].clone(), one["email"].clone()),
        (json!("Jen Moss"), json!(ADDRESS)),
        "{one}"
    );

    let input = json!({ "applicationId": one["id"], "idempotencyKey": "let-moorside-in" });
    let fields = "application { stage organisationId }";
    let let_in = scene.ines.mutate("approveApplication", "ApplicationInput", input.clone(), fields).await?;
    assert_eq!(let_in["application"]["stage"], "APPROVED", "{let_in}");
    let twice = scene.ines.mutate("approveApplication", "ApplicationInput", input, fields).await?;
    assert_eq!(twice, let_in);
    let again = json!({ "applicationId": one["id"] });
    assert_eq!(
        scene.ines.refused("approveApplication", "ApplicationInput", again).await?,
        "ANSWERED_ALREADY"
    );
    let query =
        "query($id: ID!) { managedOrganisation(id: $id) { organisation { name helpPhone kind } email openInvitationCount
        agreements { kind version } } }";
    let made = scene.ines.data(query, json!({ "id": let_in["application"]["organisationId"] })).await?;
    let made = &made["managedOrganisation"];
    assert_eq!(
        made["organisation"],
        json!({ "name": "Moorside Allotments", "helpPhone": "01632 960 020", "kind": "COMMUNITY_PROVIDER" })
    );
    assert!(made["email"].is_null(), "their own address is a mailbox for requests");
    assert_eq!(made["agreements"], json!([{ "kind": "MEMBERSHIP", "version": "2026-04" }]));
    let services =
        "{ services(filter: { words: \"garden\" }, first: 5) { edges { node { capacity { state } } } } }";
    let found = scene.ines.data(services, json!({})).await?;
    assert_eq!(found["services"]["edges"][0]["node"]["capacity"]["state"], "PAUSED", "{found}");
    let invitation = scene.mailbox.newest(&scene.served, ADDRESS, "/invitation/").await?;
    assert_eq!(accept(&invitation, Some("Jen Moss"), PASSWORD, &scene.door).await?["done"], true);
    assert_eq!(scene.stands(&token).await?["stage"], "APPROVED");
    let owner = scene.served.world.database.connect_as_owner().await?;
    let held = "SELECT roles FROM memberships JOIN users USING (user_id) WHERE users.email = $1";
    let roles: Vec<String> = owner.query_one(held, &[&ADDRESS]).await?.get(0);
    assert_eq!(roles, ["organisation_admin"], "nobody has chosen more");
    Ok(())
}

#[tokio::test]
async fn whoever_applies_answers_a_question_and_hears_a_no_with_its_reason() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (token, id) = scene.proved().await?;
    let ask = json!({ "applicationId": id, "question": "Who leads the mornings?" });
    scene.ines.mutate("askApplicant", "AskApplicantInput", ask, "application { stage }").await?;
    let mailed = scene.mailbox.newest(&scene.served, ADDRESS, "has a question. Read it").await;
    assert!(mailed.is_ok(), "they have not heard");
    assert_eq!(scene.stands(&token).await?["question"], "Who leads the mornings?");
    let say = "mutation($t: String!, $r: String!) { replyToQuestion(token: $t, reply: $r) { done refusal { code } } }";
    let reply = json!({ "t": token, "r": "Two trained volunteers" });
    let said = scene.door.data(say, reply.clone()).await?;
    assert_eq!(said["replyToQuestion"]["done"], true, "{said}");
    let twice = scene.door.data(say, reply).await?;
    assert_eq!(twice["replyToQuestion"]["refusal"]["code"], "ANSWERED_ALREADY");
    let all = listed(&scene.ines).await?;
    let first = json!({ "question": "Who leads the mornings?", "reply": "Two trained volunteers" });
    assert_eq!(all[0]["node"]["talk"], json!([first]));
    assert!(scene.stands(&token).await?["question"].is_null());
    let ask = json!({ "applicationId": id, "question": "Where do you meet?" });
    scene.ines.mutate("askApplicant", "AskApplicantInput", ask, "application { stage }").await?;
    assert_eq!(scene.stands(&token).await?["question"], "Where do you meet?");
    let all = listed(&scene.ines).await?;
    let second = json!({ "question": "Where do you meet?", "reply": null });
    assert_eq!(all[0]["node"]["talk"], json!([first, second]), "the first answer is lost");

    let no = json!({ "applicationId": id, "reason": "OUTSIDE_AREA" });
    scene.ines.mutate("declineApplication", "DeclineApplicationInput", no, "application { stage }").await?;
    assert!(scene.mailbox.newest(&scene.served, ADDRESS, "It is a no").await.is_ok());
    let stands = scene.stands(&token).await?;
    assert_eq!(
        (stands["stage"].clone(), stands["refusalReason"].clone()),
        (json!("DECLINED"), json!("OUTSIDE_AREA"))
    );
    assert!(listed(&scene.ines).await?.is_empty(), "it has its last word");
    Ok(())
}

#[tokio::test]
async fn nothing_is_learnt_by_applying_and_nobody_fills_a_list_or_a_mailbox() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.served.world.region("south-moor").await?;
    let body = |input| scene.door.mutate("applyToJoin", "ApplyToJoinInput", input, "done");
    let (none, closed) = (body(moorside("nowhere")).await?, body(moorside("south-moor")).await?);
    assert_eq!(none, closed, "a network that takes none, and none");
    assert_eq!(none["refusal"]["code"], "NOT_FOUND", "{none}");
    let mut known = moorside("north-vale");
    known["email"] = json!(scene.region.coordinator.email);
    let known = body(known).await?;
    assert_eq!(
        known,
        body(moorside("north-vale")).await?,
        "an address that has a login, and one that has none"
    );
    let mut odd = moorside("north-vale");
    odd["agrees"] = json!(false);
    assert_eq!(body(odd).await?["refusal"]["code"], "INVALID_INPUT");
    let sixth = body(moorside("north-vale")).await?;
    assert_eq!(sixth["refusal"]["code"], "TOO_MANY_TRIES", "{sixth}");
    let forged = scene.door.ask(OWN, json!({ "t": "tr_join_AAAA" })).await?;
    assert_eq!(forged.body["errors"][0]["extensions"]["code"], "NOT_FOUND");
    Ok(())
}

#[tokio::test]
async fn what_nobody_proved_goes_after_a_week_and_what_was_answered_after_ninety_days() -> anyhow::Result<()>
{
    let scene = Scene::new().await?;
    let (token, id) = scene.proved().await?;
    let mut other = moorside("north-vale");
    other["email"] = json!("other@moorside.example.org");
    applied(&scene.door, other).await?;
    let no = json!({ "applicationId": id, "reason": "NOT_VERIFIED" });
    scene.ines.mutate("declineApplication", "DeclineApplicationInput", no, "application { stage }").await?;
    assert_eq!(scene.tidied(6).await?, 2);
    assert_eq!(scene.tidied(2).await?, 1, "nobody has proved it");
    assert_eq!(scene.tidied(81).await?, 1);
    assert_eq!(scene.tidied(2).await?, 0);
    let gone = scene.door.ask(OWN, json!({ "t": token })).await?;
    assert_eq!(gone.body["errors"][0]["extensions"]["code"], "NOT_FOUND");
    Ok(())
}

#[tokio::test]
async fn nothing_personal_of_whoever_applies_stands_in_clear() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let (_, id) = scene.proved().await?;
    let ask = json!({ "applicationId": id, "question": "Is Jen Moss your lead?" });
    scene.ines.mutate("askApplicant", "AskApplicantInput", ask, "application { stage }").await?;
    let owner = scene.served.world.database.connect_as_owner().await?;
    let all = "SELECT string_agg(t, ' ') FROM (
        SELECT to_jsonb(g)::text AS t FROM organisations g UNION ALL SELECT to_jsonb(s)::text FROM services s UNION ALL
        SELECT to_jsonb(a)::text || encode(a.sealed_details, 'escape') || encode(a.sealed_talk, 'escape') FROM applications a
        UNION ALL SELECT to_jsonb(e)::text FROM events e UNION ALL SELECT to_jsonb(u)::text FROM audit_entries u
        UNION ALL SELECT to_jsonb(o)::text FROM outbox o) x";
    let kept: String = owner.query_one(all, &[]).await?.get(0);
    for word in ["Jen Moss", ADDRESS, "01632 960 020"] {
        assert!(!kept.contains(word), "{word} stands in clear");
    }
    // The phone is the group's from then on, for everybody who asks about its services.
    let let_in = json!({ "applicationId": id });
    scene.ines.mutate("approveApplication", "ApplicationInput", let_in, "application { stage }").await?;
    let kept: String = owner.query_one(all, &[]).await?.get(0);
    assert!(kept.contains("Moorside Allotments"), "the search finds nothing at all");
    for word in ["Jen Moss", ADDRESS] {
        assert!(!kept.contains(word), "{word} stands in clear once they are let in");
    }
    Ok(())
}

#[tokio::test]
async fn a_form_sent_twice_is_one_application_and_one_with_other_words_is_another() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mut form = moorside("north-vale");
    form["idempotencyKey"] = json!("the-form-of-jen");
    for _ in 0..2 {
        applied(&scene.door, form.clone()).await?;
    }
    assert_eq!(scene.tidied(0).await?, 1, "a double press has made two");
    assert_eq!(scene.mailbox.mails(&scene.served).await?.len(), 1);
    // Back in the browser, to put a word right: the form has its key still.
    form["name"] = json!("Moorside Allotments and Orchard");
    applied(&scene.door, form).await?;
    assert_eq!(scene.tidied(0).await?, 2);
    Ok(())
}

#[tokio::test]
async fn whoever_agreed_to_an_older_agreement_is_asked_again_and_nothing_is_kept() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let settled = json!({ "open": true, "agreement": "2026-05" });
    scene.ines.mutate("changeJoining", "ChangeJoiningInput", settled, "joining { open }").await?;
    let refused = scene.door.refused("applyToJoin", "ApplyToJoinInput", moorside("north-vale")).await?;
    assert_eq!(refused, "STALE");
    assert_eq!(scene.tidied(0).await?, 0);
    let mut read = moorside("north-vale");
    read["agreement"] = json!("2026-05");
    applied(&scene.door, read).await
}

#[tokio::test]
async fn whoever_coordinates_hears_of_the_first_that_waits_and_no_more_are_taken_than_can_be_read()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let told = async || -> anyhow::Result<usize> {
        let mails = scene.mailbox.mails(&scene.served).await?;
        Ok(mails.iter().filter(|mail| mail.to.contains(&scene.region.coordinator.email)).count())
    };
    for _ in 0..3 {
        waits(&scene.served, &scene.region).await?;
    }
    assert_eq!(told().await?, 1, "each has sent a mail");
    for one in listed(&scene.ines).await? {
        let no = json!({ "applicationId": one["node"]["id"], "reason": "OTHER" });
        scene
            .ines
            .mutate("declineApplication", "DeclineApplicationInput", no, "application { stage }")
            .await?;
    }
    for _ in 0..100 {
        waits(&scene.served, &scene.region).await?;
    }
    assert_eq!(told().await?, 2, "the first after a while of none");
    let full = scene.door.refused("applyToJoin", "ApplyToJoinInput", moorside("north-vale")).await?;
    assert_eq!(full, "TOO_MANY_TRIES");
    Ok(())
}

#[tokio::test]
async fn what_is_never_answered_goes_too_whoever_of_the_two_says_nothing() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let asked = waits(&scene.served, &scene.region).await?.to_string();
    waits(&scene.served, &scene.region).await?;
    let ask = json!({ "applicationId": asked, "question": "Where do you meet?" });
    scene.ines.mutate("askApplicant", "AskApplicantInput", ask, "application { stage }").await?;
    assert_eq!(scene.tidied(89).await?, 2);
    assert_eq!(scene.tidied(2).await?, 1, "they were asked, and said nothing");
    assert_eq!(scene.tidied(88).await?, 1);
    assert_eq!(scene.tidied(2).await?, 0, "nobody has answered them");
    Ok(())
}
