//! The real server on a port of its own, over a small world, with the clock standing still.

use std::net::TcpListener;
use std::sync::Arc;

use anyhow::Context;
use trellis_api::app::{App, Ground};
use trellis_api::http::{Serving, serve};
use trellis_domain::kernel::Clock;
use trellis_infra::auth::SigningKeys;
use trellis_infra::pg::platform::claims_of;

use crate::gql::Client;
use crate::world::{Persona, Region, World};

/// A server and what it serves. It ends with the test's process.
pub struct Served {
    pub world: World,
    pub app: App,
    pub url: String,
}

impl Served {
    pub async fn new() -> anyhow::Result<Self> {
        Self::changed(|_, _| ()).await
    }

    /// With something about it that is not as usual.
    pub async fn changed(change: impl FnOnce(&mut Ground, &mut Serving)) -> anyhow::Result<Self> {
        let world = World::new().await?;
        let listener = TcpListener::bind("127.0.0.1:0").context("bind a port")?;
        let url = format!("http://{}", listener.local_addr()?);
        let mut ground = Ground {
            app_url: world.database.app_url(),
            platform_url: world.database.platform_url(),
            redis_url: None,
            connections: 4,
            waiting: 256,
            keyring: Arc::clone(&world.keyring),
            signing_keys: SigningKeys::generate(world.clock.now())?,
            issuer: url.clone(),
            clock: world.clock.clone(),
            ids: Arc::clone(&world.ids),
            explorer: true,
            local_providers: true,
        };
        let mut serving = Serving {
            public_url: url.clone(),
            secure: false,
            help_phone: "01632 960 001".into(),
            help_hours: "9am to 5pm, Monday to Friday".into(),
            explorer: true,
            proxies: trellis_api::http::source::Proxies::default(),
            mailbox: None,
            workers: 1,
        };
        change(&mut ground, &mut serving);
        let app = App::build(ground)?;
        let (server, _) = serve(app.clone(), serving, listener)?;
        tokio::spawn(server);
        Ok(Self { world, app, url })
    }

    /// With a network in it.
    pub async fn with_region() -> anyhow::Result<(Self, Region)> {
        let served = Self::new().await?;
        let region = served.world.region("north-vale").await?;
        Ok((served, region))
    }

    /// Somebody's client, with an access token as signing in would give it.
    pub fn client(&self, persona: &Persona) -> anyhow::Result<Client> {
        let now = self.app.parts.clock.now();
        let (token, _) = self.app.parts.tokens.issue(&claims_of(&persona.session), now)?;
        Ok(Client::new(&self.url, Some(token)))
    }

    /// How many audit entries with this result there are.
    pub async fn audited(&self, result: &str) -> anyhow::Result<i64> {
        let owner = self.world.database.connect_as_owner().await?;
        Ok(owner.query_one("SELECT count(*) FROM audit_entries WHERE result = $1", &[&result]).await?.get(0))
    }
}
