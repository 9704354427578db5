//! What is known of a request before anybody looks at it: an id of its own, and where it comes from.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest};
use trellis_admin_ui::executor::Arrived;
use trellis_domain::kernel::{RequestId, TypedId};
use trellis_infra::auth::device_words;

use super::source::Proxies;
use crate::app::App;
use crate::graphql::context::Asked;
use crate::parts::Parts;

/// A new id for each request. One that the client sends is not trusted to be unique, so it is not used.
pub fn arrival(parts: &Parts, request: &HttpRequest) -> Asked {
    let id = RequestId::from_uuid(parts.ids.next(parts.clock.now()));
    let device = device_words(&header(request, "user-agent").unwrap_or_default());
    let idempotency_key = header(request, "idempotency-key");
    Asked { request: id, address: source(request), device, idempotency_key }
}

/// As limits count it.
fn source(request: &HttpRequest) -> String {
    match request.app_data::<Data<Proxies>>() {
        Some(proxies) => proxies.source(request),
        None => Proxies::default().source(request),
    }
}

/// Tells the pages what they cannot know by themselves.
pub async fn announce<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let address = source(request.request());
    if let Some(app) = request.app_data::<Data<App>>() {
        let parts = &app.parts;
        let id: RequestId = RequestId::from_uuid(parts.ids.next(parts.clock.now()));
        request.extensions_mut().insert(Arrived { address, request_id: id.to_string() });
    }
    next.call(request).await
}

pub fn header(request: &HttpRequest, name: &str) -> Option<String> {
    request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The token of `Authorization: Bearer …`.
pub fn bearer(request: &HttpRequest) -> Option<String> {
    header(request, "authorization")?.strip_prefix("Bearer ").map(|token| token.trim().to_owned())
}
