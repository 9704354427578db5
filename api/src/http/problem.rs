//! Errors of HTTP itself, as `application/problem+json` (RFC 9457). No stack traces, no versions.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::json;

pub fn problem(status: StatusCode, title: &str, detail: &str) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("application/problem+json")
        .json(json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail }))
}
