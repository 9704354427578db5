//! Finish a referral, live: outcome and close-out on a page of their own.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::act::spoken_refusal;
use super::address::Address;
use super::desk::Desk;
use super::fields::{Fields, Posted};
use super::standing::{self, Standing};
use super::stop::Page;
use crate::chrome::Section;
use crate::codes::{Code, Outcome, ReferralCommand, RefusalCode};
use crate::documents::Refusal as Said;
use crate::documents::commands;
use crate::documents::commands::complete::CompleteReferralInput;
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::complete::Complete;
use crate::parts::Errors;

pub async fn show(desk: Desk, id: web::Path<String>) -> Page {
    let standing = standing::load(&desk, &id).await?;
    if !standing.commands.contains(&ReferralCommand::Complete) {
        return Ok(Address::to(format!("/referrals/{}", standing.id)).see_other());
    }
    Ok(draw(&desk, &standing, &Fields::default(), (Errors::default(), None)).await?)
}

pub async fn finish(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let id = id.into_inner();
    let mut errors = Errors::default();
    let outcome: Option<Outcome> = form.code("outcome");
    if outcome.is_none() {
        errors.push("outcome", "Say how it ended");
    }
    if form.text("support").is_empty() {
        errors.push("support", "Say what support was offered");
    }
    let Some(outcome) = outcome.filter(|_| errors.is_empty()) else {
        let standing = standing::load(&desk, &id).await?;
        return Ok(draw(&desk, &standing, &form, (errors, None)).await?);
    };
    let input = CompleteReferralInput {
        referral_id: id.clone(),
        version: form.text("version").parse().unwrap_or(0),
        outcome,
        support_offered: form.text("support").to_owned(),
        outcomes: form.some("changed"),
        actions_for_referrer: form.some("for-referrer"),
        idempotency_key: form.some("submission"),
    };
    let acted = desk.act::<commands::Complete>(commands::complete::Variables { input }).await?;
    match acted.refusal {
        None => Ok(Address::to(format!("/referrals/{id}")).with("done", "complete").see_other()),
        Some(said) => {
            let standing = standing::load(&desk, &id).await?;
            Ok(draw(&desk, &standing, &form, (Errors::default(), Some(said))).await?)
        }
    }
}

/// With the version there is now: after a refusal for staleness, the facts above the form are the new ones.
async fn draw(
    desk: &Desk,
    standing: &Standing,
    form: &Fields,
    (mut errors, said): (Errors, Option<Said>),
) -> Result<HttpResponse, Fault> {
    let seat = desk.seat(Some(Section::Referrals)).await?;
    let refusal = match said {
        Some(said) if said.code == RefusalCode::InvalidInput => {
            let field = match said.field.as_deref() {
                Some("outcomes") => "changed",
                Some("actionsForReferrer") => "for-referrer",
                _ => "support",
            };
            errors.push(field, "Shorten this, or take out signs that are not letters");
            None
        }
        Some(said) => Some(spoken_refusal(&said, &seat.chrome.help.phone)),
        None => None,
    };
    let fine = errors.is_empty() && refusal.is_none();
    let page = Complete {
        errors,
        refusal,
        id: standing.id.clone(),
        reference: standing.reference.clone(),
        version: standing.version.to_string(),
        submission: desk.key(),
        identity: standing::bar(desk, standing),
        outcomes: Outcome::choices(form.code("outcome").as_slice()),
        support: form.text("support").to_owned(),
        changed: form.text("changed").to_owned(),
        for_referrer: form.text("for-referrer").to_owned(),
        chrome: seat.chrome,
    };
    Ok(answer(if fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &page))
}
