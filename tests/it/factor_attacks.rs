//! What somebody tries who knows the password, or holds a session from before there was a second factor.

use jiff::SignedDuration;
use serde_json::json;

use crate::second_factor::{Scene, begun, opens};

#[tokio::test]
async fn a_session_from_before_the_first_factor_ends_and_one_that_was_proved_by_two_stays()
-> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let thief = scene.with(&scene.signs_in(&scene.lead).await?)?;
    let own = scene.with(&scene.signs_in(&scene.lead).await?)?;
    let (app, codes) = scene.sets_up(&own).await?;
    assert!(!opens(&thief).await?, "whoever knew the password could have opened it");
    assert!(opens(&own).await?, "the one that set it up");

    let ticket = scene.signs_in(&scene.lead).await?["ticket"]["ticket"].clone();
    let strong = scene.with(&scene.finishes(&ticket, json!({ "code": scene.code(&app) })).await?)?;
    scene.wait(SignedDuration::from_mins(1));
    let removed = own.data("mutation { removeAuthenticator { refusal { code } } }", json!({})).await?;
    assert!(removed["removeAuthenticator"]["refusal"].is_null(), "{removed}");
    assert!(!opens(&strong).await?, "with a factor that is removed, all others end");
    assert_eq!(codes.len(), 10);
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
