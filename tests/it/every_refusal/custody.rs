//! Records that are handed over to another organisation.

use serde_json::json;
use trellis_domain::kernel::{OrganisationId, TypedId};

use trellis_tests::gql::Client;

use super::{Asked, Scene};
use crate::custody_story::{Keepers, OFFER, offers, registers};

async fn keepers(scene: &Scene) -> anyhow::Result<Keepers> {
    Keepers::of(&scene.served, &scene.region).await
}

fn offering(by: Client, to: OrganisationId) -> Asked {
    let input = json!({ "organisationId": to.to_string(), "reason": "CLOSING" });
    Asked::of(by, "offerCustody", "OfferCustodyInput", input)
}

pub async fn nobody_is_nothing_to_hand_over(scene: &Scene) -> anyhow::Result<Asked> {
    let keepers = keepers(scene).await?;
    Ok(offering(scene.client(&keepers.una)?, keepers.vale))
}

pub async fn records_are_offered_to_one_at_a_time(scene: &Scene) -> anyhow::Result<Asked> {
    let keepers = keepers(scene).await?;
    registers(&scene.gp()?).await?;
    let una = scene.client(&keepers.una)?;
    offers(&una, keepers.vale).await?;
    Ok(offering(una, scene.region.links))
}

pub async fn a_group_without_a_privacy_officer_keeps_no_records(scene: &Scene) -> anyhow::Result<Asked> {
    let keepers = keepers(scene).await?;
    registers(&scene.gp()?).await?;
    Ok(offering(scene.client(&keepers.una)?, scene.region.walkers))
}

/// Both offer theirs to each other.
pub async fn records_do_not_come_and_go_at_once(scene: &Scene) -> anyhow::Result<Asked> {
    let keepers = keepers(scene).await?;
    let (una, olga) = (scene.client(&keepers.una)?, scene.client(&keepers.olga)?);
    registers(&scene.gp()?).await?;
    registers(&scene.client(&keepers.max)?).await?;
    let offer = offers(&una, keepers.vale).await?;
    offers(&olga, scene.region.practice).await?;
    let yes = json!({ "offerId": offer["id"], "answer": "ACCEPT" });
    Ok(Asked::of(olga, "answerCustodyOffer", "AnswerCustodyOfferInput", yes))
}

pub async fn what_was_taken_back_is_not_accepted(scene: &Scene) -> anyhow::Result<Asked> {
    let keepers = keepers(scene).await?;
    registers(&scene.gp()?).await?;
    let una = scene.client(&keepers.una)?;
    let offer = offers(&una, keepers.vale).await?;
    let back = json!({ "offerId": offer["id"] });
    una.mutate("withdrawCustodyOffer", "WithdrawCustodyOfferInput", back, OFFER).await?;
    let yes = json!({ "offerId": offer["id"], "answer": "ACCEPT" });
    Ok(Asked::of(scene.client(&keepers.olga)?, "answerCustodyOffer", "AnswerCustodyOfferInput", yes))
}

pub async fn nobody_signs_for_both(scene: &Scene) -> anyhow::Result<Asked> {
    let keepers = keepers(scene).await?;
    registers(&scene.gp()?).await?;
    let offer = offers(&scene.client(&keepers.una)?, keepers.vale).await?;
    // Una answers for privacy at both, and has switched.
    let owner = scene.served.world.database.connect_as_owner().await?;
    let (una, olga) = (keepers.una.session.user.uuid(), keepers.olga.session.membership.uuid());
    owner.execute("UPDATE memberships SET user_id = $1 WHERE membership_id = $2", &[&una, &olga]).await?;
    owner.execute("UPDATE sessions SET user_id = $1 WHERE membership_id = $2", &[&una, &olga]).await?;
    let mut switched = keepers.olga.clone();
    switched.session.user = keepers.una.session.user;
    let yes = json!({ "offerId": offer["id"], "answer": "ACCEPT" });
    Ok(Asked::of(scene.client(&switched)?, "answerCustodyOffer", "AnswerCustodyOfferInput", yes))
}
