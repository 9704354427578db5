//! What people have agreed to and wish, and who they are.

use serde_json::{Value, json};

use super::{Asked, Scene};
use crate::loop_over_graphql::{agreement, command, refer_input, somebody_new};
use crate::plan_story::{first_plan, helped, saves};

async fn registered(scene: &Scene) -> anyhow::Result<Value> {
    let person = somebody_new();
    let input = json!({ "identity": person["identity"], "preferences": person["preferences"] });
    let payload = scene.gp()?.mutate("registerPerson", "RegisterPersonInput", input, "person { id }").await?;
    Ok(payload["person"]["id"].clone())
}

/// A person who has agreed that the link workers hear of them, perhaps until some time; and that decision.
async fn agreed(scene: &Scene, until: Value) -> anyhow::Result<(Value, Value)> {
    let person = registered(scene).await?;
    let input = json!({
        "personId": person, "purpose": "REFERRAL", "scope": "FULL", "agreement": agreement(),
        "organisationId": scene.region.links.to_string(), "endsAt": until,
    });
    let payload =
        scene.gp()?.mutate("recordDecision", "RecordDecisionInput", input, "decision { id active }").await?;
    anyhow::ensure!(payload["decision"]["active"] == true, "{payload}");
    Ok((person, payload["decision"]["id"].clone()))
}

/// To the link workers, on the strength of what is on record.
fn refers(scene: &Scene, person: &Value) -> anyhow::Result<Asked> {
    let mut input = refer_input(&scene.region.link_service.to_string());
    (input["personId"], input["newPerson"], input["agreement"]) = (person.clone(), Value::Null, Value::Null);
    Ok(Asked::of(scene.gp()?, "refer", "ReferInput", input))
}

async fn taken_back(scene: &Scene) -> anyhow::Result<(Value, Value)> {
    let (person, decision) = agreed(scene, Value::Null).await?;
    let input = json!({ "decisionId": decision });
    let fields = "decision { active withdrawnAt }";
    let payload = scene.gp()?.mutate("withdrawDecision", "WithdrawDecisionInput", input, fields).await?;
    anyhow::ensure!(payload["decision"]["active"] == false, "{payload}");
    Ok((person, decision))
}

pub async fn nobody_is_sent_without_agreeing(scene: &Scene) -> anyhow::Result<Asked> {
    let mut input = refer_input(&scene.region.link_service.to_string());
    input["agreement"] = Value::Null;
    Ok(Asked::of(scene.gp()?, "refer", "ReferInput", input))
}

pub async fn what_was_taken_back_allows_nothing(scene: &Scene) -> anyhow::Result<Asked> {
    let (person, _) = taken_back(scene).await?;
    refers(scene, &person)
}

pub async fn what_has_ended_allows_nothing(scene: &Scene) -> anyhow::Result<Asked> {
    let (person, _) = agreed(scene, json!("2026-11-24T09:00:00Z")).await?;
    scene.days_pass(1);
    refers(scene, &person)
}

pub async fn a_decision_is_taken_back_once(scene: &Scene) -> anyhow::Result<Asked> {
    let (_, decision) = taken_back(scene).await?;
    let again = json!({ "decisionId": decision });
    Ok(Asked::of(scene.gp()?, "withdrawDecision", "WithdrawDecisionInput", again))
}

pub async fn a_decision_cannot_have_ended(scene: &Scene) -> anyhow::Result<Asked> {
    let person = registered(scene).await?;
    let input = json!({
        "personId": person, "purpose": "REFERRAL", "scope": "FULL", "agreement": agreement(),
        "endsAt": "2026-11-20T09:00:00Z",
    });
    Ok(Asked::of(scene.gp()?, "recordDecision", "RecordDecisionInput", input))
}

pub async fn an_nhs_number_is_one_person(scene: &Scene) -> anyhow::Result<Asked> {
    let mut person = somebody_new();
    person["identity"]["nhsNumber"] = json!("9990548609");
    let input = json!({ "identity": person["identity"], "preferences": person["preferences"] });
    scene.gp()?.mutate("registerPerson", "RegisterPersonInput", input.clone(), "person { id }").await?;
    Ok(Asked::of(scene.gp()?, "registerPerson", "RegisterPersonInput", input))
}

pub async fn somebody_who_looks_the_same(scene: &Scene) -> anyhow::Result<Asked> {
    let person = somebody_new();
    let input = json!({ "identity": person["identity"], "preferences": person["preferences"] });
    scene.gp()?.mutate("registerPerson", "RegisterPersonInput", input.clone(), "person { id }").await?;
    Ok(Asked::of(scene.gp()?, "registerPerson", "RegisterPersonInput", input))
}

pub async fn a_service_that_was_asked_already(scene: &Scene) -> anyhow::Result<Asked> {
    let service = scene.region.link_service.to_string();
    let fields = "referral { person { id } }";
    let sent = scene.gp()?.mutate("refer", "ReferInput", refer_input(&service), fields).await?;
    let mut again = refer_input(&service);
    (again["personId"], again["newPerson"]) =
        (sent["referral"]["person"]["id"].clone(), serde_json::Value::Null);
    Ok(Asked::of(scene.gp()?, "refer", "ReferInput", again))
}

pub async fn a_number_that_is_none(scene: &Scene) -> anyhow::Result<Asked> {
    let mut input = refer_input(&scene.region.link_service.to_string());
    input["newPerson"]["identity"]["nhsNumber"] = json!("9990548608");
    Ok(Asked::of(scene.gp()?, "refer", "ReferInput", input))
}

pub async fn no_message_for_whoever_wants_none(scene: &Scene) -> anyhow::Result<Asked> {
    let mut input = refer_input(&scene.region.link_service.to_string());
    input["newPerson"]["preferences"]["noVoicemail"] = json!(true);
    let fields = "referral { id version }";
    let sent = scene.gp()?.mutate("refer", "ReferInput", input, fields).await?["referral"].clone();
    command(&scene.lead()?, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let message =
        json!({ "referralId": sent["id"], "channel": "PHONE", "result": "LEFT_MESSAGE", "minutes": 1 });
    Ok(Asked::of(scene.lead()?, "logContact", "LogContactInput", message))
}

pub async fn somebody_else_has_planned_first(scene: &Scene) -> anyhow::Result<Asked> {
    let (person, _) = helped(&scene.served, &scene.region).await?;
    saves(&scene.lead()?, first_plan(&person)).await?;
    Ok(Asked::of(scene.client(&scene.region.link_worker)?, "savePlan", "SavePlanInput", first_plan(&person)))
}

pub async fn a_plan_that_says_nothing(scene: &Scene) -> anyhow::Result<Asked> {
    let (person, _) = helped(&scene.served, &scene.region).await?;
    let nothing = json!({ "personId": person, "version": 0, "whatMatters": " " });
    Ok(Asked::of(scene.lead()?, "savePlan", "SavePlanInput", nothing))
}
