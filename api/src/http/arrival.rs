//! What is known of a request before anybody looks at it: an id of its own, and where it comes from.

use actix_web::HttpRequest;
use trellis_domain::kernel::{RequestId, TypedId};
use trellis_infra::auth::device_words;

use crate::graphql::context::Asked;
use crate::parts::Parts;

/// A new id for each request. One that the client sends is not trusted to be unique, so it is not used.
pub fn arrival(parts: &Parts, request: &HttpRequest) -> Asked {
    let id = RequestId::from_uuid(parts.ids.next(parts.clock.now()));
    let device = device_words(&header(request, "user-agent").unwrap_or_default());
    let idempotency_key = header(request, "idempotency-key");
    Asked { request: id, address: address(request), device, idempotency_key }
}

/// The peer's address. Forwarding headers are not read: a proxy on another machine has to be configured first.
pub fn address(request: &HttpRequest) -> String {
    request.peer_addr().map_or_else(|| "unknown".to_owned(), |peer| peer.ip().to_string())
}

pub fn header(request: &HttpRequest, name: &str) -> Option<String> {
    request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The token of `Authorization: Bearer …`.
pub fn bearer(request: &HttpRequest) -> Option<String> {
    header(request, "authorization")?.strip_prefix("Bearer ").map(|token| token.trim().to_owned())
}
