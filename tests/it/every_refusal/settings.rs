//! What an organisation settles, and how it shows itself.

use serde_json::json;
use trellis_domain::policy::Role;
use trellis_tests::gql::Client;

use super::{Asked, Scene};
use crate::settings::settle;

async fn admin(scene: &Scene) -> anyhow::Result<Client> {
    let at = (scene.region.network, Some(scene.region.links));
    scene.client(&scene.served.world.member(at, "Ada Nwosu", Role::OrganisationAdmin).await?)
}

pub async fn a_colour_on_which_nobody_can_read(scene: &Scene) -> anyhow::Result<Asked> {
    let input = settle(30, 0, json!({ "branding": { "accent": "#ffcc00" } }));
    Ok(Asked::of(admin(scene).await?, "changeSettings", "ChangeSettingsInput", input))
}

/// A program, not a picture.
pub async fn a_logo_that_is_a_program(scene: &Scene) -> anyhow::Result<Asked> {
    let svg = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=";
    Ok(Asked::of(admin(scene).await?, "addLogo", "AddLogoInput", json!({ "imageBase64": svg })))
}

pub async fn what_holds_already_is_not_withdrawn(scene: &Scene) -> anyhow::Result<Asked> {
    let admin = admin(scene).await?;
    admin
        .mutate("changeSettings", "ChangeSettingsInput", settle(20, 0, json!({})), "settings { version }")
        .await?;
    Ok(Asked::of(admin, "withdrawSettings", "WithdrawSettingsInput", json!({ "version": 1 })))
}
