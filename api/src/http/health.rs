//! Is the process there, and can it work. The answers name what is missing and nothing else.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::app::App;

/// The process answers. It says nothing of what it stands on.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// The database answers. Redis may be away: that slows, it never stops.
pub async fn ready(app: web::Data<App>) -> HttpResponse {
    let database = app.parts.platform.answers().await.is_ok();
    let redis = match &app.redis {
        Some(link) if link.answers().await => "ok",
        Some(_) => "away, counting alone",
        None => "not used",
    };
    let status = if database { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let database = if database { "ok" } else { "away" };
    HttpResponse::build(status).json(json!({ "database": database, "redis": redis }))
}
