//! What somebody proves themselves with.

use serde_json::json;
use trellis_domain::kernel::{Clock, TypedId};
use trellis_domain::policy::Role;

use super::{Asked, Scene};
use crate::between_organisations::also_in;
use crate::second_factor::{PASSWORD, begun, confirmed};

const START: &str = "mutation { startAuthenticator { refusal { code message next } } }";

/// The team lead can sign in; the e-mail address.
async fn with_password(scene: &Scene) -> anyhow::Result<String> {
    super::doors::with_password(scene).await
}

fn signs_in(scene: &Scene, email: &str) -> Asked {
    Asked::of(scene.anonymous(), "signIn", "SignInInput", json!({ "email": email, "password": PASSWORD }))
}

async fn has_an_app(scene: &Scene) -> anyhow::Result<()> {
    let lead = scene.lead()?;
    let app = begun(&lead, None).await?;
    let code = app.shown(scene.served.world.clock.now());
    let said = confirmed(&lead, None, &code).await?;
    anyhow::ensure!(said["refusal"].is_null(), "{said}");
    Ok(())
}

async fn is_required(scene: &Scene, organisation: uuid::Uuid) -> anyhow::Result<()> {
    let owner = scene.served.world.database.connect_as_owner().await?;
    let query = "INSERT INTO organisation_settings (network_id, organisation_id, version, takes_effect_at, second_factor_required,
                   idle_minutes, session_hours, changed_at, changed_by)
                 VALUES ($1, $2, 1, '2026-01-01', true, 30, 12, now(), $1)";
    owner.execute(query, &[&scene.region.network.uuid(), &organisation]).await?;
    Ok(())
}

pub async fn a_password_alone_where_there_is_an_app(scene: &Scene) -> anyhow::Result<Asked> {
    let email = with_password(scene).await?;
    has_an_app(scene).await?;
    Ok(signs_in(scene, &email).leaving(&["sign_in_tickets"]))
}

pub async fn a_password_alone_where_two_factors_are_asked_for(scene: &Scene) -> anyhow::Result<Asked> {
    let email = with_password(scene).await?;
    is_required(scene, scene.region.links.uuid()).await?;
    Ok(signs_in(scene, &email).leaving(&["sign_in_tickets"]))
}

/// The refresh token is not spent.
pub async fn a_switch_to_where_two_factors_are_asked_for(scene: &Scene) -> anyhow::Result<Asked> {
    let email = with_password(scene).await?;
    let walkers = scene.region.walkers;
    let input = json!({ "email": email, "password": PASSWORD });
    let fields = "tokens { refreshToken }";
    let signed_in = scene.anonymous().mutate("signIn", "SignInInput", input, fields).await?;
    let there =
        also_in(&scene.served.world, (&scene.region.team_lead, walkers), Role::ProviderWorker).await?;
    is_required(scene, walkers.uuid()).await?;
    let query = "mutation($to: ID!, $token: String!) { switchMembership(membershipId: $to, refreshToken: $token) { refusal { code message next } } }";
    let to =
        json!({ "to": there.session.membership.to_string(), "token": signed_in["tokens"]["refreshToken"] });
    Ok(Asked::plainly(scene.anonymous(), "switchMembership", query, to))
}

pub async fn a_ticket_that_is_none(scene: &Scene) -> anyhow::Result<Asked> {
    let input = json!({ "ticket": format!("tr_ticket_{}", "A".repeat(43)), "code": "123456" });
    Ok(Asked::of(scene.anonymous(), "finishSignIn", "FinishSignInInput", input))
}

pub async fn a_code_of_no_app(scene: &Scene) -> anyhow::Result<Asked> {
    has_an_app(scene).await?;
    Ok(Asked::of(scene.lead()?, "proveYourself", "ProveYourselfInput", json!({ "code": "000000" })))
}

pub async fn an_eleventh_proof(scene: &Scene) -> anyhow::Result<Asked> {
    has_an_app(scene).await?;
    let wrong = json!({ "code": "000000" });
    for _ in 0..10 {
        let said = scene.lead()?.refused("proveYourself", "ProveYourselfInput", wrong.clone()).await?;
        anyhow::ensure!(said == "CODE_WRONG", "{said}");
    }
    Ok(Asked::of(scene.lead()?, "proveYourself", "ProveYourselfInput", wrong))
}

/// Somebody else may sit at the desk by now.
pub async fn a_change_an_hour_after_signing_in(scene: &Scene) -> anyhow::Result<Asked> {
    scene.served.world.clock.advance(jiff::SignedDuration::from_mins(61));
    Ok(Asked::plainly(scene.lead()?, "startAuthenticator", START, json!({})))
}

pub async fn a_second_app(scene: &Scene) -> anyhow::Result<Asked> {
    has_an_app(scene).await?;
    Ok(Asked::plainly(scene.lead()?, "startAuthenticator", START, json!({})))
}

fn changes(scene: &Scene, current: &str, new: &str) -> anyhow::Result<Asked> {
    let input = json!({ "current": current, "new": new });
    Ok(Asked::of(scene.lead()?, "changePassword", "ChangePasswordInput", input))
}

pub async fn a_change_by_somebody_who_does_not_know_it(scene: &Scene) -> anyhow::Result<Asked> {
    with_password(scene).await?;
    changes(scene, "seven quiet badgers", "nine loud herons on ice")
}

pub async fn a_password_everybody_tries_first(scene: &Scene) -> anyhow::Result<Asked> {
    with_password(scene).await?;
    changes(scene, PASSWORD, "passwordpassword")
}

/// It was good enough beside the app.
pub async fn a_short_password_is_not_left_alone(scene: &Scene) -> anyhow::Result<Asked> {
    with_password(scene).await?;
    has_an_app(scene).await?;
    let short = json!({ "current": PASSWORD, "new": "k7 otter", "endOthers": false });
    let said = scene.lead()?.mutate("changePassword", "ChangePasswordInput", short, "done").await?;
    anyhow::ensure!(said["done"] == true, "{said}");
    let query = "mutation { removeAuthenticator { done refusal { code message next } } }";
    Ok(Asked::plainly(scene.lead()?, "removeAuthenticator", query, json!({})))
}

pub async fn an_answer_to_nothing(scene: &Scene) -> anyhow::Result<Asked> {
    let none = json!({ "challenge": format!("tr_challenge_{}", "A".repeat(43)), "answer": "{}" });
    let input = json!({ "name": "Laptop", "passkey": none });
    Ok(Asked::of(scene.lead()?, "addPasskey", "AddPasskeyInput", input))
}

/// The tests are served at 127.0.0.1.
pub async fn a_passkey_for_a_number(scene: &Scene) -> anyhow::Result<Asked> {
    let query = "mutation { askPasskey(use: REGISTER) { refusal { code message next } } }";
    Ok(Asked::plainly(scene.lead()?, "askPasskey", query, json!({})))
}
