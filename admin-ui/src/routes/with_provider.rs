//! Through an organisation's provider: off to it, back from it, and connecting who one is there with one's login. Every way
//! that does not work is a page that says so and names the other ways.
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpResponse, web};

use super::address::{Address, encoded, on_this_site};
use super::desk::Desk;
use super::fields::Asked;
use super::sign_in::with_cookie;
use super::stop::Page;
use crate::documents::viewer::{Frame, frame};
use crate::executor::{Fault, ProviderAnswer, ProviderRefused, Returned};
use crate::pages::answer;
use crate::pages::notices::Refused;
use crate::pages::sso::{ConnectIdentity, ToProvider, WithProvider};
use crate::parts::{Errors, Refusal};

/// Which organisation? The short name is part of the address from then on.
pub async fn ask(desk: Desk, Asked(asked): Asked) -> HttpResponse {
    let name = asked.text("name").to_lowercase();
    if is_short_name(&name) {
        let href = format!("/sign-in/with/{}", encoded(&name));
        return answer(StatusCode::OK, &ToProvider { chrome: desk.doorway(), href });
    }
    let mut errors = Errors::default();
    if !name.is_empty() {
        errors.push("name", "Enter the short name: small letters, digits and dashes");
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    answer(status, &WithProvider { chrome: desk.doorway(), errors, name })
}

fn is_short_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

pub async fn leave(desk: Desk, name: web::Path<String>, Asked(asked): Asked) -> Page {
    let after = on_this_site(asked.text("then"));
    match desk.executor.leave_for_provider(&desk.visitor, &name, after).await {
        Ok(leaving) => {
            let mut response = HttpResponse::SeeOther();
            response.insert_header((LOCATION, leaving.address)).insert_header((CACHE_CONTROL, "no-store"));
            Ok(with_cookie(response.finish(), &leaving.cookie))
        }
        Err(why) => not_this_way(&desk, &name, why),
    }
}

pub async fn back(desk: Desk, name: web::Path<String>, Asked(asked): Asked) -> Page {
    let said = ProviderAnswer {
        state: asked.text("state"),
        code: asked.text("code"),
        error: asked.text("error"),
        issuer: asked.text("iss"),
    };
    match desk.executor.back_from_provider(&desk.visitor, &name, said).await {
        Ok(Returned::SignedIn { cookies, after }) => {
            let response = Address::to(on_this_site(&after)).see_other();
            Ok(cookies.iter().fold(response, with_cookie))
        }
        Ok(Returned::NotConnected) => Ok(Address::to(connect_path(&name)).see_other()),
        Err(why) => not_this_way(&desk, &name, why),
    }
}

pub async fn connect_page(desk: Desk, name: web::Path<String>) -> Page {
    let waiting = desk.executor.waiting_at_provider(&desk.visitor).await?;
    let Some(waiting) = waiting.filter(|one| one.short_name == *name) else {
        return not_this_way(&desk, &name, ProviderRefused::StartAgain);
    };
    let login = match desk.ask::<Frame>(frame::Variables).await {
        Ok(answer) => Some(answer.viewer.name),
        Err(Fault::Unauthenticated | Fault::WeakSession) => None,
        Err(fault) => return Err(fault.into()),
    };
    let page = ConnectIdentity {
        chrome: desk.doorway(),
        provider: waiting.provider,
        shown: waiting.shown,
        login,
        action: connect_path(&name),
        sign_in: Address::to("/sign-in").with("then", connect_path(&name)).to_string(),
    };
    Ok(answer(StatusCode::OK, &page))
}

pub async fn connect(desk: Desk, name: web::Path<String>) -> Page {
    match desk.executor.connect_identity(&desk.visitor).await {
        Ok(forgotten) => {
            let done = Address::to("/account/connections").with("done", "connected").see_other();
            Ok(with_cookie(done, &forgotten))
        }
        Err(why) => not_this_way(&desk, &name, why),
    }
}

fn connect_path(name: &str) -> String {
    format!("/sign-in/with/{}/connect", encoded(name))
}

/// What happened, what to do next, and another way in.
fn not_this_way(desk: &Desk, name: &str, why: ProviderRefused) -> Page {
    let again = format!("/sign-in/with/{}", encoded(name));
    let link = match &why {
        ProviderRefused::Fault(fault) => return Err(fault.clone().into()),
        ProviderRefused::NotLetIn | ProviderRefused::SecondFactor => (again, "Try again"),
        ProviderRefused::StartAgain => (again, "Start again"),
        ProviderRefused::SignInFirst => {
            (Address::to("/sign-in").with("then", connect_path(name)).to_string(), "Sign in again")
        }
        _ => ("/sign-in".to_owned(), "Sign in another way"),
    };
    let (status, happened, next) = told(&why);
    let chrome = desk.doorway();
    let refusal = Refusal {
        what_happened: happened.to_owned(),
        next: next.to_owned(),
        link: Some((link.0, link.1.to_owned())),
        phone: chrome.help.phone.clone(),
        request_id: Some(desk.visitor.request_id.clone()),
    };
    Ok(answer(status, &Refused { chrome, heading: "You are not signed in this way".to_owned(), refusal }))
}

const fn told(why: &ProviderRefused) -> (StatusCode, &'static str, &'static str) {
    match why {
        ProviderRefused::Unknown => (
            StatusCode::NOT_FOUND,
            "No organisation with this short name lets people sign in here.",
            "Check the short name with whoever looks after sign-in where you work.",
        ),
        ProviderRefused::Away | ProviderRefused::Fault(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Your organisation's sign-in does not answer just now.",
            "Try again in a few minutes, or sign in with your own password.",
        ),
        ProviderRefused::Unfit => (
            StatusCode::BAD_GATEWAY,
            "Your organisation's sign-in and Trellis do not fit together at the moment.",
            "Tell whoever looks after sign-in where you work. You can sign in with your own password.",
        ),
        ProviderRefused::NotLetIn => (
            StatusCode::FORBIDDEN,
            "Your organisation's sign-in did not let you in.",
            "Try again there, or sign in with your own password.",
        ),
        ProviderRefused::StartAgain => (
            StatusCode::BAD_REQUEST,
            "This sign-in took too long, was used already, or began in another window.",
            "Start again. Nothing was changed.",
        ),
        ProviderRefused::NotAMember => (
            StatusCode::FORBIDDEN,
            "Your login does not belong to this organisation, or no longer.",
            "Ask an administrator of the organisation, or sign in with your own password.",
        ),
        ProviderRefused::SecondFactor => (
            StatusCode::FORBIDDEN,
            "Your organisation asks for a second step, and its sign-in did not say that it used one.",
            "Use your second step there and try again, or sign in with your own.",
        ),
        ProviderRefused::SignInFirst => (
            StatusCode::FORBIDDEN,
            "Connecting an account needs a sign-in with your own password that is not older than 10 minutes.",
            "Sign in again, then connect.",
        ),
        ProviderRefused::Taken => (
            StatusCode::CONFLICT,
            "That account is connected to another login.",
            "If it is yours, remove it there first.",
        ),
    }
}
