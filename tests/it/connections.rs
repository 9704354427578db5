//! Who one is at an organisation's provider, and one's own login: connected, removed and told of by its owner alone.

use jiff::SignedDuration;
use trellis_domain::kernel::TypedId;

use crate::single_sign_on::{PASSWORD, Scene};

#[tokio::test]
async fn an_address_that_both_sides_know_connects_nobody() -> anyhow::Result<()> {
    let scene = Scene::with_provider().await?;
    let email = scene.region.link_worker.email.clone();
    let name = email.split('@').next().unwrap_or_default();
    let browser = scene.browser()?;
    let page = scene.returns(&browser, name).await?.next()?.to_owned();
    browser.get(&page).await?.says(200, &format!("{name}@example.org"))?;
    let pressed = browser.post(&page, &[]).await?;
    pressed.says(403, "Connecting an account needs a sign-in with your own password")?;
    assert_eq!(scene.identities().await?, 0);
    Ok(())
}

#[tokio::test]
async fn connecting_needs_a_fresh_sign_in_of_ones_own_and_a_membership_there() -> anyhow::Result<()> {
    let scene = Scene::with_provider().await?;
    let browser = scene.browser()?;
    scene.sign_in(&browser, "/").await?;
    scene.served.world.clock.advance(SignedDuration::from_mins(11));
    let page = scene.returns(&browser, "sam").await?.next()?.to_owned();
    browser.post(&page, &[]).await?.says(403, "not older than 10 minutes")?;
    // Who signed in by the provider's word alone has no password to show.
    scene.connect("sam").await?;
    let by_provider = scene.browser()?;
    scene.returns(&by_provider, "sam").await?;
    let by_provider = by_provider.forgotten_elsewhere()?;
    let page = scene.returns(&by_provider, "sam-the-second").await?.next()?.to_owned();
    by_provider
        .post(&page, &[])
        .await?
        .says(403, "Connecting an account needs a sign-in with your own password")?;
    assert_eq!(scene.identities().await?, 1);

    let owner = scene.served.world.database.connect_as_owner().await?;
    let ended = "UPDATE memberships SET ended_at = now() WHERE membership_id = $1";
    owner.execute(ended, &[&scene.region.link_worker.session.membership.uuid()]).await?;
    scene.returns(&scene.browser()?, "sam").await?.says(403, "does not belong to this organisation")?;
    let browser = scene.browser()?;
    let page = scene.returns(&browser, "sam-the-third").await?.next()?.to_owned();
    scene.sign_in(&browser, "/").await?;
    browser.post(&page, &[]).await?.says(403, "does not belong to this organisation")?;
    assert_eq!(scene.identities().await?, 1);
    Ok(())
}

#[tokio::test]
async fn whoever_a_provider_let_in_is_not_told_of_the_rest_of_a_login_until_its_owner_proves_it()
-> anyhow::Result<()> {
    let scene = Scene::with_provider().await?;
    let own = scene.connect("sam").await?;
    let by_provider = scene.browser()?;
    scene.returns(&by_provider, "sam").await?;
    let account = by_provider.get("/account").await?;
    account.says(200, "You signed in through your organisation")?;
    for kept in ["Last changed", "Recovery codes", "Remove the app", "Sign out everywhere else"] {
        assert!(!account.text.contains(kept), "{kept}: {}", account.text);
    }
    let session = scene.session_of(None).await?;
    let ended = by_provider.post(&format!("/account/sessions/{session}/end"), &[]).await?;
    assert_eq!(ended.status, 404, "a session that its owner opened does not exist here");
    by_provider.post("/account/sessions/end-others", &[]).await?;
    own.get("/account").await?.says(200, "Last changed")?;

    by_provider.post("/account/own", &[]).await?.says(200, "First, prove that it is you")?;
    let wrong = [("way", "password"), ("password", "another's otters"), ("then", "/account")];
    by_provider.post("/prove", &wrong).await?.says(422, "That did not prove it")?;
    let right = [("way", "password"), ("password", PASSWORD), ("then", "/account")];
    assert_eq!(by_provider.post("/prove", &right).await?.status, 303);
    by_provider.get("/account").await?.says(200, "Last changed")?;
    let session = scene.session_of(None).await?;
    let ended = by_provider.post(&format!("/account/sessions/{session}/end"), &[]).await?;
    assert_eq!(ended.status, 303, "now it is their own");
    // While a reset of factors is under way the password proves nothing: a mailbox could have made it.
    let owner = scene.served.world.database.connect_as_owner().await?;
    let user = scene.region.link_worker.session.user.uuid();
    owner.execute("UPDATE users SET factors_reset_at = now() WHERE user_id = $1", &[&user]).await?;
    let late = scene.browser()?;
    scene.returns(&late, "sam").await?;
    assert_eq!(late.post("/prove", &right).await?.status, 422);
    assert_eq!(own.get("/account").await?.status, 303, "signed out");
    Ok(())
}

#[tokio::test]
async fn connecting_and_disconnecting_are_told_to_the_logins_owner() -> anyhow::Result<()> {
    let scene = Scene::with_provider().await?;
    let own = scene.connect("sam").await?;
    assert_eq!(scene.told().await?, 1);
    let issuer = [("issuer", scene.provider.issuer.as_str())];
    assert_eq!(own.post("/account/connections/remove", &issuer).await?.status, 303);
    assert_eq!(scene.told().await?, 2);
    Ok(())
}

#[tokio::test]
async fn a_connection_is_its_owners_to_remove() -> anyhow::Result<()> {
    let scene = Scene::with_provider().await?;
    let own = scene.connect("sam").await?;
    let by_provider = scene.browser()?;
    scene.returns(&by_provider, "sam").await?;
    let issuer = [("issuer", scene.provider.issuer.as_str())];
    by_provider.post("/account/connections/remove", &issuer).await?.says(422, "fresh sign-in")?;
    assert_eq!(own.post("/account/connections/remove", &issuer).await?.status, 303);
    assert_eq!(scene.identities().await?, 0);
    let page = scene.returns(&scene.browser()?, "sam").await?;
    assert!(page.next()?.ends_with("/connect"));
    Ok(())
}
