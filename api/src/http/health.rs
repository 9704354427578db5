//! Is the process there, and can it work. The answers name what is missing and nothing else.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::app::App;

/// The process answers. It says nothing of what it stands on.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// The database answers to both of its logins: one without the other serves nobody. Redis may be away: that slows,
/// it never stops.
pub async fn ready(app: web::Data<App>) -> HttpResponse {
    let (tenants, platform) = tokio::join!(app.parts.store.answers(), app.parts.platform.answers());
    let (tenants, platform) = (tenants.is_ok(), platform.is_ok());
    let redis = match &app.redis {
        Some(link) if link.answers().await => "ok",
        Some(_) => "away, counting alone",
        None => "not used",
    };
    let status = if tenants && platform { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = |answers: bool| if answers { "ok" } else { "away" };
    let answer = json!({ "database": word(tenants), "platformDatabase": word(platform), "redis": redis });
    HttpResponse::build(status).json(answer)
}
