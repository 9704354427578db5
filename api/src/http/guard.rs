//! What stands around every answer: security headers; and before every page's POST: it has to come from our own pages.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, web};

use super::problem::problem;

/// What the guard has to know of this installation.
#[derive(Debug, Clone)]
pub struct House {
    /// Scheme, host and port of our own pages.
    pub origin: String,
    pub secure: bool,
}

const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
];

/// Adds the headers; refuses a form that another site has made.
pub async fn guard<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let house = request.app_data::<web::Data<House>>().cloned();
    let secure = house.as_ref().is_some_and(|house| house.secure);
    let is_asset = request.path().starts_with("/assets/");
    let forged = house.as_ref().is_none_or(|house| is_forged(&request, house));
    let mut response = if forged {
        let refusal = problem(
            StatusCode::FORBIDDEN,
            "Not from our own page",
            "Forms are taken from our own pages only. Open the page again and send it from there.",
        );
        request.into_response(refusal).map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    add_headers(response.headers_mut(), secure, is_asset);
    Ok(response)
}

fn add_headers(headers: &mut HeaderMap, secure: bool, is_asset: bool) {
    for (name, value) in HEADERS {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if secure {
        let value = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(HeaderName::from_static("strict-transport-security"), value);
    }
    let cache = HeaderName::from_static("cache-control");
    if !is_asset && !headers.contains_key(&cache) {
        headers.insert(cache, HeaderValue::from_static("no-store"));
    }
}

/// `/graphql` takes bearer tokens and never a cookie, so nobody can be made to use it unawares.
/// Everything else that is not a plain look has to prove that it comes from here; no proof is a refusal.
fn is_forged(request: &ServiceRequest, house: &House) -> bool {
    let looks = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if looks || request.path() == "/graphql" {
        return false;
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match (header("sec-fetch-site"), header("origin")) {
        (Some("same-origin"), _) => false,
        (None, Some(origin)) => !origin.eq_ignore_ascii_case(&house.origin),
        (Some(_), _) | (None, None) => true,
    }
}
