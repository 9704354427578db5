//! Links in mails to a login: signing in with one, recovering a password, and what somebody who reads the mailbox cannot do.
//! Also the word that a login is told when something about it changes.

use jiff::SignedDuration;
use serde_json::{Value, json};
use trellis_domain::kernel::Clock;
use trellis_tests::mailbox::Mailbox;

use crate::second_factor::{PASSWORD, Scene, opens};

const NEW: &str = "nine loud herons on ice";

async fn asks(scene: &Scene, what: &str, email: &str) -> anyhow::Result<Value> {
    let query = format!(
        "mutation($email: String!) {{ {what}(email: $email) {{ done refusal {{ code message next }} }} }}"
    );
    Ok(scene.door().data(&query, json!({ "email": email })).await?[what].clone())
}

async fn token(scene: &Scene, mailbox: &Mailbox, page: &str) -> anyhow::Result<String> {
    let mark = format!("{}{page}/", scene.served.url);
    mailbox.newest(&scene.served, &scene.lead.email, &mark).await
}

async fn enters(scene: &Scene, token: &str) -> anyhow::Result<Value> {
    let query = "mutation($token: String!) { signInWithLink(token: $token) { tokens { accessToken } ticket { ticket } refusal { code } } }";
    Ok(scene.door().data(query, json!({ "token": token })).await?["signInWithLink"].clone())
}

async fn recovers(scene: &Scene, token: &str, new: &str) -> anyhow::Result<Value> {
    let query = "mutation($input: RecoverPasswordInput!) { recoverPassword(input: $input) { done refusal { code message } } }";
    let input = json!({ "input": { "token": token, "new": new } });
    Ok(scene.door().data(query, input).await?["recoverPassword"].clone())
}

#[tokio::test]
async fn a_link_signs_in_once_within_ten_minutes() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mailbox = Mailbox::of(&scene.served)?;
    assert_eq!(asks(&scene, "mailSignInLink", &scene.lead.email).await?["done"], true);
    let first = token(&scene, &mailbox, "/sign-in/link").await?;
    assert!(opens(&scene.with(&enters(&scene, &first).await?)?).await?);
    assert_eq!(enters(&scene, &first).await?["refusal"]["code"], "LINK_EXPIRED");
    asks(&scene, "mailSignInLink", &scene.lead.email).await?;
    let second = token(&scene, &mailbox, "/sign-in/link").await?;
    scene.wait(SignedDuration::from_mins(10));
    assert_eq!(enters(&scene, &second).await?["refusal"]["code"], "LINK_EXPIRED");
    Ok(())
}

#[tokio::test]
async fn two_who_open_one_link_at_once_get_one_session() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mailbox = Mailbox::of(&scene.served)?;
    asks(&scene, "mailSignInLink", &scene.lead.email).await?;
    let token = token(&scene, &mailbox, "/sign-in/link").await?;
    let answers = futures_util::future::join_all((0..8).map(|_| enters(&scene, &token))).await;
    assert_eq!(answers.iter().flatten().filter(|answer| !answer["tokens"].is_null()).count(), 1);
    Ok(())
}

#[tokio::test]
async fn nobody_learns_whether_an_address_is_known() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mailbox = Mailbox::of(&scene.served)?;
    for what in ["mailSignInLink", "mailRecoveryLink"] {
        let known = asks(&scene, what, &scene.lead.email).await?;
        for other in ["nobody@example.org", "no address", ""] {
            assert_eq!(asks(&scene, what, other).await?, known, "{what} {other}");
        }
    }
    let owner = scene.served.world.database.connect_as_owner().await?;
    let looked_up = async || -> anyhow::Result<(i64, i64)> {
        let row = owner.query_one("SELECT count(*), count(user_id) FROM login_links", &[]).await?;
        Ok((row.get(0), row.get(1)))
    };
    assert_eq!(looked_up().await?, (8, 0), "the same work for all: nobody is looked up while they wait");
    let sent = mailbox.mails(&scene.served).await?;
    assert_eq!(sent.len(), 2, "to the one who is known");
    assert_eq!(looked_up().await?, (8, 2), "whoever sends the mail looks");
    Ok(())
}

#[tokio::test]
async fn a_mailbox_is_not_filled_on_purpose() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    for email in [scene.lead.email.as_str(), "nobody@example.org"] {
        for _ in 0..5 {
            assert_eq!(asks(&scene, "mailRecoveryLink", email).await?["done"], true);
            scene.wait(SignedDuration::from_secs(20));
        }
        assert_eq!(
            asks(&scene, "mailRecoveryLink", email).await?["refusal"]["code"],
            "TOO_MANY_TRIES",
            "{email}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_recovered_password_opens_nothing_without_the_second_factor() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mailbox = Mailbox::of(&scene.served)?;
    let (app, _) = scene.has_an_app().await?;
    let half = scene.signs_in(&scene.lead).await?;
    let before =
        scene.with(&scene.finishes(&half["ticket"]["ticket"], json!({ "code": scene.code(&app) })).await?)?;
    // The attacker has the mailbox only.
    asks(&scene, "mailRecoveryLink", &scene.lead.email).await?;
    let recovery = token(&scene, &mailbox, "/recover").await?;
    let weak = recovers(&scene, &recovery, "password").await?;
    assert_eq!(weak["refusal"]["code"], "PASSWORD_TOO_WEAK", "{weak}");
    assert_eq!(
        recovers(&scene, &recovery, NEW).await?["done"],
        true,
        "a refused one does not spend the link"
    );
    assert_eq!(recovers(&scene, &recovery, PASSWORD).await?["refusal"]["code"], "LINK_EXPIRED");
    assert!(!opens(&before).await?, "whatever was open has ended");
    let input = json!({ "input": { "email": scene.lead.email, "password": NEW } });
    let query = "mutation($input: SignInInput!) { signIn(input: $input) { tokens { accessToken } ticket { ticket } refusal { code } } }";
    let signed_in = scene.door().data(query, input).await?["signIn"].clone();
    assert_eq!(signed_in["refusal"]["code"], "SECOND_FACTOR_NEEDED", "{signed_in}");
    asks(&scene, "mailSignInLink", &scene.lead.email).await?;
    let link = token(&scene, &mailbox, "/sign-in/link").await?;
    let linked = enters(&scene, &link).await?;
    assert_eq!(linked["refusal"]["code"], "SECOND_FACTOR_NEEDED", "{linked}");
    scene.wait(SignedDuration::from_secs(30));
    scene.with(&scene.finishes(&linked["ticket"]["ticket"], json!({ "code": scene.code(&app) })).await?)?;
    Ok(())
}

#[tokio::test]
async fn a_token_is_good_for_what_it_was_sent_for() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mailbox = Mailbox::of(&scene.served)?;
    asks(&scene, "mailSignInLink", &scene.lead.email).await?;
    let link = token(&scene, &mailbox, "/sign-in/link").await?;
    for forged in [link.clone(), link.replace("tr_link_", "tr_recovery_")] {
        assert_eq!(recovers(&scene, &forged, NEW).await?["refusal"]["code"], "LINK_EXPIRED");
    }
    scene.with(&enters(&scene, &link).await?)?;
    Ok(())
}

#[tokio::test]
async fn a_login_hears_of_a_change_and_of_a_new_device() -> anyhow::Result<()> {
    let scene = Scene::new().await?;
    let mailbox = Mailbox::of(&scene.served)?;
    let told = |mails: Vec<trellis_infra::mail::CaughtMail>, words: &str| {
        mails.iter().filter(|mail| mail.to.contains(&scene.lead.email) && mail.text.contains(words)).count()
    };
    scene.has_an_app().await?;
    assert_eq!(told(mailbox.mails(&scene.served).await?, "was changed"), 1);
    // The same device again is no news.
    assert_eq!(told(mailbox.mails(&scene.served).await?, "on a device"), 1);
    scene.signs_in(&scene.lead).await?;
    assert_eq!(told(mailbox.mails(&scene.served).await?, "on a device"), 1);
    let now = scene.served.world.clock.now();
    scene.served.app.parts.platform.disable_user(scene.lead.session.user, now).await?;
    assert_eq!(asks(&scene, "mailSignInLink", &scene.lead.email).await?["done"], true);
    assert_eq!(told(mailbox.mails(&scene.served).await?, "link to sign in"), 0);
    Ok(())
}
