//! `demo`: everything on this machine, with made-up data: PostgreSQL, Redis, a mail catcher, worker, server.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use tokio::sync::watch;
use trellis_infra::auth::{Passwords, SigningKeys};
use trellis_infra::local::{LocalOptions, LocalServers, discard};
use trellis_infra::mail::{MailCatcher, Mailer};
use trellis_infra::pg::{PgStore, StoreOptions, migrate};
use trellis_infra::seal::Keyring;

use super::{Failure, run, start};
use crate::app::{App, Ground};
use crate::config::Config;
use crate::demo;
use crate::http::mailbox::DemoMailbox;
use crate::http::source::Proxies;
use crate::http::{Serving, serve};

#[derive(Debug, Args)]
pub struct Demo {
    /// Start over with a new region
    #[arg(long)]
    fresh: bool,
    /// What the region is thrown from: the same seed gives the same people and stories
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print where everything is, and who can sign in, as JSON
    #[arg(long)]
    json: bool,
}

pub(super) const DATABASE: &str = "trellis";
pub(super) const KEYRING: &str = "keyring.json";
const PERSONAS: &str = "personas.json";

pub async fn run(args: Demo) -> Result<(), Failure> {
    start::log();
    let config = Config::read().map_err(Failure::not_ready)?;
    let stop = start::patient_stop_signal()?;
    let listener = TcpListener::bind(&config.http_addr).map_err(|error| {
        Failure::not_ready(format!(
            "cannot listen at {}: {error}; set TRELLIS_HTTP_ADDR to another port",
            config.http_addr
        ))
    })?;
    let address = listener.local_addr()?;
    let state = config.state_dir.clone();
    let personas = state.join(PERSONAS);
    if args.fresh || !personas.exists() {
        start_over(&state).await?;
    }
    std::fs::create_dir_all(&state).context("make the folder for the demo's state")?;
    let servers = local(&state).await?;
    let ended = in_the_house(&args, &config, (listener, address), &servers, stop).await;
    tokio::task::spawn_blocking(move || servers.stop()).await?.map_err(Failure::not_ready)?;
    ended
}

/// Removes what an earlier demo, or one that was interrupted while it loaded, has left.
async fn start_over(state: &Path) -> Result<(), Failure> {
    if !state.exists() {
        return Ok(());
    }
    let old = state.to_owned();
    // a crash may have left servers running on what is about to be deleted
    tokio::task::spawn_blocking(move || discard(&old)).await?.map_err(Failure::not_ready)?;
    std::fs::remove_dir_all(state).context("delete the state of the last demo")?;
    Ok(())
}

async fn local(state: &Path) -> Result<LocalServers, Failure> {
    let options = LocalOptions::kept_in(state);
    let started = tokio::task::spawn_blocking(move || LocalServers::start(&options, &|line| say(line)));
    started.await?.map_err(Failure::not_ready)
}

fn say(line: &str) {
    eprintln!("{line}");
}

async fn in_the_house(
    args: &Demo,
    config: &Config,
    (listener, address): (TcpListener, SocketAddr),
    servers: &LocalServers,
    stop: watch::Receiver<bool>,
) -> Result<(), Failure> {
    let url = reached_at(config, address);
    let app = built(config, servers, &url).await?;
    let (catcher, smtp) = MailCatcher::start(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let house = region(args, config, (&app, servers), &url).await?;
    let worker = app.worker(Mailer::new(&format!("smtp://{smtp}"))?, &url, &config.mail_from)?;
    let working = tokio::spawn({
        let stop = stop.clone();
        async move { worker.run(stop).await }
    });
    let serving = Serving {
        public_url: url.clone(),
        secure: false,
        help_phone: config.help_phone.clone(),
        help_hours: config.help_hours.clone(),
        explorer: true,
        proxies: Proxies::default(),
        mailbox: Some(DemoMailbox(Arc::new(catcher))),
        workers: 2,
    };
    let (server, _) = serve(app, serving, listener)?;
    if args.json {
        run::print(&format!("{}\n", serde_json::to_string_pretty(&house)?))?;
    } else {
        say(&house.to_string());
    }
    let (handle, mut stopped) = (server.handle(), stop);
    tokio::spawn(async move {
        let _ = stopped.wait_for(|stop| *stop).await;
        handle.stop(true).await;
    });
    server.await?;
    working.await?;
    Ok(())
}

/// Where the listener is, unless somebody has said how it is called: `localhost`, say, for which a browser keeps passkeys.
fn reached_at(config: &Config, address: SocketAddr) -> String {
    let usual = format!("http://{}", config.http_addr);
    if config.public_url == usual { format!("http://{address}") } else { config.public_url.clone() }
}

/// The made-up region, loaded once. Its commits do not wait for the disk one by one: an interrupted load is
/// started over, and the last write of it waits for all before.
async fn region(
    args: &Demo,
    config: &Config,
    (app, servers): (&App, &LocalServers),
    url: &str,
) -> Result<demo::PersonasFile, Failure> {
    let dsn = servers.postgres().dsn("trellis_app", DATABASE);
    let options = StoreOptions {
        url: format!("{dsn} options='-c synchronous_commit=off'"),
        connections: 4,
        waiting: config.waiting,
    };
    let keyring = Arc::new(Keyring::load_or_generate(&config.state_dir.join(KEYRING))?);
    let store = PgStore::open(&options, keyring, Arc::new(|_, _| ()))?;
    let parts = demo::DemoParts {
        store: &store,
        platform: &app.parts.platform,
        passwords: &Passwords::new(2, 64)?,
        now: app.parts.clock.now(),
    };
    let options = demo::DemoOptions {
        seed: args.seed,
        personas_file: config.state_dir.join(PERSONAS),
        addresses: demo::Addresses {
            url: url.to_owned(),
            graphql: format!("{url}/graphql"),
            mailbox: format!("{url}/demo/mailbox"),
        },
    };
    Ok(demo::run(&parts, &options, &say).await?)
}

async fn built(config: &Config, servers: &LocalServers, url: &str) -> Result<App, Failure> {
    let postgres = servers.postgres();
    let dsn = |role: &str| postgres.dsn(role, DATABASE);
    let (maintenance, owner) = (postgres.dsn(postgres.owner(), "postgres"), dsn(postgres.owner()));
    tokio::task::spawn_blocking(move || {
        trellis_infra::pg::create_database(&maintenance, DATABASE)?;
        migrate(&owner)
    })
    .await?
    .map_err(Failure::not_ready)?;
    let (clock, ids) = Ground::real();
    let ground = Ground {
        app_url: dsn("trellis_app"),
        platform_url: dsn("trellis_platform"),
        redis_url: servers.redis_socket().map(|socket| format!("redis+unix://{}", socket.display())),
        connections: config.connections,
        waiting: config.waiting,
        keyring: Arc::new(Keyring::load_or_generate(&config.state_dir.join(KEYRING))?),
        signing_keys: SigningKeys::load_or_generate(
            &config.state_dir.join("signing-keys.json"),
            clock.now(),
        )?,
        issuer: url.to_owned(),
        clock,
        ids,
        explorer: true,
        local_providers: true,
    };
    Ok(App::build(ground)?)
}
