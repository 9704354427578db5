//! `serve` and `worker`: the same binary, configured from outside.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::Server;
use trellis_admin_ui::chrome::HelpLine;
use trellis_infra::mail::Mailer;

use super::watch_keys::{self, KeyFile};
use super::{Failure, footing, start};
use crate::app::App;
use crate::config::Config;
use crate::http::operator::{Desk, serve_operator};
use crate::http::{Serving, serve};

/// `config check`
pub fn check() -> Result<(), Failure> {
    let config = Config::read().map_err(Failure::not_ready)?;
    config.check().map_err(Failure::not_ready)?;
    eprintln!("the configuration is complete");
    Ok(())
}

pub async fn run() -> Result<(), Failure> {
    start::log();
    let config = Config::read().map_err(Failure::not_ready)?;
    let ground = footing::laid(&config).await?;
    let (keyring, in_use) = (Arc::clone(&ground.keyring), ground.signing_keys.times());
    let app = App::build(ground)?;
    let listener = TcpListener::bind(&config.http_addr)
        .map_err(|error| Failure::not_ready(format!("cannot listen at {}: {error}", config.http_addr)))?;
    let serving = Serving {
        public_url: config.public_url.clone(),
        secure: config.is_secure(),
        help_phone: config.help_phone.clone(),
        help_hours: config.help_hours.clone(),
        explorer: config.explorer,
        proxies: config.proxies().map_err(Failure::usage)?,
        mailbox: None,
        workers: std::thread::available_parallelism().map_or(2, usize::from),
    };
    if let Some(path) = config.signing_keys_file.clone() {
        watch_keys::watch(Arc::clone(&app.parts), KeyFile { path, keyring }, in_use)?;
    }
    let operator = operator(&config, &app)?;
    let (server, address) = serve(app, serving, listener)?;
    tracing::info!(http.address = %address, "ready");
    let mut stop = start::stop_signal()?;
    let handle = server.handle();
    tokio::spawn(async move {
        let _ = stop.wait_for(|stop| *stop).await;
        handle.stop(true).await;
    });
    match operator {
        // It ends with the server, and holds it up in nothing.
        Some(operator) => {
            let handle = operator.handle();
            tokio::spawn(operator);
            server.await?;
            handle.stop(false).await;
        }
        None => server.await?,
    }
    Ok(())
}

/// The operator's page, where it is wanted.
fn operator(config: &Config, app: &App) -> Result<Option<Server>, Failure> {
    let Some(address) = &config.operator_addr else { return Ok(None) };
    let listener = TcpListener::bind(address)
        .map_err(|error| Failure::not_ready(format!("cannot listen at {address}: {error}")))?;
    let mailer = Mailer::new(config.smtp_url.as_deref().unwrap_or_default())?;
    let help = HelpLine { phone: config.help_phone.clone(), hours: config.help_hours.clone() };
    Ok(Some(serve_operator(Desk { app: app.clone(), mailer, help }, listener)?))
}

pub async fn run_worker() -> Result<(), Failure> {
    start::log();
    let config = Config::read().map_err(Failure::not_ready)?;
    let app = App::build(footing::laid(&config).await?)?;
    let mailer = Mailer::new(config.smtp_url.as_deref().unwrap_or_default())
        .map_err(|error| Failure::not_ready(format!("TRELLIS_SMTP_URL: {error}")))?;
    let worker = app.worker(mailer, &config.public_url, &config.mail_from)?;
    worker.run(start::stop_signal()?).await;
    Ok(())
}
