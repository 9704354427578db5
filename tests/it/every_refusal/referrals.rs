//! Commands that the lifecycle does not allow, or not to whoever asks.

use serde_json::{Value, json};
use trellis_domain::policy::Role;

use super::{Asked, Scene};
use crate::loop_over_graphql::{command, refer, refer_input};

async fn sent(scene: &Scene) -> anyhow::Result<Value> {
    refer(&scene.gp()?, &scene.region.link_service.to_string()).await
}

async fn accepted(scene: &Scene) -> anyhow::Result<Value> {
    let sent = sent(scene).await?;
    command(&scene.lead()?, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await
}

fn on(referral: &Value, more: Value) -> Value {
    let mut input = json!({ "referralId": referral["id"], "version": referral["version"] });
    if let (Some(input), Value::Object(more)) = (input.as_object_mut(), more) {
        input.extend(more);
    }
    input
}

pub async fn what_is_not_ours_is_not_found(scene: &Scene) -> anyhow::Result<Asked> {
    let theirs = on(&sent(scene).await?, json!({}));
    Ok(Asked::of(scene.client(&scene.region.adviser)?, "acceptReferral", "ReferralCommandInput", theirs))
}

pub async fn an_analyst_accepts_nothing(scene: &Scene) -> anyhow::Result<Asked> {
    let sent = sent(scene).await?;
    let at_links = (scene.region.network, Some(scene.region.links));
    let analyst = scene.served.world.member(at_links, "Ravi Patel", Role::Analyst).await?;
    let input = on(&sent, json!({}));
    Ok(Asked::of(scene.client(&analyst)?, "acceptReferral", "ReferralCommandInput", input))
}

pub async fn what_was_not_accepted_cannot_start(scene: &Scene) -> anyhow::Result<Asked> {
    let input = on(&sent(scene).await?, json!({}));
    Ok(Asked::of(scene.lead()?, "startReferral", "ReferralCommandInput", input))
}

pub async fn somebody_else_was_quicker(scene: &Scene) -> anyhow::Result<Asked> {
    let sent = sent(scene).await?;
    command(&scene.lead()?, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let late = on(&sent, json!({ "reason": "OTHER" }));
    Ok(Asked::of(scene.lead()?, "declineReferral", "DeclineReferralInput", late))
}

pub async fn nobody_is_given_up_on_too_soon(scene: &Scene) -> anyhow::Result<Asked> {
    let input = on(&accepted(scene).await?, json!({ "reason": "NOT_REACHED" }));
    Ok(Asked::of(scene.lead()?, "endReferral", "EndReferralInput", input))
}

pub async fn a_pause_cannot_have_ended(scene: &Scene) -> anyhow::Result<Asked> {
    let pause = json!({ "reason": "AWAY", "until": "2026-11-20T09:00:00Z" });
    let input = on(&accepted(scene).await?, pause);
    Ok(Asked::of(scene.lead()?, "holdReferral", "HoldReferralInput", input))
}

pub async fn a_next_step_cannot_have_passed(scene: &Scene) -> anyhow::Result<Asked> {
    let accepted = accepted(scene).await?;
    let input = json!({
        "referralId": accepted["id"], "channel": "PHONE", "result": "SPOKE", "minutes": 5,
        "nextStep": "CALL", "nextDueAt": "2026-11-20T09:00:00Z",
    });
    Ok(Asked::of(scene.lead()?, "logContact", "LogContactInput", input))
}

pub async fn a_month_later_it_is_a_new_referral(scene: &Scene) -> anyhow::Result<Asked> {
    let sent = sent(scene).await?;
    let no = json!({ "reason": "NO_CAPACITY" });
    let declined = command(&scene.lead()?, "declineReferral", "DeclineReferralInput", &sent, no).await?;
    scene.days_pass(31);
    let input = on(&declined, json!({ "reason": "CAME_BACK" }));
    Ok(Asked::of(scene.gp()?, "reopenReferral", "ReopenReferralInput", input))
}

/// Accepted, with a risk that was told; nobody is named.
async fn accepted_with_a_risk(scene: &Scene) -> anyhow::Result<Value> {
    let mut input = refer_input(&scene.region.link_service.to_string());
    input["risk"] = json!("SAFEGUARDING");
    let fields = "referral { id version }";
    let sent = scene.gp()?.mutate("refer", "ReferInput", input, fields).await?["referral"].clone();
    command(&scene.lead()?, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await
}

pub async fn a_risk_needs_somebody_by_name(scene: &Scene) -> anyhow::Result<Asked> {
    let input = on(&accepted_with_a_risk(scene).await?, json!({}));
    Ok(Asked::of(scene.lead()?, "startReferral", "ReferralCommandInput", input))
}

pub async fn whoever_is_named_first_says_that_they_know(scene: &Scene) -> anyhow::Result<Asked> {
    let accepted = accepted_with_a_risk(scene).await?;
    let named = json!({ "userId": scene.region.link_worker.session.user.to_string() });
    let given =
        command(&scene.lead()?, "allocateReferral", "AllocateReferralInput", &accepted, named).await?;
    let worker = scene.client(&scene.region.link_worker)?;
    Ok(Asked::of(worker, "startReferral", "ReferralCommandInput", on(&given, json!({}))))
}

pub async fn nobody_of_another_organisation_is_given_it(scene: &Scene) -> anyhow::Result<Asked> {
    let elsewhere = json!({ "userId": scene.region.volunteer.session.user.to_string() });
    let input = on(&accepted(scene).await?, elsewhere);
    Ok(Asked::of(scene.lead()?, "allocateReferral", "AllocateReferralInput", input))
}

async fn given(scene: &Scene) -> anyhow::Result<Value> {
    let named = json!({ "userId": scene.region.link_worker.session.user.to_string() });
    let accepted = accepted(scene).await?;
    command(&scene.lead()?, "allocateReferral", "AllocateReferralInput", &accepted, named).await
}

pub async fn nobody_takes_it_from_somebody_without_saying_why(scene: &Scene) -> anyhow::Result<Asked> {
    let to_me = json!({ "userId": scene.region.team_lead.session.user.to_string() });
    let input = on(&given(scene).await?, to_me);
    Ok(Asked::of(scene.lead()?, "allocateReferral", "AllocateReferralInput", input))
}

pub async fn eleven_minutes_later_it_is_not_undone(scene: &Scene) -> anyhow::Result<Asked> {
    let given = given(scene).await?;
    scene.served.world.clock.advance(jiff::SignedDuration::from_mins(11));
    let input = json!({ "referralId": given["id"] });
    Ok(Asked::of(scene.lead()?, "undoAllocation", "UndoAllocationInput", input))
}

pub async fn what_somebody_has_built_on_is_not_undone(scene: &Scene) -> anyhow::Result<Asked> {
    let given = given(scene).await?;
    let sam = scene.client(&scene.region.link_worker)?;
    command(&sam, "startReferral", "ReferralCommandInput", &given, json!({})).await?;
    let input = json!({ "referralId": given["id"] });
    Ok(Asked::of(scene.lead()?, "undoAllocation", "UndoAllocationInput", input))
}

pub async fn no_text_to_whoever_wants_letters(scene: &Scene) -> anyhow::Result<Asked> {
    let accepted = accepted(scene).await?;
    let texted = json!({ "referralId": accepted["id"], "channel": "TEXT", "result": "SENT", "minutes": 1 });
    Ok(Asked::of(scene.lead()?, "logContact", "LogContactInput", texted))
}

pub async fn a_key_is_one_request(scene: &Scene) -> anyhow::Result<Asked> {
    let accepted = accepted(scene).await?;
    let pause =
        |until: &str| json!({ "reason": "AWAY", "until": until, "idempotencyKey": "monday-morning-1" });
    let first = on(&accepted, pause("2026-12-20T09:00:00Z"));
    let held = scene.lead()?.mutate("holdReferral", "HoldReferralInput", first, "referral { stage }").await?;
    anyhow::ensure!(held["referral"]["stage"] == "ON_HOLD", "{held}");
    let other = on(&accepted, pause("2026-12-24T09:00:00Z"));
    Ok(Asked::of(scene.lead()?, "holdReferral", "HoldReferralInput", other))
}
