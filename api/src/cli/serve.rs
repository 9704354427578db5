//! `serve` and `worker`: the same binary, configured from outside.

use std::net::TcpListener;
use std::sync::Arc;

use trellis_infra::auth::SigningKeys;
use trellis_infra::mail::Mailer;
use trellis_infra::pg::check_schema;
use trellis_infra::seal::Keyring;

use super::{Failure, start};
use crate::app::{App, Ground};
use crate::config::Config;
use crate::http::{Serving, serve};

/// `config check`
pub fn check() -> Result<(), Failure> {
    let config = Config::read().map_err(Failure::not_ready)?;
    config.check().map_err(Failure::not_ready)?;
    eprintln!("the configuration is complete");
    Ok(())
}

fn configured() -> Result<Config, Failure> {
    let config = Config::read().map_err(Failure::not_ready)?;
    config.check().map_err(Failure::not_ready)?;
    Ok(config)
}

/// Refuses to start on keys that do not load, a database that does not answer, and a schema of another version.
async fn built(config: &Config) -> Result<App, Failure> {
    let needed = |value: &Option<String>| value.clone().unwrap_or_default();
    let (clock, ids) = Ground::real();
    let keyring = config.keyring_file.as_deref().unwrap_or_else(|| std::path::Path::new(""));
    let signing = config.signing_keys_file.as_deref().unwrap_or_else(|| std::path::Path::new(""));
    let ground = Ground {
        app_url: needed(&config.database_url),
        platform_url: needed(&config.platform_database_url),
        redis_url: config.redis_url.clone(),
        connections: config.connections,
        waiting: config.waiting,
        keyring: Arc::new(
            Keyring::load(keyring)
                .map_err(|error| Failure::not_ready(format!("TRELLIS_KEYRING_FILE: {error}")))?,
        ),
        signing_keys: SigningKeys::load(signing)
            .map_err(|error| Failure::not_ready(format!("TRELLIS_SIGNING_KEYS_FILE: {error}")))?,
        issuer: config.public_url.clone(),
        clock,
        ids,
        explorer: config.explorer,
    };
    let url = ground.platform_url.clone();
    let fits = tokio::task::spawn_blocking(move || check_schema(&url)).await?;
    fits.map_err(Failure::not_ready)?;
    Ok(App::build(ground)?)
}

pub async fn run() -> Result<(), Failure> {
    start::log();
    let config = configured()?;
    let app = built(&config).await?;
    let listener = TcpListener::bind(&config.http_addr)
        .map_err(|error| Failure::not_ready(format!("cannot listen at {}: {error}", config.http_addr)))?;
    let serving = Serving {
        public_url: config.public_url.clone(),
        secure: config.is_secure(),
        help_phone: config.help_phone.clone(),
        help_hours: config.help_hours.clone(),
        explorer: config.explorer,
        mailbox: None,
        workers: std::thread::available_parallelism().map_or(2, usize::from),
    };
    let (server, address) = serve(app, serving, listener)?;
    tracing::info!(http.address = %address, "ready");
    let mut stop = start::stop_signal()?;
    let handle = server.handle();
    tokio::spawn(async move {
        let _ = stop.wait_for(|stop| *stop).await;
        handle.stop(true).await;
    });
    server.await?;
    Ok(())
}

pub async fn run_worker() -> Result<(), Failure> {
    start::log();
    let config = configured()?;
    let app = built(&config).await?;
    let mailer = Mailer::new(config.smtp_url.as_deref().unwrap_or_default())
        .map_err(|error| Failure::not_ready(format!("TRELLIS_SMTP_URL: {error}")))?;
    let worker = app.worker(mailer, &config.public_url, &config.mail_from)?;
    worker.run(start::stop_signal()?).await;
    Ok(())
}
