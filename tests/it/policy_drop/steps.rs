//! What is done in the story, each step with a look at what came of it.

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use trellis_domain::kernel::{ReferralId, TypedId};
use trellis_domain::policy::Role;
use trellis_domain::tenancy::OrganisationKind;
use trellis_infra::worker::Chased;
use trellis_tests::gql::Client;
use trellis_tests::mailbox::Mailbox;
use trellis_tests::served::Served;
use trellis_tests::world::Region;

use crate::access_requests::asked;
use crate::custody_story::{accepts, offers};
use crate::emergency::{known_elsewhere, opened};
use crate::loop_over_graphql::{REFERRAL, agreement, command, refer, refer_input};
use crate::plan_story::{first_plan, reads, saves};

/// A record is opened in an emergency, read with who helps, and closed; and a page is asked for.
pub async fn in_an_emergency(served: &Served, region: &Region) -> anyhow::Result<()> {
    known_elsewhere(&served.client(&region.referrer)?, &region.walking.to_string()).await?;
    let sam = served.client(&region.link_worker)?;
    let emergency = opened(&sam).await?;
    let look =
        "query($id: ID!) { person(id: $id) { name emergency { reason } emergencyHelpers { serviceName } } }";
    let seen = sam.data(look, json!({ "id": emergency["personId"] })).await?["person"].clone();
    ensure!(seen["name"] == "Jo Park" && seen["emergency"]["reason"].is_string(), "{seen}");
    ensure!(seen["emergencyHelpers"][0]["serviceName"] == "Monday walk", "{seen}");
    let over = json!({ "openingId": emergency["id"] });
    let closed = sam.mutate("closeEmergency", "CloseEmergencyInput", over, "emergency { open }").await?;
    ensure!(closed["emergency"]["open"] == false, "{closed}");
    asked(&sam).await.map(|_| ())
}

/// Asked once though sent twice, accepted, given to somebody, and spoken with.
pub async fn taken_up(served: &Served, region: &Region) -> anyhow::Result<Value> {
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let mut input = refer_input(&region.link_service.to_string());
    input["idempotencyKey"] = json!("monday-morning-1");
    let sent = gp.mutate("refer", "ReferInput", input.clone(), REFERRAL).await?["referral"].clone();
    let again = gp.mutate("refer", "ReferInput", input, "referral { id }").await?;
    ensure!(again["referral"]["id"] == sent["id"], "{again}");
    let accepted = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let to_sam = json!({ "userId": region.link_worker.session.user.to_string() });
    command(&lead, "allocateReferral", "AllocateReferralInput", &accepted, to_sam).await?;
    let spoke = json!({ "referralId": sent["id"], "channel": "PHONE", "result": "SPOKE", "minutes": 5, "note": "Yes" });
    let sam = served.client(&region.link_worker)?;
    let logged = sam.mutate("logContact", "LogContactInput", spoke, REFERRAL).await?["referral"].clone();
    let look = "query($id: ID!) { referral(id: $id) { fromName worker { name } timeline { name } person { name contacts { note } } } }";
    let seen = sam.data(look, json!({ "id": sent["id"] })).await?["referral"].clone();
    ensure!(
        seen["person"]["contacts"][0]["note"] == "Yes" && seen["worker"]["name"] == "Sam Ridley",
        "{seen}"
    );
    ensure!(seen["timeline"][0].is_object() && seen["fromName"] == "Dr Ama Osei", "{seen}");
    let found =
        sam.data("{ people(search: \"Park\", first: 1) { edges { node { name } } } }", json!({})).await?;
    ensure!(found["people"]["edges"][0]["node"]["name"] == "Jo Park", "{found}");
    Ok(logged)
}

/// Given to somebody else for a reason, and put back; and a contact that was logged by mistake.
pub async fn put_right(served: &Served, region: &Region, active: &Value) -> anyhow::Result<()> {
    let (lead, sam) = (served.client(&region.team_lead)?, served.client(&region.link_worker)?);
    let to_lena = json!({ "userId": region.team_lead.session.user.to_string(), "reason": "WORKLOAD" });
    command(&lead, "reassignReferral", "ReassignReferralInput", active, to_lena).await?;
    let undone = json!({ "referralId": active["id"] });
    let fields = "referral { worker { name } }";
    let back = lead.mutate("undoAllocation", "UndoAllocationInput", undone, fields).await?;
    ensure!(back["referral"]["worker"]["name"] == "Sam Ridley", "{back}");
    let mistake = json!({ "referralId": active["id"], "channel": "PHONE", "result": "SPOKE", "minutes": 5 });
    let logged = sam.mutate("logContact", "LogContactInput", mistake, "contact { id }").await?;
    let mistake = json!({ "contactId": logged["contact"]["id"] });
    let fields = "contact { takenBackAt } referral { stage }";
    let back = sam.mutate("undoContact", "UndoContactInput", mistake, fields).await?;
    ensure!(back["contact"]["takenBackAt"].is_string() && back["referral"]["stage"] == "ACTIVE", "{back}");
    let team = lead.data("{ team { workers { name numbers { open } } } }", json!({})).await?.to_string();
    ensure!(team.contains("Sam Ridley"), "{team}");
    Ok(())
}

pub async fn answered_by_mail(
    served: &Served,
    mailbox: &Mailbox,
    region: &Region,
    active: &Value,
) -> anyhow::Result<()> {
    let onward = json!({ "referralId": active["id"], "serviceId": region.walking.to_string(), "agreement": agreement() });
    let sam = served.client(&region.link_worker)?;
    let placed = sam.mutate("referOnward", "ReferOnwardInput", onward, REFERRAL).await?;
    ensure!(placed["refusal"].is_null(), "{placed}");
    let (anonymous, to) = (Client::new(&served.url, None), "eastfieldwalkers@example.org");
    let token = mailbox.newest(served, to, "/r/").await?;
    let yes = json!({ "token": token, "answer": "ACCEPT" });
    anonymous.mutate("answerOffer", "AnswerOfferInput", yes, "codeSent").await?;
    let code = mailbox.newest(served, to, "Your code is ").await?;
    let typed = json!({ "token": token, "code": code });
    let known = anonymous.mutate("verifyDevice", "VerifyDeviceInput", typed, "device").await?;
    let look =
        "query($t: String!, $d: String) { offeredRequest(token: $t, device: $d) { contact { name } } }";
    let seen = anonymous.data(look, json!({ "t": token, "d": known["device"] })).await?;
    ensure!(seen["offeredRequest"]["contact"]["name"] == "Jo Park", "{seen}");
    Ok(())
}

/// Whoever asked is told to tell the person, and says that it is done.
pub async fn waited_for(served: &Served, region: &Region) -> anyhow::Result<()> {
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    command(&lead, "waitlistReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let look = "{ worklist(first: 20) { counts { tasks } edges { node { id kind } } } }";
    let todo = gp.data(look, json!({})).await?["worklist"].clone();
    let edges = todo["edges"].as_array().cloned().unwrap_or_default();
    let task = edges.iter().find(|edge| edge["node"]["kind"] == "TASK").context("nobody has a task")?;
    let done = json!({ "taskId": task["node"]["id"] });
    gp.mutate("finishTask", "FinishTaskInput", done, "done").await?;
    let left = gp.data(look, json!({})).await?["worklist"]["counts"]["tasks"].clone();
    ensure!(left == 0, "the task is still there");
    Ok(())
}

/// A letter that has nowhere to go is a task of whoever asked.
pub async fn could_not_be_told(served: &Served, mailbox: &Mailbox, region: &Region) -> anyhow::Result<()> {
    let owner = served.world.database.connect_as_owner().await?;
    let forget = "UPDATE organisations SET email = NULL WHERE organisation_id = $1";
    owner.execute(forget, &[&region.advice.uuid()]).await?;
    refer(&served.client(&region.referrer)?, &region.debt_advice.to_string()).await?;
    mailbox.mails(served).await?;
    let failed = "SELECT count(*) FROM tasks WHERE kind = 'message_failed' AND organisation_id = $1";
    let tasks: i64 = owner.query_one(failed, &[&region.practice.uuid()]).await?.get(0);
    ensure!(tasks == 1, "nobody knows that the letter did not arrive");
    Ok(())
}

/// The person wants no more of it: whoever asked says so, and whoever helped sees nobody any more.
pub async fn changed_their_mind(served: &Served, region: &Region) -> anyhow::Result<()> {
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    let accepted = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let person = json!({ "by": "PERSON" });
    command(&gp, "withdrawReferral", "WithdrawReferralInput", &accepted, person).await?;
    let look = "query($id: ID!) { referral(id: $id) { person { name } } }";
    let after = lead.data(look, json!({ "id": sent["id"] })).await?["referral"].clone();
    ensure!(after["person"].is_null(), "whoever helped still sees the person");
    Ok(())
}

/// With the agreement the access ends, and what waits to be sent is not.
pub async fn taken_back(served: &Served, region: &Region) -> anyhow::Result<()> {
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let look = "query($id: ID!) { referral(id: $id) { person { decisions { id } } } }";
    let seen = lead.data(look, json!({ "id": sent["id"] })).await?["referral"].clone();
    let input = json!({ "decisionId": seen["person"]["decisions"][0]["id"] });
    let taken = gp.mutate("withdrawDecision", "WithdrawDecisionInput", input, "decision { active }").await?;
    ensure!(taken["decision"]["active"] == false, "{taken}");
    let look = "query($id: ID!) { referral(id: $id) { stage person { name } } }";
    let after = lead.data(look, json!({ "id": sent["id"] })).await?["referral"].clone();
    ensure!(after["person"].is_null(), "the access outlived the agreement");
    ensure!(after["stage"] == "WITHDRAWN", "the referral outlived the agreement");
    let owner = served.world.database.connect_as_owner().await?;
    let waiting = "SELECT count(*) FROM outbox WHERE status = 'queued' AND template = 'request_to_provider' \
                   AND 'ref_' || replace(referral_id::text, '-', '') = $1";
    let id = sent["id"].as_str().unwrap_or_default();
    ensure!(owner.query_one(waiting, &[&id]).await?.get::<_, i64>(0) == 0, "a message is still to be sent");
    Ok(())
}

/// What was declined, and for whom nobody else is found yet, is in the way of closing: whoever coordinates sees that it is.
pub async fn not_found_yet(served: &Served, region: &Region) -> anyhow::Result<()> {
    let (gp, lead) = (served.client(&region.referrer)?, served.client(&region.team_lead)?);
    let sent = refer(&gp, &region.link_service.to_string()).await?;
    let taken = command(&lead, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let onward = json!({ "referralId": taken["id"], "serviceId": region.walking.to_string(), "agreement": agreement() });
    let placed = lead.mutate("referOnward", "ReferOnwardInput", onward, REFERRAL).await?["referral"].clone();
    let bea = served.client(&region.volunteer)?;
    command(&bea, "declineReferral", "DeclineReferralInput", &placed, json!({ "reason": "NOT_SUITABLE" }))
        .await?;
    let query = "query($id: ID!) { managedOrganisation(id: $id) { closingOutlook { unanswered } } }";
    let ines = served.client(&region.coordinator)?;
    let seen = ines.data(query, json!({ "id": region.links.to_string() })).await?;
    let unanswered = seen["managedOrganisation"]["closingOutlook"]["unanswered"].as_u64().unwrap_or_default();
    ensure!(unanswered > 0, "it would be closed over somebody who waits: {seen}");
    Ok(())
}

/// What matters to the person is written down, and read.
pub async fn planned(served: &Served, region: &Region, active: &Value) -> anyhow::Result<()> {
    let sam = served.client(&region.link_worker)?;
    let query = "query($id: ID!) { referral(id: $id) { person { id } } }";
    let person = sam.data(query, json!({ "id": active["id"] })).await?["referral"]["person"]["id"].clone();
    let saved = saves(&sam, first_plan(&person)).await?;
    let read = reads(&sam, &person).await?;
    ensure!(read["id"] == saved["id"] && read["savedBy"].is_string(), "{read}");
    Ok(())
}

/// A practice hands its records over, and sees nobody any more; whoever coordinates learned to whom.
pub async fn handed_over(served: &Served, mailbox: &Mailbox, region: &Region) -> anyhow::Result<()> {
    let world = &served.world;
    let old = world.organisation(region.network, "Old Town Surgery", OrganisationKind::Practice).await?;
    let gp = world.member((region.network, Some(old)), "Gil Frost", Role::Referrer).await?;
    let una = world.member((region.network, Some(old)), "Una Quill", Role::PrivacyOfficer).await?;
    let gp = served.client(&gp)?;
    let sent = refer(&gp, &region.walking.to_string()).await?;
    let look = "query($id: ID!) { referral(id: $id) { person { id } from { name } } }";
    let asked = gp.data(look, json!({ "id": sent["id"] })).await?["referral"].clone();
    let person = asked["person"]["id"].clone();
    let una = served.client(&una)?;
    let offer = offers(&una, region.links).await?;
    let query = "query($id: ID!) { managedOrganisation(id: $id) { closingOutlook { custodyTo { name } } } }";
    let outlook = served.client(&region.coordinator)?.data(query, json!({ "id": old.to_string() })).await?;
    let to = &outlook["managedOrganisation"]["closingOutlook"]["custodyTo"]["name"];
    ensure!(to == "North Vale Community Links", "{outlook}");
    accepts(&served.client(&region.privacy_officer)?, &offer).await?;
    mailbox.hand_over().await?;
    let lead = served.client(&region.team_lead)?;
    let along = lead.data(look, json!({ "id": sent["id"] })).await?;
    ensure!(along["referral"]["from"]["name"] == "North Vale Community Links", "{along}");
    let look = "query($id: ID!) { person(id: $id) { name custodian { name } } }";
    let kept = lead.data(look, json!({ "id": person })).await?;
    ensure!(kept["person"]["custodian"]["name"] == "North Vale Community Links", "{kept}");
    let gone = gp.data(look, json!({ "id": person })).await?;
    ensure!(gone["person"].is_null(), "{gone}");
    let over = una.data("{ custody { people offers { stage moved left } } }", json!({})).await?;
    let expected = json!({ "people": 0, "offers": [{ "stage": "MOVED", "moved": 1, "left": 0 }] });
    ensure!(over["custody"] == expected, "{over}");
    Ok(())
}

/// Nobody answers: the group hears of it twice and whoever asked once, and what they were to do is over with the answer.
pub async fn chased(served: &Served, mailbox: &Mailbox, region: &Region) -> anyhow::Result<()> {
    let gp = served.client(&region.referrer)?;
    let sent = refer(&gp, &region.walking.to_string()).await?;
    let id: ReferralId = sent["id"].as_str().unwrap_or_default().parse()?;
    let owner = served.world.database.connect_as_owner().await?;
    let due = "UPDATE referrals SET due_at = due_at - interval '30 days' WHERE referral_id = $1";
    let next = "UPDATE referral_chases SET next_at = next_at - interval '30 days' WHERE referral_id = $1";
    for brought_forward in [due, next, next] {
        owner.execute(brought_forward, &[&id.uuid()]).await?;
        let chased = mailbox.chase().await?;
        // Of the stories before this one something may have fallen due as well.
        ensure!(chased == Chased { told: chased.told.max(1), ..Chased::default() }, "{chased:?}");
        let again = mailbox.chase().await?;
        ensure!(again == Chased::default(), "{again:?}");
    }
    ensure!(unanswered(&gp, &sent).await? == 1, "whoever asked is not told");
    let bea = served.client(&region.volunteer)?;
    command(&bea, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    ensure!(unanswered(&gp, &sent).await? == 0, "it was answered");
    Ok(())
}

async fn unanswered(asker: &Client, sent: &Value) -> anyhow::Result<usize> {
    let look = "{ worklist(first: 50) { edges { node { taskKind referralId } } } }";
    let list = asker.data(look, json!({})).await?["worklist"]["edges"].clone();
    let lines = list.as_array().cloned().unwrap_or_default();
    let ours =
        |line: &&Value| line["node"]["taskKind"] == "NO_ANSWER" && line["node"]["referralId"] == sent["id"];
    Ok(lines.iter().filter(ours).count())
}
