//! One referral, from a practice to a charity and back, as partners' clients live it: over GraphQL and e-mail alone.
//! Everybody signs in with a password; the charity has no account, and answers from its mailbox.

use anyhow::Context;
use serde_json::{Value, json};
use trellis_infra::auth::Passwords;
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::{Persona, Region};

use crate::loop_over_graphql::{REFERRAL, agreement, command, refer};

const PASSWORD: &str = "seven quiet otters";
const WALKERS: &str = "eastfieldwalkers@example.org";
const TOKENS: &str = "tokens { accessToken refreshToken } viewer { name membershipId }";
const OFFERED: &str =
    "query($token: String!, $device: String) { offeredRequest(token: $token, device: $device) {
    state providerName serviceName brief { needs area } contact { name phone reachBy reference risk whatMatters } } }";

/// Signed in as somebody would: what they act with, and what carries them on.
struct SignedIn {
    client: Client,
    refresh: Value,
}

async fn sign_in(served: &Served, who: &Persona) -> anyhow::Result<SignedIn> {
    let hash = Passwords::new(1, 8)?.hash(PASSWORD).await?;
    let owner = served.world.database.connect_as_owner().await?;
    owner.execute("UPDATE users SET password_hash = $1 WHERE email = $2", &[&hash, &who.email]).await?;
    let input = json!({ "email": who.email, "password": PASSWORD });
    let payload = Client::new(&served.url, None).mutate("signIn", "SignInInput", input, TOKENS).await?;
    goes_on(served, &payload)
}

fn goes_on(served: &Served, payload: &Value) -> anyhow::Result<SignedIn> {
    let token = payload["tokens"]["accessToken"].as_str().with_context(|| payload.to_string())?;
    let client = Client::new(&served.url, Some(token.to_owned()));
    Ok(SignedIn { client, refresh: payload["tokens"]["refreshToken"].clone() })
}

async fn read(client: &Client, id: &Value, fields: &str) -> anyhow::Result<Value> {
    let query = format!("query($id: ID!) {{ referral(id: $id) {{ {fields} }} }}");
    Ok(client.data(&query, json!({ "id": id })).await?["referral"].clone())
}

async fn offered(served: &Served, token: &str, device: Option<&str>) -> anyhow::Result<Value> {
    let variables = json!({ "token": token, "device": device });
    Ok(Client::new(&served.url, None).data(OFFERED, variables).await?["offeredRequest"].clone())
}

/// The link workers take the practice's request up, and speak with the person.
async fn taken_up(lead: &Client, worker: (&Client, &Persona), sent: &Value) -> anyhow::Result<Value> {
    let accepted = command(lead, "acceptReferral", "ReferralCommandInput", sent, json!({})).await?;
    let to_sam = json!({ "userId": worker.1.session.user.to_string() });
    let given = command(lead, "allocateReferral", "AllocateReferralInput", &accepted, to_sam).await?;
    let spoke = json!({ "referralId": given["id"], "channel": "PHONE", "result": "SPOKE", "minutes": 15, "note": "Would like to walk" });
    let logged = worker.0.mutate("logContact", "LogContactInput", spoke, REFERRAL).await?;
    anyhow::ensure!(logged["referral"]["stage"] == "ACTIVE", "{logged}");
    Ok(logged["referral"].clone())
}

/// The charity opens its mail, says yes, types the code, and learns who it is. The device it is known by.
async fn the_charity_says_yes(served: &Served, mailbox: &Mailbox) -> anyhow::Result<String> {
    let anonymous = Client::new(&served.url, None);
    let token = mailbox.newest(served, WALKERS, "/r/").await?;
    let before = offered(served, &token, None).await?;
    assert_eq!((&before["state"], &before["serviceName"]), (&json!("OPEN"), &json!("Monday walk")));
    assert_eq!(before["brief"], json!({ "needs": ["LONELINESS"], "area": "LA9" }));
    assert!(before["contact"].is_null() && !before.to_string().contains("Park"), "{before}");

    let yes = json!({ "token": token, "answer": "ACCEPT" });
    let fields = "codeSent request { state contact { name } }";
    let said = anonymous.mutate("answerOffer", "AnswerOfferInput", yes, fields).await?;
    assert_eq!(said["codeSent"], true, "{said}");
    assert_eq!(said["request"], json!({ "state": "ACCEPTED", "contact": null }), "not before the code");
    assert!(offered(served, &token, Some("tr_device_guess")).await?["contact"].is_null());

    let code = mailbox.newest(served, WALKERS, "Your code is ").await?;
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    let typed = json!({ "token": token, "code": code });
    let fields = "device request { contact { name phone } }";
    let known = anonymous.mutate("verifyDevice", "VerifyDeviceInput", typed, fields).await?;
    let who = json!({ "name": "Jo Park", "phone": "01632 960010" });
    assert_eq!(known["request"]["contact"], who, "{known}");
    let device = known["device"].as_str().context("a device")?.to_owned();
    let later = offered(served, &token, Some(&device)).await?;
    assert_eq!(
        (&later["contact"]["name"], &later["contact"]["reachBy"]),
        (&json!("Jo Park"), &json!("PHONE"))
    );
    let to_know = (&later["contact"]["whatMatters"], &later["contact"]["risk"]);
    assert_eq!(to_know, (&json!("Hearing birds"), &json!("NONE_KNOWN")));
    assert!(offered(served, &token, None).await?["contact"].is_null(), "on another device it asks again");
    Ok(token)
}

#[tokio::test]
async fn a_practice_asks_a_charity_accepts_from_its_mail_and_the_practice_hears_how_it_ended()
-> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let mailbox = Mailbox::of(&served)?;
    let gp = sign_in(&served, &region.referrer).await?;
    let lead = sign_in(&served, &region.team_lead).await?;
    let sam = sign_in(&served, &region.link_worker).await?;

    let sent = refer(&gp.client, &region.link_service.to_string()).await?;
    let active = taken_up(&lead.client, (&sam.client, &region.link_worker), &sent).await?;
    let onward = json!({ "referralId": active["id"], "serviceId": region.walking.to_string(), "agreement": agreement(), "whatMatters": "Hearing birds" });
    let placed = sam.client.mutate("referOnward", "ReferOnwardInput", onward, REFERRAL).await?;
    the_charity_says_yes(&served, &mailbox).await?;
    let there = read(&sam.client, &placed["referral"]["id"], "stage unread").await?;
    assert_eq!(there["stage"], "ACCEPTED");

    let visited = json!({ "referralId": active["id"], "channel": "PHONE", "result": "SPOKE", "minutes": 10 });
    let last =
        sam.client.mutate("logContact", "LogContactInput", visited, REFERRAL).await?["referral"].clone();
    let close = json!({ "outcome": "GOAL_MET", "supportOffered": "A weekly walk with Eastfield Walkers" });
    command(&sam.client, "completeReferral", "CompleteReferralInput", &last, close).await?;

    let heard = read(&gp.client, &sent["id"], "stage unread closeOut { supportOffered }").await?;
    assert_eq!(heard["closeOut"]["supportOffered"], "A weekly walk with Eastfield Walkers");
    assert!(heard["stage"] == "COMPLETED" && heard["unread"].as_u64() > Some(0), "{heard}");
    let read_it =
        "mutation($id: ID!) { markReferralRead(referralId: $id) { referral { unread } refusal { code } } }";
    let seen = gp.client.data(read_it, json!({ "id": sent["id"] })).await?;
    assert_eq!(seen["markReferralRead"], json!({ "referral": { "unread": 0 }, "refusal": null }));
    for mail in mailbox.mails(&served).await? {
        let whole = format!("{} {} {}", mail.subject, mail.text, mail.html);
        for personal in ["Jo Park", "Jo ", "Park", "01632 960010", "twice a week"] {
            assert!(!whole.contains(personal), "“{personal}” left by e-mail: {}", mail.subject);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_session_is_carried_on_switched_and_ended_by_its_tokens() -> anyhow::Result<()> {
    let (served, region) = Served::with_region().await?;
    let sam = sign_in(&served, &region.link_worker).await?;
    let viewer = "{ viewer { organisation { name } memberships { id organisationName current } } }";
    let second = also_helps_at_the_walkers(&served, &region).await?;

    let refresh =
        format!("mutation($t: String!) {{ refresh(refreshToken: $t) {{ {TOKENS} refusal {{ code }} }} }}");
    let refreshed = sam.client.data(&refresh, json!({ "t": sam.refresh })).await?["refresh"].clone();
    let sam = goes_on(&served, &refreshed)?;
    let seen = sam.client.data(viewer, json!({})).await?["viewer"].clone();
    assert_eq!(seen["organisation"]["name"], "North Vale Community Links");
    assert_eq!(seen["memberships"].as_array().map(Vec::len), Some(2), "{seen}");

    let switch = format!(
        "mutation($m: ID!, $t: String!) {{ switchMembership(membershipId: $m, refreshToken: $t) {{ {TOKENS} refusal {{ code }} }} }}"
    );
    let to = json!({ "m": second, "t": sam.refresh });
    let switched = sam.client.data(&switch, to).await?["switchMembership"].clone();
    let walker = goes_on(&served, &switched)?;
    let seen = walker.client.data(viewer, json!({})).await?["viewer"].clone();
    assert_eq!(seen["organisation"]["name"], "Eastfield Walkers");
    let before = sam.client.ask(viewer, json!({})).await?;
    assert!(before.body.to_string().contains("UNAUTHENTICATED"), "the old token still acts: {}", before.body);

    let out = walker.client.data("mutation { signOut { done } }", json!({})).await?;
    assert_eq!(out["signOut"]["done"], true);
    let after = walker.client.ask(viewer, json!({})).await?;
    assert!(after.body.to_string().contains("UNAUTHENTICATED"), "{}", after.body);
    let dead = sam.client.data(&refresh, json!({ "t": walker.refresh })).await?;
    assert_eq!(dead["refresh"]["refusal"]["code"], "SIGN_IN_FAILED");
    Ok(())
}

/// A second membership of Sam's login; its id as the API shows it.
async fn also_helps_at_the_walkers(served: &Served, region: &Region) -> anyhow::Result<String> {
    use trellis_domain::kernel::TypedId;
    let helper = (region.network, Some(region.walkers));
    let other =
        served.world.member(helper, "Sam Helper", trellis_domain::policy::Role::ProviderWorker).await?;
    let owner = served.world.database.connect_as_owner().await?;
    let (sam, theirs) = (region.link_worker.session.user.uuid(), other.session.membership.uuid());
    owner.execute("UPDATE memberships SET user_id = $1 WHERE membership_id = $2", &[&sam, &theirs]).await?;
    Ok(other.session.membership.to_string())
}
