//! `/graphql`: GraphQL over HTTP and WebSocket. Bearer tokens only; a mutation never by GET.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::http::ALL_WEBSOCKET_PROTOCOLS;
use async_graphql::parser::types::OperationType;
use async_graphql::{Data, Request, Response};
use async_graphql_actix_web::GraphQLSubscription;
use serde::Deserialize;
use serde_json::Value;
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_infra::pg::platform::session_for_token;

use super::arrival::{arrival, bearer, header};
use super::guard::House;
use super::problem::problem;
use crate::app::App;
use crate::graphql::context::{Asked, GqlContext};
use crate::graphql::error::Fault;

/// Bytes of a request.
pub const LARGEST_BODY: usize = 256 * 1024;

/// The media type of the specification, and the older one.
const MODERN: &str = "application/graphql-response+json";
const CLASSIC: &str = "application/json";

/// What a request's frame needs from its token. A token that does not verify is the same as none.
pub fn session_of(app: &App, token: Option<&str>) -> Option<VerifiedSession> {
    let claims = app.parts.tokens.verify(token?, app.parts.clock.now()).ok()?;
    session_for_token(&claims).ok()
}

#[derive(Debug, Deserialize)]
pub struct Asking {
    query: String,
    #[serde(default, rename = "operationName")]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<Value>,
    #[serde(default)]
    extensions: Option<Value>,
}

impl Asking {
    fn into_request(self) -> Result<Request, &'static str> {
        let variables = match self.variables {
            None | Some(Value::Null) => Value::Object(serde_json::Map::new()),
            Some(Value::Object(members)) => Value::Object(members),
            Some(_) => return Err("variables must be an object"),
        };
        if !matches!(self.extensions, None | Some(Value::Null | Value::Object(_))) {
            return Err("extensions must be an object");
        }
        let mut request = Request::new(self.query).variables(async_graphql::Variables::from_json(variables));
        if let Some(name) = self.operation_name {
            request = request.operation_name(name);
        }
        Ok(request)
    }
}

pub async fn post(app: web::Data<App>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let json_body = header(&request, "content-type").is_some_and(|kind| is_json(&kind));
    if !json_body {
        let detail = "Send the request as application/json in UTF-8.";
        return problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Not JSON", detail);
    }
    let Some(modern) = accepted(&request) else { return not_acceptable() };
    match serde_json::from_slice::<Asking>(&body).map_err(|_| "the body is not a GraphQL request") {
        Ok(asking) => answer(&app, &request, asking, modern).await,
        Err(why) => refused(modern, why),
    }
}

pub async fn get(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    let Some(modern) = accepted(&request) else { return not_acceptable() };
    let Ok(query) = web::Query::<Vec<(String, String)>>::from_query(request.query_string()) else {
        return refused(modern, "the address is not a GraphQL request");
    };
    let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let Some(document) = value("query") else { return refused(modern, "there is no query") };
    let parsed = value("variables").map(|text| serde_json::from_str(&text)).transpose();
    let Ok(variables) = parsed else { return refused(modern, "variables must be JSON") };
    let asking =
        Asking { query: document, operation_name: value("operationName"), variables, extensions: None };
    if changes_something(&asking) {
        let detail = "Send mutations by POST.";
        let mut response = problem(StatusCode::METHOD_NOT_ALLOWED, "A mutation by GET", detail);
        response.headers_mut().insert(HeaderName::from_static("allow"), HeaderValue::from_static("POST"));
        return response;
    }
    answer(&app, &request, asking, modern).await
}

/// True for a document whose chosen operation is not a query. One that does not parse is answered as such later.
fn changes_something(asking: &Asking) -> bool {
    let Ok(document) = async_graphql::parser::parse_query(&asking.query) else { return false };
    document.operations.iter().any(|(name, operation)| {
        let chosen =
            asking.operation_name.as_deref().is_none_or(|wanted| name.is_some_and(|name| name == wanted));
        chosen && operation.node.ty != OperationType::Query
    })
}

async fn answer(app: &App, request: &HttpRequest, asking: Asking, modern: bool) -> HttpResponse {
    let graphql = match asking.into_request() {
        Ok(graphql) => graphql,
        Err(why) => return refused(modern, why),
    };
    let asked = arrival(&app.parts, request);
    let session = session_of(app, bearer(request).as_deref());
    let (response, replayed) = execute(app, graphql, session, asked.clone()).await;
    let status = if modern { status_of(&response) } else { StatusCode::OK };
    let mut built = HttpResponse::build(status);
    built.insert_header((CONTENT_TYPE, if modern { MODERN } else { CLASSIC }));
    built.insert_header(("x-request-id", asked.request.to_string()));
    if replayed {
        built.insert_header(("idempotency-replayed", "true"));
    }
    match serde_json::to_vec(&response) {
        Ok(body) => built.body(body),
        Err(_) => problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong",
            "The answer could not be written.",
        ),
    }
}

/// Runs a request in its frame; pages and partners alike. True when the answer repeats an earlier one.
pub async fn execute(
    app: &App,
    graphql: Request,
    session: Option<VerifiedSession>,
    asked: Asked,
) -> (Response, bool) {
    let context = Arc::new(GqlContext::new(Arc::clone(&app.parts), session, asked));
    let response = app.schema.execute(graphql.data(Arc::clone(&context))).await;
    (response, context.was_replayed())
}

/// With the modern media type an answer without data is a 4xx or 5xx.
fn status_of(response: &Response) -> StatusCode {
    if response.errors.is_empty() || response.data != async_graphql::Value::Null {
        return StatusCode::OK;
    }
    let code = response.errors.first().and_then(|error| error.extensions.as_ref()?.get("code").cloned());
    match code.as_ref().map(ToString::to_string).unwrap_or_default().trim_matches('"') {
        "UNAUTHENTICATED" | "SECOND_FACTOR_NEEDED" => StatusCode::UNAUTHORIZED,
        "FORBIDDEN" => StatusCode::FORBIDDEN,
        "THROTTLED" => StatusCode::TOO_MANY_REQUESTS,
        "UNAVAILABLE" => StatusCode::SERVICE_UNAVAILABLE,
        "INTERNAL" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

fn is_json(kind: &str) -> bool {
    let mut parts = kind.split(';').map(str::trim);
    let json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case(CLASSIC));
    json && parts.all(|part| {
        part.split_once('=').is_none_or(|(name, value)| {
            !name.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
    })
}

/// Some(true) for the modern type, Some(false) for the classic one, None for a client that takes neither.
fn accepted(request: &HttpRequest) -> Option<bool> {
    let Some(accept) = header(request, "accept") else { return Some(false) };
    let kinds: Vec<String> = accept
        .split(',')
        .filter_map(|part| part.split(';').next())
        .map(|kind| kind.trim().to_lowercase())
        .collect();
    if kinds.iter().any(|kind| kind == MODERN) {
        return Some(true);
    }
    kinds.iter().any(|kind| matches!(kind.as_str(), CLASSIC | "application/*" | "*/*")).then_some(false)
}

fn not_acceptable() -> HttpResponse {
    let detail = "Answers are application/graphql-response+json or application/json.";
    problem(StatusCode::NOT_ACCEPTABLE, "No media type in common", detail)
}

fn refused(modern: bool, why: &str) -> HttpResponse {
    let body =
        serde_json::json!({ "errors": [{ "message": why, "extensions": { "code": "BAD_USER_INPUT" } }] });
    let kind = if modern { MODERN } else { CLASSIC };
    HttpResponse::BadRequest().content_type(kind).body(body.to_string())
}

/// `graphql-transport-ws`; the token comes with `connection_init`.
pub async fn socket(
    app: web::Data<App>,
    house: web::Data<House>,
    request: HttpRequest,
    payload: web::Payload,
) -> actix_web::Result<HttpResponse> {
    let foreign =
        header(&request, "origin").is_some_and(|origin| !origin.eq_ignore_ascii_case(&house.origin));
    if foreign {
        return Ok(problem(
            StatusCode::FORBIDDEN,
            "Another origin",
            "Open the socket from our own pages or without a browser.",
        ));
    }
    if !header(&request, "sec-websocket-protocol")
        .is_some_and(|wanted| ALL_WEBSOCKET_PROTOCOLS.iter().any(|known| wanted.contains(known)))
    {
        return Ok(problem(StatusCode::BAD_REQUEST, "No protocol in common", "Use graphql-transport-ws."));
    }
    let asked = arrival(&app.parts, &request);
    let schema = app.schema.clone();
    GraphQLSubscription::new(schema)
        .on_connection_init(move |init: Value| async move {
            let token = init.get("authorization").and_then(Value::as_str).unwrap_or_default();
            let token = token.strip_prefix("Bearer ").unwrap_or(token);
            let session = session_of(&app, Some(token))
                .ok_or_else(|| async_graphql::Error::from(Fault::unauthenticated()))?;
            let mut data = Data::default();
            let parts = Arc::clone(&app.parts);
            data.insert(Arc::new(GqlContext::for_socket(parts, session, token, asked)));
            Ok(data)
        })
        .start(&request, payload)
}
