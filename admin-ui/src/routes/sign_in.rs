//! Screen 1: sign in, sign out, act for another organisation, stay signed in.
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, SET_COOKIE};

use super::address::{Address, on_this_site};
use super::desk::Desk;
use super::fields::{Asked, Fields, Posted};
use super::second;
use super::stop::Page;
use crate::documents::viewer::{Frame, frame};
use crate::executor::{SignInRefused, SignedIn};
use crate::pages::answer;
use crate::pages::notices::Accessibility;
use crate::pages::sign_in::{Arrival, Resume, SignIn};
use crate::parts::Errors;

pub async fn home(desk: Desk) -> Page {
    let seat = desk.seat(None).await?;
    Ok(Address::to(seat.home()).see_other())
}

pub async fn show(desk: Desk, Asked(asked): Asked) -> HttpResponse {
    let said = |name: &str| asked.text(name) == "yes";
    let arrival = match (said("idle"), said("out"), said("again"), said("recovered")) {
        _ if said("weak") => Arrival::Weak,
        (true, ..) => Arrival::Idle,
        (_, true, ..) => Arrival::SignedOut,
        (_, _, true, _) => Arrival::Again,
        (.., true) => Arrival::Recovered,
        _ => Arrival::First,
    };
    let then = Some(on_this_site(asked.text("then"))).filter(|then| *then != "/").unwrap_or_default();
    let page = SignIn {
        chrome: desk.doorway(),
        errors: Errors::default(),
        arrival,
        email: String::new(),
        then: then.to_owned(),
        kept: String::new(),
    };
    answer(StatusCode::OK, &page)
}

pub async fn enter(desk: Desk, Posted(form): Posted) -> Page {
    let mut errors = Errors::default();
    let (email, password) = (form.text("email"), form.all("password").first().copied().unwrap_or_default());
    if email.is_empty() {
        errors.push("email", "Enter your e-mail address");
    }
    if password.is_empty() {
        errors.push("password", "Enter your password");
    }
    if !errors.is_empty() {
        return Ok(again(&desk, &form, errors, Arrival::First));
    }
    match desk.executor.sign_in(&desk.visitor, email, password).await {
        Ok(signed_in) => Ok(entered(&desk, &form, &signed_in)),
        Err(SignInRefused::NotKnown) => {
            errors.push("email", "Check your e-mail address and your password. They do not belong together");
            Ok(again(&desk, &form, errors, Arrival::First))
        }
        Err(SignInRefused::FactorNeeded { set_cookie, must_set_up }) => {
            let path = if must_set_up { "/sign-in/set-up" } else { "/sign-in/code" };
            Ok(second::on(&desk, &form, path, &SignedIn { set_cookie }))
        }
        Err(SignInRefused::TooManyTries) => Ok(again(&desk, &form, errors, Arrival::Locked)),
        Err(SignInRefused::ResetOver) => Ok(again(&desk, &form, errors, Arrival::ResetOver)),
        Err(SignInRefused::WrongCode | SignInRefused::BeginAgain) => {
            Ok(again(&desk, &form, errors, Arrival::First))
        }
        Err(SignInRefused::Fault(fault)) => Err(fault.into()),
    }
}

fn again(desk: &Desk, form: &Fields, errors: Errors, arrival: Arrival) -> HttpResponse {
    let status = match arrival {
        Arrival::Locked => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = SignIn {
        chrome: desk.doorway(),
        errors,
        arrival,
        email: form.text("email").to_owned(),
        then: form.text("then").to_owned(),
        kept: form.text("kept").to_owned(),
    };
    answer(status, &page)
}

pub fn entered(desk: &Desk, form: &Fields, signed_in: &SignedIn) -> HttpResponse {
    let then = on_this_site(form.text("then"));
    let kept = form.text("kept");
    if kept.is_empty() || then == "/" {
        return with_cookie(Address::to(then).see_other(), signed_in);
    }
    let fields = Fields::parse(kept).pairs().to_vec();
    let page = Resume { chrome: desk.doorway(), action: then.to_owned(), fields };
    with_cookie(answer(StatusCode::OK, &page), signed_in)
}

pub fn with_cookie(mut response: HttpResponse, signed_in: &SignedIn) -> HttpResponse {
    if let Ok(value) = signed_in.set_cookie.parse() {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// With nothing typed.
pub async fn by_passkey(desk: Desk, Posted(form): Posted) -> Page {
    match desk.executor.sign_in_with_passkey(&desk.visitor, second::passkey(&form)).await {
        Ok(signed_in) => Ok(entered(&desk, &form, &signed_in)),
        Err(SignInRefused::TooManyTries) => Ok(again(&desk, &form, Errors::default(), Arrival::Locked)),
        Err(SignInRefused::Fault(fault)) => Err(fault.into()),
        Err(_) => {
            let mut errors = Errors::default();
            errors.push("email", "That passkey did not work here. Try it again, or use your password");
            Ok(again(&desk, &form, errors, Arrival::First))
        }
    }
}

pub async fn leave(desk: Desk) -> Page {
    let ended = desk.executor.sign_out(&desk.visitor).await?;
    Ok(with_cookie(Address::to("/sign-in").with("out", "yes").see_other(), &ended))
}

pub async fn switch(desk: Desk, Posted(form): Posted) -> Page {
    let signed_in = desk.executor.switch(&desk.visitor, form.text("membership")).await?;
    Ok(with_cookie(Address::to("/").see_other(), &signed_in))
}

/// The warning's "Stay signed in". Asking anything keeps a session awake.
pub async fn keep(desk: Desk) -> Page {
    desk.ask::<Frame>(frame::Variables).await?;
    Ok(HttpResponse::NoContent().insert_header((CACHE_CONTROL, "no-store")).finish())
}

pub async fn accessibility(desk: Desk) -> HttpResponse {
    let chrome = match desk.visitor.cookie {
        Some(_) => desk.seat(None).await.map_or_else(|_| desk.doorway(), |seat| seat.chrome),
        None => desk.doorway(),
    };
    answer(StatusCode::OK, &Accessibility { chrome })
}
