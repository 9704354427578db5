//! A reset of second factors, live: begun on a member's page, and finished or stopped by the login's owner with the link of the
//! mail. Opening the link changes nothing; its forms do.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::address::{Address, encoded};
use super::desk::Desk;
use super::fields::{Asked, Posted};
use super::stop::Page;
use super::{prove, second, staff};
use crate::codes::RefusalCode;
use crate::documents::reset::{
    OpenedReset, StartFactorReset, StopFactorReset, opened_reset, start_factor_reset, stop_factor_reset,
};
use crate::executor::{Fault, SignInRefused};
use crate::pages::answer;
use crate::pages::reset::{FactorReset, Standing};
use crate::parts::Errors;
use crate::words;

pub async fn start(desk: Desk, id: web::Path<String>, Posted(form): Posted) -> Page {
    let input = start_factor_reset::StartFactorResetInput {
        membership_id: id.clone(),
        idempotency_key: form.submission("reset"),
    };
    let acted = desk.act::<StartFactorReset>(start_factor_reset::Variables { input }).await?;
    if acted.asks_for_proof() {
        return prove::first(&desk, &format!("/admin/people/{id}/reset"), &form).await;
    }
    staff::after(&desk, &id, acted, ("reset-begun", &form)).await
}

fn link(token: &str) -> String {
    format!("/reset/{}", encoded(token))
}

pub async fn show(desk: Desk, token: web::Path<String>, Asked(asked): Asked) -> Page {
    let standing =
        if asked.text("stopped") == "yes" { Standing::Stopped } else { standing(&desk, &token).await? };
    Ok(drawn(&desk, &token, standing, Errors::default()))
}

async fn standing(desk: &Desk, token: &str) -> Result<Standing, Fault> {
    let variables = opened_reset::Variables { token: token.to_owned() };
    let found = desk.ask::<OpenedReset>(variables).await?.factor_reset;
    Ok(match found {
        None => Standing::Ended,
        Some(reset) if reset.open => Standing::Open,
        Some(reset) => Standing::Waits(words::moment(reset.opens_at)),
    })
}

fn drawn(desk: &Desk, token: &str, standing: Standing, errors: Errors) -> HttpResponse {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    answer(status, &FactorReset { chrome: desk.doorway(), errors, standing, path: link(token) })
}

pub async fn finish(desk: Desk, token: web::Path<String>, Posted(form): Posted) -> Page {
    let password = form.all("password").first().copied().unwrap_or_default();
    let words = match desk.executor.reset_factors(&desk.visitor, &token, password).await {
        Ok(ticket) => return Ok(second::on(&desk, &form, second::SET_UP, &ticket)),
        Err(SignInRefused::Fault(fault)) => return Err(fault.into()),
        Err(SignInRefused::NotKnown) => "Enter the password that you sign in with",
        Err(SignInRefused::TooManyTries) => "There were too many tries. Wait an hour, then try again",
        // What the link says now: that it waits, or has run out.
        Err(_) => return Ok(Address::to(link(&token)).see_other()),
    };
    let mut errors = Errors::default();
    errors.push("password", words);
    Ok(drawn(&desk, &token, Standing::Open, errors))
}

pub async fn stop(desk: Desk, token: web::Path<String>) -> Page {
    let variables = stop_factor_reset::Variables { token: token.clone() };
    let stopped = desk.answered::<StopFactorReset>(variables).await?;
    let here = Address::to(link(&token));
    // One that is not there any more says so itself.
    let ended = stopped.refusal.is_some_and(|refusal| refusal.code == RefusalCode::LinkExpired);
    Ok(if ended { here } else { here.with("stopped", "yes") }.see_other())
}
