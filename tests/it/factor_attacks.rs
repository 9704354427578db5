//! What somebody tries who knows the password, or holds a session from before there was a second factor.

use jiff::SignedDuration;
use serde_json::json;

use crate::second_factor::{PASSWORD, Scene, begun};

const PROVE: &str =
    "mutation($input: ProveYourselfInput!) { proveYourself(input: $input) { refusal { code } } }";

#[tokio::test]
async fn a_session_from_before_the_app_does_not_take_it_away_with_the_password() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let thief = scene.with(&scene.signs_in(&scene.lead).await?)?;
    let (app, _) = scene.has_an_app().await?;
    scene.wait(SignedDuration::from_mins(9));
    let proved = thief.data(PROVE, json!({ "input": { "password": PASSWORD } })).await?;
    assert_eq!(proved["proveYourself"]["refusal"]["code"], "SECOND_FACTOR_NEEDED", "{proved}");
    let code = json!({ "input": { "code": scene.code(&app) } });
    let proved = thief.data(PROVE, code).await?;
    assert!(proved["proveYourself"]["refusal"].is_null(), "whoever has the app is no thief: {proved}");
    Ok(())
}

#[tokio::test]
async fn a_secret_that_somebody_else_has_begun_is_not_shown_to_the_owner() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let thief = scene.with(&scene.signs_in(&scene.lead).await?)?;
    let owner = scene.with(&scene.signs_in(&scene.lead).await?)?;
    let planted = begun(&thief, None).await?;
    let shown = begun(&owner, None).await?;
    assert_ne!(scene.code(&planted), scene.code(&shown), "the thief would know every code");
    let again = begun(&owner, None).await?;
    assert_eq!(scene.code(&shown), scene.code(&again), "a page that is opened again shows the same");
    Ok(())
}

#[tokio::test]
async fn a_ticket_to_set_a_factor_up_is_no_good_once_there_is_one() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    scene.is_required().await?;
    let ticket = scene.signs_in(&scene.lead).await?["ticket"]["ticket"].clone();
    begun(&scene.door(), Some(&ticket)).await?;
    let enrolled = scene.signs_in(&scene.lead).await?["ticket"]["ticket"].clone();
    let app = begun(&scene.door(), Some(&enrolled)).await?;
    crate::second_factor::confirmed(&scene.door(), Some(&enrolled), &scene.code(&app)).await?;
    let late = begun(&scene.door(), Some(&ticket)).await;
    assert!(late.is_err(), "a factor that was set up since is asked for");
    Ok(())
}
