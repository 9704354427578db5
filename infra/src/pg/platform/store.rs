//! The platform's own lanes, as the role `trellis_platform`. One closure is one transaction here too;
//! what may be done in it is the business of the files beside this one.

use std::sync::Arc;

use diesel::connection::SimpleConnection;
use trellis_domain::kernel::{IdSource, StoreError};

use super::super::error::store_error;
use super::super::lanes::{Lanes, PgConn};
use super::super::store::StoreOptions;
use crate::auth::{Passkeys, Passwords};
use crate::redis::ResilientLimiter;
use crate::seal::Keyring;

/// What stands between a guess and an account, and what makes ids and opens links.
#[derive(Clone)]
pub struct Guards {
    pub passwords: Arc<Passwords>,
    pub limiter: Arc<ResilientLimiter>,
    pub ids: Arc<dyn IdSource>,
    pub keyring: Arc<Keyring>,
}

/// The platform's store.
#[derive(Clone)]
pub struct PlatformStore {
    lanes: Lanes,
    pub(super) guards: Guards,
    pub(super) passkeys: Arc<Passkeys>,
}

impl std::fmt::Debug for PlatformStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlatformStore").finish_non_exhaustive()
    }
}

impl PlatformStore {
    /// `options.url` names the role `trellis_platform`.
    pub fn open(options: &StoreOptions, guards: Guards) -> Result<Self, StoreError> {
        let lanes = Lanes::start(&options.url, options.connections, options.waiting)?;
        Ok(Self { lanes, guards, passkeys: Arc::new(Passkeys::at("")) })
    }

    /// Passkeys are bound to the address at which browsers reach us; without one there are none.
    #[must_use]
    pub fn with_passkeys(self, passkeys: Passkeys) -> Self {
        Self { passkeys: Arc::new(passkeys), ..self }
    }

    /// The database answers; for readiness pages.
    pub async fn answers(&self) -> Result<(), StoreError> {
        self.look(|conn| conn.batch_execute("SELECT 1").map_err(store_error)).await
    }

    /// One statement that needs no transaction of its own.
    pub(super) async fn look<T, E, F>(&self, look: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut PgConn) -> Result<T, E> + Send + 'static,
    {
        self.lanes.run(look).await
    }

    /// All of it or nothing.
    pub(super) async fn transact<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut PgConn) -> Result<T, E> + Send + 'static,
    {
        self.lanes
            .run(move |conn| {
                say(conn, "BEGIN")?;
                match work(conn) {
                    Ok(value) => {
                        say(conn, "COMMIT")?;
                        Ok(value)
                    }
                    Err(error) => {
                        say(conn, "ROLLBACK")?;
                        Err(error)
                    }
                }
            })
            .await
    }
}

fn say(conn: &mut PgConn, words: &str) -> Result<(), StoreError> {
    conn.batch_execute(words).map_err(store_error)
}
