//! Owns the screens: one file a screen, each a plain struct of text with its template. Refuses to fetch anything and to
//! decide anything; whoever fills the struct has already asked GraphQL, and GraphQL has already asked policy.
pub mod access_requests;
pub mod access_review;
pub mod account;
pub mod assign;
pub mod caseload;
pub mod closing;
pub mod complete;
pub mod contact;
pub mod demo_mailbox;
pub mod emergency;
pub mod inbox;
pub mod instance;
pub mod invitation;
pub mod joining;
pub mod mailed;
pub mod notices;
pub mod organisations;
pub mod pass_on;
pub mod person;
pub mod plan;
pub mod records;
pub mod refer;
pub mod referral;
pub mod reset;
pub mod respond;
pub mod sameness;
pub mod search;
pub mod services;
pub mod settings;
pub mod sign_in;
pub mod sso;
pub mod staff;
pub mod team;
pub mod today;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use askama::Template;

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page as an answer. Pages hold people's details: never kept by a browser or a proxy, never framed.
pub fn answer(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((CONTENT_SECURITY_POLICY, POLICY))
            .insert_header((REFERRER_POLICY, "same-origin"))
            .insert_header(("x-content-type-options", "nosniff"))
            .body(html),
        Err(_) => HttpResponse::InternalServerError()
            .content_type("text/plain; charset=utf-8")
            .body("Sorry, this page could not be drawn. Nothing was lost. Please try again."),
    }
}
