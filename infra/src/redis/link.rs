//! The connection to Redis: opened without waiting for it, renewed in the background with bounded
//! retries and time-outs. It owns how keys are named; it refuses to fall back, which its users decide.

use std::time::Duration;

use redis::Client;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};

const CONNECT_WITHIN: Duration = Duration::from_secs(1);
const ANSWER_WITHIN: Duration = Duration::from_millis(500);
const LONGEST_DELAY: Duration = Duration::from_secs(1);
const RETRIES: usize = 2;

#[derive(Debug, thiserror::Error)]
pub enum RedisLinkError {
    #[error("redis address is not valid: redis://host:6379/ or redis+unix:///path")]
    Address(#[source] redis::RedisError),
    #[error("redis namespace may have small letters, digits and dashes only")]
    Namespace,
}

/// Cheap to clone: all clones share one connection.
#[derive(Clone)]
pub struct RedisLink {
    pub(super) client: Client,
    pub(super) manager: ConnectionManager,
    namespace: String,
}

impl RedisLink {
    /// Whether an address could be one at all; nothing is connected.
    pub fn check(url: &str) -> Result<(), RedisLinkError> {
        Client::open(url).map(|_| ()).map_err(RedisLinkError::Address)
    }

    /// `url`: `redis://host:port/` or `redis+unix:///path`. `namespace` keeps two installations on one
    /// server apart. Must be called on a tokio runtime; a server that is away does not fail it.
    pub fn open(url: &str, namespace: &str) -> Result<Self, RedisLinkError> {
        let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if namespace.is_empty() || !namespace.chars().all(allowed) {
            return Err(RedisLinkError::Namespace);
        }
        let client = Client::open(url).map_err(RedisLinkError::Address)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECT_WITHIN))
            .set_response_timeout(Some(ANSWER_WITHIN))
            .set_number_of_retries(RETRIES)
            .set_max_delay(LONGEST_DELAY);
        let manager = ConnectionManager::new_lazy_with_config(client.clone(), config)
            .map_err(RedisLinkError::Address)?;
        let link = Self { client, manager, namespace: namespace.to_owned() };
        // Connects now rather than on the first sign-in, without making the start wait.
        let first = link.clone();
        tokio::spawn(async move { first.answers().await });
        Ok(link)
    }

    /// For readiness pages: the server answered a ping.
    pub async fn answers(&self) -> bool {
        let mut connection = self.manager.clone();
        redis::cmd("PING").query_async::<String>(&mut connection).await.is_ok()
    }

    pub(super) fn name(&self, kind: &str, rest: &str) -> String {
        format!("{}:{kind}:{rest}", self.namespace)
    }
}

impl std::fmt::Debug for RedisLink {
    /// The address may hold a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("RedisLink").field("namespace", &self.namespace).finish_non_exhaustive()
    }
}
