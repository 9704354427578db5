//! What a visitor sees when there is no answer: sign in first, not found, not for you, try again. Owns the one place where a
//! fault becomes a page. Says nothing of what is inside. That a form came from this site is the server's guard to check.
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, ResponseError};

use super::address::{Address, on_this_site};
use super::desk::Desk;
use super::fields::Kept;
use crate::chrome::{Chrome, Section};
use crate::documents::Refusal as Said;
use crate::executor::Fault;
use crate::pages::notices::{NoPermission, NotFound, Refused};
use crate::pages::sign_in::{Arrival, SignIn};
use crate::pages::{self, answer};
use crate::parts::{Errors, Refusal};

/// A handler's answer: a page, or why there is none.
pub type Page = Result<HttpResponse, Stop>;

#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Stop(#[from] pub Fault);

impl ResponseError for Stop {
    fn status_code(&self) -> StatusCode {
        match &self.0 {
            Fault::Unauthenticated | Fault::WeakSession => StatusCode::UNAUTHORIZED,
            Fault::Forbidden | Fault::FactorNeeded | Fault::OwnCredentials => StatusCode::FORBIDDEN,
            Fault::NotFound => StatusCode::NOT_FOUND,
            Fault::BadInput(_) => StatusCode::BAD_REQUEST,
            Fault::Throttled => StatusCode::TOO_MANY_REQUESTS,
            Fault::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Fault::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Around every page: draws what stopped a handler.
pub async fn finish(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let fault =
        response.response().error().and_then(|error| error.as_error::<Stop>()).map(|stop| stop.0.clone());
    let (Some(fault), Some(desk)) = (fault, Desk::of(response.request())) else { return Ok(response) };
    let posted = response.request().method() == Method::POST;
    let kept = response.request().extensions().get::<Kept>().cloned().filter(|_| posted);
    let page = drawn(&desk, fault, kept).await;
    Ok(response.into_response(page))
}

fn refused(
    chrome: Chrome,
    heading: &str,
    (what_happened, next): (&str, &str),
    (status, request_id): (StatusCode, Option<String>),
) -> HttpResponse {
    let refusal = Refusal {
        what_happened: what_happened.to_owned(),
        next: next.to_owned(),
        link: None,
        phone: chrome.help.phone.clone(),
        request_id,
    };
    answer(status, &Refused { chrome, heading: heading.to_owned(), refusal })
}

async fn drawn(desk: &Desk, fault: Fault, kept: Option<Kept>) -> HttpResponse {
    let status = Stop(fault.clone()).status_code();
    match fault {
        Fault::Unauthenticated => return sign_in_first(desk, (Arrival::Idle, "idle"), kept),
        Fault::WeakSession => return sign_in_first(desk, (Arrival::Weak, "weak"), kept),
        _ => {}
    }
    let chrome = match desk.visitor.cookie {
        // A frame that cannot be drawn must not hide the reason of the page.
        Some(_) => desk.seat(None).await.map_or_else(|_| desk.doorway(), |seat| seat.chrome),
        None => desk.doorway(),
    };
    let request_id = desk.visitor.request_id.clone();
    match fault {
        Fault::NotFound => answer(status, &NotFound { chrome }),
        Fault::Forbidden => {
            answer(status, &not_for_this_role(desk, chrome, (&desk.wanted, Errors::default())))
        }
        Fault::FactorNeeded => refused(
            chrome,
            "This organisation asks for a second step",
            (
                "You are signed in with one proof of who you are, and this organisation asks for two.",
                "Set up a second step on your account page, or sign out and sign in with it. Then switch again.",
            ),
            (status, None),
        ),
        Fault::BadInput(_) => refused(
            chrome,
            "We could not understand that",
            (
                "Something in the form or in the address was not as we expect it. Nothing was saved.",
                "Go back, check it and try again.",
            ),
            (status, Some(request_id)),
        ),
        Fault::OwnCredentials => refused(
            chrome,
            "Sign in with your own password",
            (
                "You are signed in through your organisation, and that counts for your organisation alone.",
                "To act for another one, sign out and sign in with your own password.",
            ),
            (status, None),
        ),
        Fault::Throttled | Fault::Unavailable => answer(status, &Refused::busy(chrome, request_id)),
        Fault::Unauthenticated | Fault::WeakSession | Fault::Internal => {
            answer(status, &Refused::fault(chrome, request_id))
        }
    }
}

/// A press in a list that came to nothing: why, and the way back to the list.
pub async fn not_done(
    desk: &Desk,
    section: Option<Section>,
    said: Said,
    (href, label): (&str, &str),
) -> Page {
    let chrome = desk.seat(section).await?.chrome;
    let refusal = Refusal {
        what_happened: said.message,
        next: said.next,
        link: Some((href.to_owned(), label.to_owned())),
        phone: chrome.help.phone.clone(),
        request_id: None,
    };
    let page = Refused { chrome, heading: "That was not done".to_owned(), refusal };
    Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// Whoever is signed in may ask for it.
pub fn not_for_this_role(desk: &Desk, chrome: Chrome, (wanted, errors): (&str, Errors)) -> NoPermission {
    NoPermission {
        ask: chrome.account.is_some().then(|| "/ask-for-access".to_owned()),
        wanted: on_this_site(wanted).to_owned(),
        submission: desk.key(),
        chrome,
        errors,
        hidden: "Something that your role does not reach.".to_owned(),
        who_can: "Your team lead, or the administrator of your organisation.".to_owned(),
        why: String::new(),
    }
}

/// A page is asked for again after signing in; a form travels along, so that nothing typed is lost.
fn sign_in_first(desk: &Desk, (arrival, mark): (Arrival, &str), kept: Option<Kept>) -> HttpResponse {
    let had_session = desk.visitor.cookie.is_some();
    let Some(Kept(body)) = kept.filter(|_| had_session) else {
        let wanted = Some(on_this_site(&desk.wanted)).filter(|wanted| *wanted != "/").unwrap_or_default();
        let told = if had_session { "yes" } else { "" };
        return Address::to("/sign-in").maybe("then", wanted).maybe(mark, told).see_other();
    };
    let page = SignIn {
        chrome: desk.doorway(),
        errors: Errors::default(),
        arrival,
        email: String::new(),
        then: on_this_site(&desk.wanted).to_owned(),
        kept: body,
    };
    pages::answer(StatusCode::UNAUTHORIZED, &page)
}
