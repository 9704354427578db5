//! What the app is put together from. `app` makes it, once; nothing is looked up anywhere else.

use std::sync::Arc;

use trellis_domain::kernel::{Clock, IdSource};
use trellis_infra::auth::AccessTokens;
use trellis_infra::pg::PgStore;
use trellis_infra::pg::platform::PlatformStore;
use trellis_infra::redis::{Broadcast, ResilientLimiter};

/// Shared by all requests.
pub struct Parts {
    pub store: PgStore,
    pub platform: PlatformStore,
    pub tokens: AccessTokens,
    pub limiter: Arc<ResilientLimiter>,
    pub broadcast: Arc<dyn Broadcast>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdSource>,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}
