//! Passwords, refresh tokens, links and codes.

use serde_json::{Value, json};
use trellis_infra::auth::Passwords;
use trellis_tests::mailbox::Mailbox;

use super::{Asked, Scene};
use crate::loop_over_graphql::refer;

const PASSWORD: &str = "seven quiet otters";
const REFRESH: &str = "mutation($token: String!) { refresh(refreshToken: $token) { tokens { refreshToken } refusal { code message next } } }";
const WALKERS: &str = "eastfieldwalkers@example.org";

/// The team lead can sign in; the e-mail address.
pub async fn with_password(scene: &Scene) -> anyhow::Result<String> {
    let hash = Passwords::new(1, 8)?.hash(PASSWORD).await?;
    let email = scene.region.team_lead.email.clone();
    let owner = scene.served.world.database.connect_as_owner().await?;
    owner.execute("UPDATE users SET password_hash = $1 WHERE email = $2", &[&hash, &email]).await?;
    Ok(email)
}

fn signs_in(scene: &Scene, email: &str, password: &str) -> Asked {
    let input = json!({ "email": email, "password": password });
    Asked::of(scene.anonymous(), "signIn", "SignInInput", input)
}

pub async fn a_wrong_password(scene: &Scene) -> anyhow::Result<Asked> {
    let email = with_password(scene).await?;
    Ok(signs_in(scene, &email, "seven quiet badgers"))
}

/// Even the right one is not looked at.
pub async fn a_sixth_guess(scene: &Scene) -> anyhow::Result<Asked> {
    let email = with_password(scene).await?;
    for _ in 0..5 {
        let wrong = json!({ "email": email, "password": "seven quiet badgers" });
        let code = scene.anonymous().refused("signIn", "SignInInput", wrong).await?;
        anyhow::ensure!(code == "SIGN_IN_FAILED", "{code}");
    }
    Ok(signs_in(scene, &email, PASSWORD))
}

pub async fn a_refresh_token_that_is_none(scene: &Scene) -> anyhow::Result<Asked> {
    let none = json!({ "token": format!("tr_refresh_{}", "A".repeat(43)) });
    Ok(Asked::plainly(scene.anonymous(), "refresh", REFRESH, none))
}

/// Whoever has stolen it learns nothing, and the one it was stolen from has to sign in again.
pub async fn a_refresh_token_used_twice_ends_its_family(scene: &Scene) -> anyhow::Result<Asked> {
    let email = with_password(scene).await?;
    let input = json!({ "email": email, "password": PASSWORD });
    let fields = "tokens { refreshToken }";
    let signed_in = scene.anonymous().mutate("signIn", "SignInInput", input, fields).await?;
    let first = json!({ "token": signed_in["tokens"]["refreshToken"] });
    let next = scene.anonymous().data(REFRESH, first.clone()).await?;
    anyhow::ensure!(next["refresh"]["refusal"].is_null(), "{next}");
    Ok(Asked::plainly(scene.anonymous(), "refresh", REFRESH, first).leaving(&["sessions"]))
}

/// The walking group has been asked, by a link in its mailbox.
async fn link(scene: &Scene, mailbox: &Mailbox) -> anyhow::Result<String> {
    refer(&scene.gp()?, &scene.region.walking.to_string()).await?;
    mailbox.newest(&scene.served, WALKERS, "/r/").await
}

async fn accept(scene: &Scene, token: &str) -> anyhow::Result<()> {
    let yes = json!({ "token": token, "answer": "ACCEPT" });
    let fields = "codeSent request { state }";
    let said = scene.anonymous().mutate("answerOffer", "AnswerOfferInput", yes, fields).await?;
    anyhow::ensure!(said["codeSent"] == true && said["request"]["state"] == "ACCEPTED", "{said}");
    Ok(())
}

fn types(scene: &Scene, token: &str, code: &str) -> Asked {
    let input = json!({ "token": token, "code": code });
    Asked::of(scene.anonymous(), "verifyDevice", "VerifyDeviceInput", input)
}

/// The code in the mailbox, and another.
async fn codes(scene: &Scene, mailbox: &Mailbox) -> anyhow::Result<(String, &'static str)> {
    let code = mailbox.newest(&scene.served, WALKERS, "Your code is ").await?;
    let other = if code == "000000" { "000001" } else { "000000" };
    Ok((code, other))
}

pub async fn a_link_of_last_month(scene: &Scene) -> anyhow::Result<Asked> {
    let token = link(scene, &scene.mailbox()?).await?;
    scene.days_pass(28);
    let yes = json!({ "token": token, "answer": "ACCEPT" });
    Ok(Asked::of(scene.anonymous(), "answerOffer", "AnswerOfferInput", yes))
}

pub async fn a_link_that_answered(scene: &Scene) -> anyhow::Result<Asked> {
    let token = link(scene, &scene.mailbox()?).await?;
    let no = json!({ "token": token, "answer": "DECLINE", "reason": "NO_CAPACITY" });
    let fields = "request { state }";
    let said = scene.anonymous().mutate("answerOffer", "AnswerOfferInput", no, fields).await?;
    anyhow::ensure!(said["refusal"] == Value::Null, "{said}");
    let yes = json!({ "token": token, "answer": "ACCEPT" });
    Ok(Asked::of(scene.anonymous(), "answerOffer", "AnswerOfferInput", yes))
}

/// The try is counted, and it is on record that somebody tried.
pub async fn a_code_that_is_another(scene: &Scene) -> anyhow::Result<Asked> {
    let mailbox = scene.mailbox()?;
    let token = link(scene, &mailbox).await?;
    accept(scene, &token).await?;
    let (_, other) = codes(scene, &mailbox).await?;
    Ok(types(scene, &token, other).leaving(&["audit_entries", "links"]))
}

/// The right one comes too late.
pub async fn a_sixth_code(scene: &Scene) -> anyhow::Result<Asked> {
    let mailbox = scene.mailbox()?;
    let token = link(scene, &mailbox).await?;
    accept(scene, &token).await?;
    let (code, other) = codes(scene, &mailbox).await?;
    for _ in 0..5 {
        let wrong = json!({ "token": token, "code": other });
        let said = scene.anonymous().refused("verifyDevice", "VerifyDeviceInput", wrong).await?;
        anyhow::ensure!(said == "CODE_WRONG", "{said}");
    }
    Ok(types(scene, &token, &code).leaving(&["audit_entries"]))
}
