//! The public keys of the access tokens, for partners who check one themselves.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};

use crate::app::App;

/// A key is published for longer than this before it signs, so a copy of this age knows every signature.
const KEPT: &str = "public, max-age=300";

/// `/.well-known/jwks.json`
pub async fn published(app: web::Data<App>) -> HttpResponse {
    let keys = app.parts.tokens.jwks(app.parts.clock.now());
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/jwk-set+json"))
        .insert_header((CACHE_CONTROL, KEPT))
        .body(keys.to_string())
}
