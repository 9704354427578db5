//! Services that do not take the person.

use serde_json::{Value, json};
use trellis_domain::directory::{Service, ServiceStatus};
use trellis_domain::kernel::Outcode;
use trellis_domain::referral::{AgeBand, Need};

use super::{Asked, Scene};
use crate::loop_over_graphql::{command, refer, refer_input};

/// The practice asks a service that is like this.
async fn asks(scene: &Scene, change: impl FnOnce(&mut Service)) -> anyhow::Result<Asked> {
    let at = (scene.region.network, scene.region.advice);
    let service = scene.served.world.service_like(at, "Something else", None, change).await?;
    Ok(Asked::of(scene.gp()?, "refer", "ReferInput", refer_input(&service.to_string())))
}

pub async fn a_service_that_stopped_takes_nobody(scene: &Scene) -> anyhow::Result<Asked> {
    asks(scene, |service| service.status = ServiceStatus::Inactive).await
}

pub async fn a_service_that_closed_takes_nobody(scene: &Scene) -> anyhow::Result<Asked> {
    let service = scene.region.debt_advice.to_string();
    let closed = json!({ "serviceId": service, "state": "CLOSED" });
    let adviser = scene.client(&scene.region.adviser)?;
    adviser.mutate("setCapacity", "SetCapacityInput", closed, "service { id }").await?;
    Ok(Asked::of(scene.gp()?, "refer", "ReferInput", refer_input(&service)))
}

pub async fn a_service_for_other_needs(scene: &Scene) -> anyhow::Result<Asked> {
    asks(scene, |service| service.intake.needs = vec![Need::Money]).await
}

pub async fn a_service_for_other_ages(scene: &Scene) -> anyhow::Result<Asked> {
    asks(scene, |service| service.intake.age_bands = vec![AgeBand::Under18]).await
}

pub async fn a_service_for_other_areas(scene: &Scene) -> anyhow::Result<Asked> {
    let far: Outcode = Outcode::parse("TR1")?;
    asks(scene, |service| service.intake.areas = vec![far]).await
}

pub async fn a_service_that_was_asked_enough_this_week(scene: &Scene) -> anyhow::Result<Asked> {
    let at = (scene.region.network, scene.region.advice);
    let one_a_week = |service: &mut Service| service.intake.places_a_week = Some(1);
    let service = scene.served.world.service_like(at, "Budget clinic", None, one_a_week).await?.to_string();
    refer(&scene.gp()?, &service).await?;
    Ok(Asked::of(scene.gp()?, "refer", "ReferInput", refer_input(&service)))
}

/// Of three who were accepted one walks and two wait: the last of them.
async fn last_in_the_queue(scene: &Scene) -> anyhow::Result<Value> {
    let (gp, bea) = (scene.gp()?, scene.bea()?);
    let mut last = Value::Null;
    for _ in 0..3 {
        let sent = refer(&gp, &scene.region.walking.to_string()).await?;
        last = command(&bea, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    }
    anyhow::ensure!(last["stage"] == "WAITLISTED");
    Ok(last)
}

async fn offer(scene: &Scene, out_of_turn: Option<&str>) -> anyhow::Result<Asked> {
    let last = last_in_the_queue(scene).await?;
    let input = json!({ "referralId": last["id"], "version": last["version"], "outOfTurn": out_of_turn });
    Ok(Asked::of(scene.bea()?, "offerPlace", "OfferPlaceInput", input))
}

pub async fn nobody_jumps_the_queue(scene: &Scene) -> anyhow::Result<Asked> {
    offer(scene, None).await
}

pub async fn a_full_group_offers_no_place(scene: &Scene) -> anyhow::Result<Asked> {
    offer(scene, Some("URGENT")).await
}

pub async fn places_that_are_taken_stay(scene: &Scene) -> anyhow::Result<Asked> {
    let sent = refer(&scene.gp()?, &scene.region.walking.to_string()).await?;
    command(&scene.bea()?, "acceptReferral", "ReferralCommandInput", &sent, json!({})).await?;
    let none = json!({ "serviceId": scene.region.walking.to_string(), "state": "OPEN", "places": 0 });
    Ok(Asked::of(scene.bea()?, "setCapacity", "SetCapacityInput", none))
}
