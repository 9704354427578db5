//! Records opened in an emergency, and pages asked for.

use serde_json::json;
use trellis_domain::policy::Role;

use super::{Asked, Scene};
use crate::access_requests::asked;
use crate::emergency::{EMERGENCY, jo, known_elsewhere, opened};

pub async fn nobody_has_these_details(scene: &Scene) -> anyhow::Result<Asked> {
    let sam = scene.client(&scene.region.link_worker)?;
    Ok(Asked::of(sam, "openInEmergency", "OpenInEmergencyInput", jo()))
}

pub async fn what_is_open_is_not_opened_again(scene: &Scene) -> anyhow::Result<Asked> {
    known_elsewhere(&scene.gp()?, &scene.region.walking.to_string()).await?;
    let sam = scene.client(&scene.region.link_worker)?;
    opened(&sam).await?;
    Ok(Asked::of(sam, "openInEmergency", "OpenInEmergencyInput", jo()))
}

pub async fn it_is_reviewed_once(scene: &Scene) -> anyhow::Result<Asked> {
    known_elsewhere(&scene.gp()?, &scene.region.walking.to_string()).await?;
    let opening = opened(&scene.client(&scene.region.link_worker)?).await?;
    let at_practice = (scene.region.network, Some(scene.region.practice));
    let officer = scene.served.world.member(at_practice, "Una Hale", Role::PrivacyOfficer).await?;
    let una = scene.client(&officer)?;
    let review = json!({ "openingId": opening["id"], "verdict": "JUSTIFIED" });
    let reviewed = una.mutate("reviewEmergency", "ReviewEmergencyInput", review.clone(), EMERGENCY).await?;
    anyhow::ensure!(reviewed["emergency"]["verdict"] == "JUSTIFIED", "{reviewed}");
    Ok(Asked::of(una, "reviewEmergency", "ReviewEmergencyInput", review))
}

pub async fn a_request_for_access_is_answered_once(scene: &Scene) -> anyhow::Result<Asked> {
    let at_links = (scene.region.network, Some(scene.region.links));
    let admin = scene.served.world.member(at_links, "Gwen Tarrant", Role::OrganisationAdmin).await?;
    let request = asked(&scene.client(&scene.region.link_worker)?).await?;
    let gwen = scene.client(&admin)?;
    let no = json!({ "requestId": request, "answer": "REFUSED" });
    gwen.mutate("answerAccessRequest", "AnswerAccessRequestInput", no.clone(), "accessRequest { answer }")
        .await?;
    Ok(Asked::of(gwen, "answerAccessRequest", "AnswerAccessRequestInput", no))
}
