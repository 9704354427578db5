//! `/branding/…`: the logos and colours of organisations, from our own origin. An address says what is behind it for ever: a
//! logo by the digest of its bytes, a colour by itself. So browsers may keep both, and no page needs a style in line.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use trellis_domain::tenancy::{Accent, LogoDigest};

use crate::app::App;

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// `/branding/{digest}.png`
pub async fn logo(app: web::Data<App>, digest: web::Path<String>) -> HttpResponse {
    let Ok(digest) = LogoDigest::parse(&digest) else { return nothing() };
    match app.parts.platform.logo(digest).await {
        Ok(Some(png)) => kept_for_ever("image/png").body(png),
        Ok(None) => nothing(),
        Err(error) => {
            tracing::warn!(%error, "a logo could not be read");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

/// `/branding/{rrggbb}.css`: says what the class `app-accent-rrggbb` stands for. A colour on which white words fade is no
/// colour here either.
pub async fn colour(colour: web::Path<String>) -> HttpResponse {
    let accent = Accent::parse(&format!("#{colour}")).ok().filter(|accent| accent.carries_white());
    let Some(accent) = accent else { return nothing() };
    let rule = format!(".app-accent-{}{{--app-accent:{accent}}}\n", accent.hex());
    kept_for_ever("text/css; charset=utf-8").body(rule)
}

fn kept_for_ever(kind: &str) -> actix_web::HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, kind)).insert_header((CACHE_CONTROL, FOR_EVER));
    answer
}

fn nothing() -> HttpResponse {
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("not found")
}
