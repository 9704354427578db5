//! The operator's page, on a listener of its own that only this machine reaches (ADR 12). It looks and changes nothing. A page
//! of another site that calls this machine by a name of its own is answered nothing: the host must be the machine itself.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::http::StatusCode;
use actix_web::http::header::HOST;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, Query};
use actix_web::{App as Actix, HttpRequest, HttpResponse, HttpServer};
use serde::Deserialize;
use trellis_admin_ui::chrome::{Chrome, HelpLine};
use trellis_admin_ui::pages::answer;
use trellis_admin_ui::pages::instance::{Instance, NetworkRow};
use trellis_admin_ui::parts::{Empty, Pagination, Tag, Tone};
use trellis_infra::mail::Mailer;
use trellis_infra::pg::platform::NetworkLine;

use super::guard::{House, guard};
use crate::app::App;
use crate::status::Told;

const A_PAGE: u16 = 50;

/// What the page stands on.
pub struct Desk {
    pub app: App,
    pub mailer: Mailer,
    pub help: HelpLine,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    after: String,
}

/// On a listener that is bound already.
pub fn serve_operator(desk: Desk, listener: TcpListener) -> std::io::Result<Server> {
    let origin = format!("http://{}", listener.local_addr()?);
    let house = Data::new(House { origin, secure: false });
    let desk = Data::from(Arc::new(desk));
    let server = HttpServer::new(move || {
        Actix::new()
            .app_data(house.clone())
            .app_data(desk.clone())
            .wrap(from_fn(guard))
            .configure(trellis_admin_ui::assets::routes)
            .route("/", web::get().to(page))
            .route("/status.json", web::get().to(document))
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

/// `localhost`, `127.0.0.1` and `[::1]`, with any port: what a browser on this machine is told to open. Read from `Host` alone,
/// which no page can set; what a proxy says of it counts for nothing here.
fn is_this_machine(request: &HttpRequest) -> bool {
    let host = request.headers().get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').filter(|(_, port)| port.chars().all(|c| c.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

async fn document(desk: Data<Desk>, request: HttpRequest) -> HttpResponse {
    if !is_this_machine(&request) {
        return HttpResponse::NotFound().finish();
    }
    match Told::look(&desk.app, &desk.mailer).await {
        Ok(told) => HttpResponse::Ok().json(told.document()),
        Err(_) => HttpResponse::ServiceUnavailable().json(serde_json::json!({ "database": false })),
    }
}

async fn page(desk: Data<Desk>, request: HttpRequest, asked: Query<Asked>) -> HttpResponse {
    if !is_this_machine(&request) {
        return HttpResponse::NotFound().finish();
    }
    let looked = Told::look(&desk.app, &desk.mailer).await;
    let lines = desk.app.parts.platform.network_lines(&asked.after, A_PAGE + 1).await;
    let (Ok(told), Ok(lines)) = (looked, lines) else {
        return answer(StatusCode::SERVICE_UNAVAILABLE, &away(&desk));
    };
    answer(StatusCode::OK, &drawn(&desk, &told, (lines, &asked.after)))
}

fn stands(up: bool) -> Tag {
    if up { Tag::new("Answers", Tone::Good) } else { Tag::new("Away", Tone::Bad) }
}

/// The database does not answer: that is all that is known.
fn away(desk: &Desk) -> Instance {
    Instance {
        chrome: Chrome::signed_out(desk.help.clone(), false),
        health: vec![("Database".to_owned(), stands(false))],
        facts: Vec::new(),
        networks: Vec::new(),
        pagination: Pagination::default(),
        empty: Some(Empty {
            why: "The database does not answer, so nothing else is known.".to_owned(),
            href: None,
            action: String::new(),
        }),
    }
}

fn drawn(desk: &Desk, told: &Told, (mut lines, after): (Vec<NetworkLine>, &str)) -> Instance {
    let more = lines.len() > usize::from(A_PAGE);
    lines.truncate(usize::from(A_PAGE));
    let next = lines.last().filter(|_| more).map(|line| format!("/?after={}", line.slug));
    let counted = format!("{} networks", lines.len());
    let redis = told.redis.map_or_else(|| Tag::new("Not configured", Tone::Waiting), stands);
    Instance {
        chrome: Chrome::signed_out(desk.help.clone(), false),
        health: vec![
            ("Database".to_owned(), stands(true)),
            ("Redis".to_owned(), redis),
            ("Mail server".to_owned(), stands(told.mail)),
        ],
        facts: told.facts(),
        pagination: Pagination {
            summary: if more { format!("Showing {counted} of more") } else { counted },
            previous: (!after.is_empty()).then(|| "/".to_owned()),
            pages: Vec::new(),
            next,
        },
        empty: lines.is_empty().then(|| Empty {
            why: "There is no network yet. Make one with: trellis network create".to_owned(),
            href: None,
            action: String::new(),
        }),
        networks: lines.into_iter().map(row).collect(),
    }
}

fn row(line: NetworkLine) -> NetworkRow {
    let coordinators = match line.coordinators {
        0 if line.closed_at.is_some() => Tag::new("None", Tone::Plain),
        0 => Tag::new("None: trellis network invite", Tone::Bad),
        some => Tag::new(some.to_string(), Tone::Good),
    };
    let state = match (line.closed_at.is_some(), line.suspended_at.is_some()) {
        (true, _) => " (closed)",
        (false, true) => " (suspended)",
        (false, false) => "",
    };
    NetworkRow {
        name: format!("{}{state}", line.name),
        slug: line.slug,
        organisations: line.organisations.to_string(),
        coordinators,
        queued: line.queued_messages.to_string(),
    }
}
