//! The one composition root: everything the server, the worker and the demo stand on is put together here, once.

use std::sync::Arc;

use trellis_domain::kernel::{Clock, IdSource, NetworkId, OrganisationId, TypedId};
use trellis_infra::auth::{AccessTokens, Passkeys, Passwords, SigningKeys};
use trellis_infra::mail::Mailer;
use trellis_infra::pg::platform::{Guards, PlatformStore};
use trellis_infra::pg::store::Changed;
use trellis_infra::pg::{PgStore, StoreOptions};
use trellis_infra::redis::{
    Broadcast, LocalBroadcast, RedisBroadcast, RedisLimiter, RedisLink, ResilientLimiter,
};
use trellis_infra::seal::Keyring;
use trellis_infra::sso::SingleSignOn;
use trellis_infra::system::{SystemClock, SystemIds};
use trellis_infra::worker::{Worker, WorkerOptions, WorkerParts};

use crate::graphql::schema::{self, TrellisSchema};
use crate::parts::Parts;

/// Hashes at once, and sign-ins that may wait for one.
const HASHING: (usize, usize) = (2, 64);

/// Where an app finds its stores, and what it is made of. Tests put in their own clock and ids.
pub struct Ground {
    pub app_url: String,
    pub platform_url: String,
    pub redis_url: Option<String>,
    pub connections: usize,
    pub waiting: usize,
    pub keyring: Arc<Keyring>,
    pub signing_keys: SigningKeys,
    pub issuer: String,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdSource>,
    /// Introspection and the explorer.
    pub explorer: bool,
    /// Identity providers on this machine may be asked without TLS.
    pub local_providers: bool,
}

impl Ground {
    /// The machine's own time and randomness.
    pub fn real() -> (Arc<dyn Clock>, Arc<dyn IdSource>) {
        (Arc::new(SystemClock), Arc::new(SystemIds))
    }
}

/// A running system, without its server.
#[derive(Clone)]
pub struct App {
    pub parts: Arc<Parts>,
    pub schema: TrellisSchema,
    pub redis: Option<RedisLink>,
    platform_url: String,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

/// The channel on which changes of one organisation's lists are told.
pub fn worklist_channel(network: NetworkId, organisation: OrganisationId) -> String {
    format!("worklist:{}:{}", network.uuid().simple(), organisation.uuid().simple())
}

impl App {
    /// Must be called on a multi-threaded runtime.
    pub fn build(ground: Ground) -> anyhow::Result<Self> {
        let redis = ground.redis_url.as_deref().map(|url| RedisLink::open(url, "trellis")).transpose()?;
        let (limiter, broadcast): (ResilientLimiter, Arc<dyn Broadcast>) = match &redis {
            Some(link) => (
                ResilientLimiter::new(Arc::new(RedisLimiter::new(link.clone()))),
                Arc::new(RedisBroadcast::new(link.clone())),
            ),
            None => (ResilientLimiter::alone(), Arc::new(LocalBroadcast::new())),
        };
        let limiter = Arc::new(limiter);
        let options = |url: &str| StoreOptions {
            url: url.to_owned(),
            connections: ground.connections,
            waiting: ground.waiting,
        };
        let store = PgStore::open(&options(&ground.app_url), Arc::clone(&ground.keyring), tell(&broadcast))?;
        let guards = Guards {
            passwords: Arc::new(Passwords::new(HASHING.0, HASHING.1)?),
            limiter: Arc::clone(&limiter),
            ids: Arc::clone(&ground.ids),
            keyring: Arc::clone(&ground.keyring),
        };
        let parts = Arc::new(Parts {
            store,
            platform: PlatformStore::open(&options(&ground.platform_url), guards)?
                .with_passkeys(Passkeys::at(&ground.issuer)),
            sso: SingleSignOn::new(ground.local_providers)?,
            public_url: ground.issuer.clone(),
            tokens: AccessTokens::new(&ground.signing_keys, &ground.issuer, "trellis"),
            limiter,
            broadcast,
            clock: ground.clock,
            ids: ground.ids,
        });
        let schema = schema::build(ground.explorer);
        Ok(Self { parts, schema, redis, platform_url: ground.platform_url })
    }

    pub fn worker(&self, mailer: Mailer, public_url: &str, from: &str) -> anyhow::Result<Worker> {
        let parts = WorkerParts {
            platform: self.parts.platform.clone(),
            store: self.parts.store.clone(),
            mailer,
            clock: Arc::clone(&self.parts.clock),
            ids: Arc::clone(&self.parts.ids),
        };
        let options = WorkerOptions {
            public_url: public_url.to_owned(),
            from: from.to_owned(),
            database_url: self.platform_url.clone(),
            poll: std::time::Duration::from_secs(10),
        };
        Ok(Worker::new(parts, options)?)
    }
}

/// After a commit, whoever watches a worklist of the organisations touched is told to look again.
fn tell(broadcast: &Arc<dyn Broadcast>) -> Changed {
    let runtime = tokio::runtime::Handle::current();
    let broadcast = Arc::clone(broadcast);
    Arc::new(move |network, organisations| {
        for organisation in organisations {
            let (broadcast, channel) = (Arc::clone(&broadcast), worklist_channel(network, *organisation));
            runtime.spawn(async move { broadcast.publish(&channel, b"changed").await });
        }
    })
}
