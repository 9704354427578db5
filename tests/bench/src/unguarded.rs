//! The reference of the cost of knowing who asks: the product's server with, beside its own doors, two that take
//! everybody's word for it. It exists in this harness only; nothing in the product can be switched to it.
//!
//! `/graphql` is the product's own handler, `/page` the executor that its pages use, with the cookie. `/bare` and
//! `/bare-page` run the same documents for the user whose number stands in a header: no token is verified, no session is
//! looked up, and their connections find an `assert_session` that does nothing (`guards`). What else the database does
//! is the same.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::web::{Bytes, Data, PayloadConfig, post};
use actix_web::{App as Actix, HttpRequest, HttpResponse, HttpServer};
use anyhow::Context;
use async_graphql::{Request, Response, Variables};
use serde_json::Value;
use trellis_admin_ui::chrome::HelpLine;
use trellis_admin_ui::executor::{Document, Executor, FoundOut, House as PageHouse, Visitor};
use trellis_api::app::{App, Ground};
use trellis_api::config::Config;
use trellis_api::http::arrival::{arrival, header};
use trellis_api::http::executor::{InProcess, shared};
use trellis_api::http::graphql::{self, LARGEST_BODY, execute};
use trellis_api::http::guard::{House, guard};
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_infra::auth::SigningKeys;
use trellis_infra::pg::platform::session_for_token;
use trellis_infra::seal::Keyring;

use crate::cast::claims;
use crate::guards::{NOTHING_ASSERTED, VIEWER};
use crate::scale::Scale;
use crate::workload::{CASELOAD, RETURN, SEND};

/// Documents of pages are part of the program.
const DOCUMENTS: [Document; 4] = [
    Document { name: "Viewer", text: VIEWER },
    Document { name: "Caseload", text: CASELOAD },
    Document { name: "Send", text: SEND },
    Document { name: "Return", text: RETURN },
];

/// Everybody, already known.
struct Unguarded {
    app: App,
    sessions: Vec<VerifiedSession>,
}

#[derive(serde::Deserialize)]
struct Asking {
    query: String,
    variables: Value,
}

pub async fn serve(scale: Scale) -> anyhow::Result<()> {
    let config = Config::read()?;
    let app = App::build(ground(&config, "")?)?;
    let known =
        Unguarded { app: App::build(ground(&config, NOTHING_ASSERTED)?)?, sessions: everybody(scale)? };
    let house = House { origin: config.public_url.clone(), secure: false };
    let help = HelpLine { phone: "01632 960 001".to_owned(), hours: String::new() };
    let pages =
        InProcess { app: app.clone(), house: PageHouse { help, demo: false, secure: false }, mailbox: None };
    let executor: Data<dyn Executor> = Data::from(shared(pages));
    let (app, known, house) = (Data::new(app), Data::new(known), Data::new(house));
    HttpServer::new(move || {
        Actix::new()
            .app_data(app.clone())
            .app_data(known.clone())
            .app_data(house.clone())
            .app_data(executor.clone())
            .app_data(PayloadConfig::new(LARGEST_BODY))
            .wrap(from_fn(guard))
            .route("/graphql", post().to(graphql::post))
            .route("/page", post().to(page))
            .route("/bare", post().to(bare))
            .route("/bare-page", post().to(bare_page))
    })
    .workers(std::thread::available_parallelism().map_or(2, usize::from))
    .listen(TcpListener::bind(&config.http_addr)?)?
    .run()
    .await?;
    Ok(())
}

fn ground(config: &Config, options: &str) -> anyhow::Result<Ground> {
    let file = |path: &Option<std::path::PathBuf>| path.clone().context("a file of keys");
    let (clock, ids) = Ground::real();
    Ok(Ground {
        app_url: format!("{}{options}", config.database_url.clone().unwrap_or_default()),
        platform_url: config.platform_database_url.clone().unwrap_or_default(),
        redis_url: None,
        connections: config.connections,
        waiting: config.waiting,
        keyring: Arc::new(Keyring::load(&file(&config.keyring_file)?)?),
        signing_keys: SigningKeys::load(&file(&config.signing_keys_file)?)?,
        issuer: config.public_url.clone(),
        clock,
        ids,
        explorer: false,
        local_providers: false,
    })
}

fn everybody(scale: Scale) -> anyhow::Result<Vec<VerifiedSession>> {
    let size = scale.size();
    let users = 0..size.all_workers() + size.practices;
    users.map(|user| Ok(session_for_token(&claims(&size, user))?)).collect()
}

async fn page(executor: Data<dyn Executor>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let Ok(asking) = serde_json::from_slice::<Asking>(&body) else {
        return HttpResponse::BadRequest().finish();
    };
    let Some(document) = DOCUMENTS.iter().find(|known| known.text == asking.query) else {
        return HttpResponse::NotFound().finish();
    };
    let cookie =
        header(&request, "cookie").and_then(|all| Some(all.strip_prefix("trellis_session=")?.to_owned()));
    let visitor = Visitor {
        cookie,
        ticket: None,
        device: None,
        at_provider: None,
        address: "127.0.0.1".to_owned(),
        agent: String::new(),
        request_id: String::new(),
        found_out: FoundOut::default(),
    };
    match executor.run(&visitor, *document, asking.variables).await {
        Ok(data) => written(&data),
        Err(fault) => HttpResponse::InternalServerError().body(fault.to_string()),
    }
}

async fn bare(known: Data<Unguarded>, request: HttpRequest, body: Bytes) -> HttpResponse {
    match answered(&known, &request, &body, None).await {
        Some(response) => written(&response),
        None => HttpResponse::BadRequest().finish(),
    }
}

async fn bare_page(known: Data<Unguarded>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let name =
        |text: &str| DOCUMENTS.iter().find(|document| document.text == text).map(|document| document.name);
    let response = answered(&known, &request, &body, Some(&name)).await;
    match response.map(|response| response.data.into_json()) {
        Some(Ok(data)) => written(&data),
        _ => HttpResponse::BadRequest().finish(),
    }
}

type Named<'a> = &'a dyn Fn(&str) -> Option<&'static str>;

async fn answered(
    known: &Unguarded,
    request: &HttpRequest,
    body: &Bytes,
    named: Option<Named<'_>>,
) -> Option<Response> {
    let asking = serde_json::from_slice::<Asking>(body).ok()?;
    let name = named.and_then(|named| named(&asking.query));
    let number: usize = header(request, "x-user")?.parse().ok()?;
    let session = known.sessions.get(number)?.clone();
    let asked = arrival(&known.app.parts, request);
    let mut graphql = Request::new(asking.query).variables(Variables::from_json(asking.variables));
    if let Some(name) = name {
        graphql = graphql.operation_name(name);
    }
    Some(execute(&known.app, graphql, Some(session), asked).await.0)
}

fn written<T: serde::Serialize>(answer: &T) -> HttpResponse {
    match serde_json::to_vec(answer) {
        Ok(body) => HttpResponse::Ok().content_type("application/json").body(body),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
