//! Proving again that it is oneself, between a form and what it does. Any handler whose refusal is `PROVE_YOURSELF` answers with
//! [`first`]. Also what devices are asked, for the script of the pages.
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;

use super::address::{Address, encoded, on_this_site};
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted};
use super::second::passkey;
use super::stop::Page;
use crate::codes::{PasskeyUse, RefusalCode};
use crate::documents::account::{AskPasskey, ProveYourself, Security, ask_passkey, prove_yourself, security};
use crate::executor::Fault;
use crate::pages::account::Prove;
use crate::pages::answer;
use crate::pages::sign_in::Resume;
use crate::parts::Errors;

/// The page that asks. `then`: where to go on; `kept`: the form that was on its way there, without secrets.
pub async fn first(desk: &Desk, then: &str, kept: &Fields) -> Page {
    let pairs: Vec<String> =
        kept.pairs().iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    asking(desk, Errors::default(), (then, &pairs.join("&"))).await
}

async fn asking(desk: &Desk, errors: Errors, (then, kept): (&str, &str)) -> Page {
    let chrome = desk.seat(None).await?.chrome;
    let known = desk.ask::<Security>(security::Variables).await?.viewer.security;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Prove {
        chrome,
        errors,
        // Whoever has not proved the login's own credentials is not told which there are.
        authenticator: known.authenticator_since.is_some() || !known.owner_proved,
        passkey: !known.passkeys.is_empty() || !known.owner_proved,
        then: then.to_owned(),
        kept: kept.to_owned(),
    };
    Ok(answer(status, &page))
}

pub async fn show(desk: Desk, Asked(asked): Asked) -> Page {
    asking(&desk, Errors::default(), (on_this_site(asked.text("then")), "")).await
}

pub async fn prove(desk: Desk, Posted(form): Posted) -> Page {
    let none = || prove_yourself::ProveYourselfInput { password: None, code: None, passkey: None };
    let typed = form.all("password").first().copied().unwrap_or_default();
    let (input, field) = match form.text("way") {
        "passkey" => {
            let given = passkey(&form);
            let given =
                prove_yourself::PasskeyAnswerInput { challenge: given.challenge, answer: given.answer };
            (prove_yourself::ProveYourselfInput { passkey: Some(given), ..none() }, "password")
        }
        "code" => {
            let code = Some(form.text("code").to_owned());
            (prove_yourself::ProveYourselfInput { code, ..none() }, "code")
        }
        _ => {
            let password = Some(typed.to_owned());
            (prove_yourself::ProveYourselfInput { password, ..none() }, "password")
        }
    };
    let proved = desk.answered::<ProveYourself>(prove_yourself::Variables { input }).await?;
    let Some(refusal) = proved.refusal else { return Ok(go_on(&desk, &form)) };
    let mut errors = Errors::default();
    let words = match (refusal.code, field) {
        (RefusalCode::TooManyTries, _) => format!("{} {}", refusal.message, refusal.next),
        (_, "code") => "Enter the 6 digits that your app shows now".to_owned(),
        _ => "That did not prove it. Try again, or use another way".to_owned(),
    };
    errors.push(field, words);
    asking(&desk, errors, (form.text("then"), form.text("kept"))).await
}

/// Where somebody was going, with what they typed.
fn go_on(desk: &Desk, form: &Fields) -> HttpResponse {
    let then = on_this_site(form.text("then"));
    let kept = form.text("kept");
    if kept.is_empty() {
        return Address::to(then).see_other();
    }
    let fields = Fields::parse(kept).pairs().to_vec();
    answer(StatusCode::OK, &Resume { chrome: desk.doorway(), action: then.to_owned(), fields })
}

/// For the script: what the browser is to ask its device, as JSON.
pub async fn options(desk: Desk, Posted(form): Posted) -> Page {
    let r#use = form.code::<PasskeyUse>("use").ok_or_else(|| Fault::BadInput("use".to_owned()))?;
    let variables = ask_passkey::Variables { use_: r#use, ticket: desk.visitor.ticket.clone() };
    let asked = desk.answered::<AskPasskey>(variables).await?;
    let mut response = match (asked.asked, asked.refusal) {
        (Some(asked), _) => {
            let options: serde_json::Value =
                serde_json::from_str(&asked.options).map_err(|_| Fault::Internal)?;
            let body = serde_json::json!({ "challenge": asked.challenge, "options": options });
            HttpResponse::Ok().json(body)
        }
        (None, refusal) => {
            let proof = refusal.as_ref().is_some_and(|refusal| refusal.code == RefusalCode::ProveYourself);
            let words = refusal.map(|refusal| format!("{} {}", refusal.message, refusal.next));
            let then = if proof { Some("/prove?then=/account") } else { None };
            let body = serde_json::json!({ "message": words.unwrap_or_default(), "first": then });
            HttpResponse::UnprocessableEntity().json(body)
        }
    };
    response
        .headers_mut()
        .insert(CACHE_CONTROL, actix_web::http::header::HeaderValue::from_static("no-store"));
    Ok(response)
}
