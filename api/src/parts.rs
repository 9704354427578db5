//! What the app is put together from. `app` makes it, once; nothing is looked up anywhere else.

use std::sync::Arc;

use trellis_domain::kernel::{Clock, IdSource};
use trellis_domain::sso::ShortName;
use trellis_infra::auth::AccessTokens;
use trellis_infra::pg::PgStore;
use trellis_infra::pg::platform::PlatformStore;
use trellis_infra::redis::{Broadcast, ResilientLimiter};
use trellis_infra::sso::SingleSignOn;

/// Shared by all requests.
pub struct Parts {
    pub store: PgStore,
    pub platform: PlatformStore,
    pub tokens: AccessTokens,
    pub sso: SingleSignOn,
    /// As people reach it, without a slash at its end.
    pub public_url: String,
    pub limiter: Arc<ResilientLimiter>,
    pub broadcast: Arc<dyn Broadcast>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdSource>,
}

impl Parts {
    /// Where a group asks to join a network.
    pub fn join_address(&self, slug: &str) -> String {
        format!("{}/join/{slug}", self.public_url)
    }

    /// Where a provider sends people back to.
    pub fn back_address(&self, short_name: &ShortName) -> String {
        format!("{}/sign-in/with/{}/callback", self.public_url, short_name.as_str())
    }
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}
