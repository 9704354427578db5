//! The link of an invitation, live. Looking spends nothing; a press makes or proves the login, joins, and signs in.
use actix_web::http::StatusCode;
use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpResponse, web};

use super::address::{Address, encoded};
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted};
use super::stop::Page;
use crate::codes::{Code, InvitationState, RefusalCode};
use crate::documents::Refusal as Said;
use crate::documents::staff::{
    AcceptInvitation, AskForInvitation, OpenedInvitation, accept_invitation, ask_for_invitation,
    opened_invitation,
};
use crate::executor::Fault;
use crate::pages::answer;
use crate::pages::invitation::{Invitation, Standing};
use crate::parts::Errors;
use crate::words;

type Opened = opened_invitation::OpenedInvitationInvitation;

fn path_of(token: &str) -> String {
    format!("/invitation/{}", encoded(token))
}

async fn look(desk: &Desk, token: &str) -> Result<Opened, Fault> {
    let variables = opened_invitation::Variables { token: token.to_owned() };
    Ok(desk.ask::<OpenedInvitation>(variables).await?.invitation)
}

pub async fn show(desk: Desk, token: web::Path<String>, Asked(asked): Asked) -> Page {
    let opened = look(&desk, &token).await?;
    let was_asked = asked.text("asked") == "yes" && opened.state == InvitationState::Expired;
    let page = drawn(&desk, &token, opened, (Errors::default(), &Fields::default()));
    let page = if was_asked { Invitation { standing: Standing::Asked, ..page } } else { page };
    Ok(answer(StatusCode::OK, &page))
}

fn drawn(desk: &Desk, token: &str, opened: Opened, (errors, typed): (Errors, &Fields)) -> Invitation {
    let standing = match (opened.state, opened.has_login) {
        (InvitationState::Open, false) => Standing::New,
        (InvitationState::Open, true) => Standing::Known,
        (InvitationState::Expired, _) => Standing::Expired,
        (InvitationState::Accepted, _) => Standing::Accepted,
        (InvitationState::Withdrawn, _) => Standing::Withdrawn,
        (InvitationState::Replaced, _) => Standing::Replaced,
    };
    let roles: Vec<&str> = opened.roles.iter().map(|role| role.words()).collect();
    Invitation {
        chrome: desk.doorway(),
        errors,
        standing,
        path: path_of(token),
        place: opened.place,
        email: opened.email,
        roles: roles.join(" and "),
        until: words::date(words::local_day(opened.expires_at)),
        name: typed.text("name").to_owned(),
    }
}

pub async fn join(desk: Desk, token: web::Path<String>, Posted(form): Posted) -> Page {
    let token = token.into_inner();
    let opened = look(&desk, &token).await?;
    let password = form.all("password").first().copied().unwrap_or_default();
    let mut errors = Errors::default();
    if !opened.has_login && form.text("name").is_empty() {
        errors.push("name", "Enter your full name");
    }
    if password.is_empty() {
        errors.push("password", "Enter a password");
    }
    if !errors.is_empty() {
        let page = drawn(&desk, &token, opened, (errors, &form));
        return Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let input = accept_invitation::AcceptInvitationInput {
        token: token.clone(),
        name: form.some("name"),
        password: password.to_owned(),
    };
    let acted = desk.act::<AcceptInvitation>(accept_invitation::Variables { input }).await?;
    match acted.refusal {
        None => Ok(entered(&desk, &opened.email, password).await),
        Some(said) => refused(&desk, &token, (&form, said)).await,
    }
}

/// Whoever has just proved the password is signed in with it; where more is asked of them, the door asks.
async fn entered(desk: &Desk, email: &str, password: &str) -> HttpResponse {
    match desk.executor.sign_in(&desk.visitor, email, password).await {
        Ok(signed_in) => {
            let mut response = Address::to("/").see_other();
            if let Ok(value) = signed_in.set_cookie.parse() {
                response.headers_mut().append(SET_COOKIE, value);
            }
            response
        }
        Err(_) => Address::to("/sign-in").see_other(),
    }
}

async fn refused(desk: &Desk, token: &str, (form, said): (&Fields, Said)) -> Page {
    match said.code {
        RefusalCode::LinkExpired | RefusalCode::LinkSpent | RefusalCode::OrganisationShut => {
            return Ok(Address::to(path_of(token)).see_other());
        }
        RefusalCode::NotFound => return Err(Fault::NotFound.into()),
        _ => {}
    }
    let opened = look(desk, token).await?;
    let field = if said.field.as_deref() == Some("name") { "name" } else { "password" };
    let words = match said.code {
        RefusalCode::SignInFailed => "That is not the password of this login".to_owned(),
        _ => format!("{} {}", said.message, said.next),
    };
    let mut errors = Errors::default();
    errors.push(field, words);
    Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &drawn(desk, token, opened, (errors, form))))
}

pub async fn again(desk: Desk, token: web::Path<String>) -> Page {
    let variables = ask_for_invitation::Variables { token: token.clone() };
    let acted = desk.act::<AskForInvitation>(variables).await?;
    let path = path_of(&token);
    match acted.refusal.map(|said| said.code) {
        None => Ok(Address::to(path).with("asked", "yes").see_other()),
        Some(RefusalCode::TooManyTries) => Err(Fault::Throttled.into()),
        Some(_) => Ok(Address::to(path).see_other()),
    }
}
