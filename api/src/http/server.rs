//! The server itself: what is mounted where, and how it ends.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App as Actix, HttpServer, guard as route_guard};
use trellis_admin_ui::chrome::HelpLine;
use trellis_admin_ui::executor::{Executor, House as PageHouse};

use super::arrival::announce;
use super::executor::{InProcess, shared};
use super::explorer::{self, Explorer};
use super::guard::{House, guard};
use super::mailbox::{self, DemoMailbox};
use super::source::Proxies;
use super::{branding, graphql, health, keys};
use crate::app::App;

/// How long requests under way may take to end after a signal, in seconds.
const GRACE: u64 = 25;

/// What the server is told besides the app.
#[derive(Clone)]
pub struct Serving {
    pub public_url: String,
    pub secure: bool,
    pub help_phone: String,
    pub help_hours: String,
    pub explorer: bool,
    pub proxies: Proxies,
    pub mailbox: Option<DemoMailbox>,
    pub workers: usize,
}

/// Starts to serve on a listener that is bound already, and returns at once.
pub fn serve(app: App, serving: Serving, listener: TcpListener) -> std::io::Result<(Server, SocketAddr)> {
    let address = listener.local_addr()?;
    let house = Data::new(House { origin: origin(&serving.public_url), secure: serving.secure });
    let executor: Data<dyn Executor> = Data::from(executor(&app, &serving));
    let (app, explorer) = (Data::new(app), Data::new(Explorer(serving.explorer)));
    let demo = Data::new(serving.mailbox.clone());
    let proxies = Data::new(serving.proxies.clone());
    let server = HttpServer::new(move || {
        Actix::new()
            .app_data(app.clone())
            .app_data(house.clone())
            .app_data(explorer.clone())
            .app_data(demo.clone())
            .app_data(proxies.clone())
            .app_data(executor.clone())
            .app_data(web::PayloadConfig::new(graphql::LARGEST_BODY))
            .app_data(web::FormConfig::default().limit(graphql::LARGEST_BODY))
            .wrap(from_fn(announce))
            .wrap(from_fn(guard))
            .configure(mount)
            // Last: the pages answer every address that is left, if only with "not found". They alone are compressed:
            // the length of a compressed answer tells of what is in it, and the API's answers hold tokens.
            .service(web::scope("").wrap(Compress::default()).configure(trellis_admin_ui::routes::routes))
    })
    .workers(serving.workers)
    .shutdown_timeout(GRACE)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok((server, address))
}

fn mount(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/graphql")
                .route(web::get().guard(route_guard::Header("upgrade", "websocket")).to(graphql::socket))
                .route(web::get().to(graphql::get))
                .route(web::post().to(graphql::post)),
        )
        .route("/graphiql", web::get().to(explorer::page))
        .route("/.well-known/jwks.json", web::get().to(keys::published))
        .route("/branding/{digest}.png", web::get().to(branding::logo))
        .route("/branding/{colour}.css", web::get().to(branding::colour))
        .route("/healthz", web::get().to(health::live))
        .route("/livez", web::get().to(health::live))
        .route("/readyz", web::get().to(health::ready))
        .route("/demo/mailbox.json", web::get().to(mailbox::as_json));
}

fn executor(app: &App, serving: &Serving) -> Arc<dyn Executor> {
    let house = PageHouse {
        help: HelpLine { phone: serving.help_phone.clone(), hours: serving.help_hours.clone() },
        demo: serving.mailbox.is_some(),
        secure: serving.secure,
    };
    shared(InProcess { app: app.clone(), house, mailbox: serving.mailbox.clone() })
}

/// Scheme, host and port of an address, as browsers write it.
fn origin(url: &str) -> String {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let end =
        url.get(after_scheme..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| after_scheme + at);
    url.get(..end).unwrap_or(url).to_owned()
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(origin("https://trellis.example.org/x"), "https://trellis.example.org");
        assert_eq!(origin("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
    }
}
