//! The port for rate limits, and the rule behind both of its implementations: the generic cell rate algorithm,
//! which keeps one instant a key (when the bucket will be full again) and takes time as an input.

use std::time::Duration;

use async_trait::async_trait;
use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

const MICROS: i64 = 1_000_000;

/// So many acts at once, and as many again spread evenly over the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    count: u32,
    seconds: u32,
}

impl Limit {
    pub const fn per_seconds(count: u32, seconds: u32) -> Self {
        Self { count, seconds }
    }

    pub const fn per_minute(count: u32) -> Self {
        Self::per_seconds(count, 60)
    }

    pub const fn per_hour(count: u32) -> Self {
        Self::per_seconds(count, 3600)
    }

    /// The time one act costs, in microseconds.
    pub(super) fn interval(self) -> i64 {
        (i64::from(self.seconds.max(1)) * MICROS / i64::from(self.count.max(1))).max(1)
    }

    /// The time a full bucket is worth, in microseconds.
    pub(super) fn window(self) -> i64 {
        self.interval().saturating_mul(i64::from(self.count.max(1)))
    }
}

/// What is counted: an action and whoever or whatever it is counted for. The latter is digested here,
/// because addresses and account names have no place in Redis.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LimitKey(String);

impl LimitKey {
    pub fn new(action: &'static str, parts: &[&str]) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        for part in parts {
            // The length keeps ("ab", "c") apart from ("a", "bc").
            context.update(&part.len().to_le_bytes());
            context.update(part.as_bytes());
        }
        Self(format!("{action}:{}", URL_SAFE_NO_PAD.encode(context.finish())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Allowed,
    Limited { retry_after: Duration },
}

impl Verdict {
    pub(super) fn wait_micros(wait: i64) -> Self {
        match u64::try_from(wait) {
            Ok(wait) if wait > 0 => Self::Limited { retry_after: Duration::from_micros(wait) },
            _ => Self::Allowed,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum LimiterError {
    #[error("redis did not count the attempt")]
    Unavailable(#[source] redis::RedisError),
}

#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Counts one act if it is allowed; a refused act costs nothing.
    async fn check(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<Verdict, LimiterError>;

    /// Takes back one act that was counted, because it turned out not to be of the kind that is limited.
    async fn give_back(&self, key: &LimitKey, limit: Limit) -> Result<(), LimiterError>;
}

/// The rule itself; the Lua text in `redis_limiter` says the same. Returns how long to wait, or the new
/// instant to keep. A kept instant further off than a full window comes from a clock set back: it is cut, or
/// everyone would be locked out until the old time returns.
pub(super) fn decide(kept: Option<i64>, limit: Limit, now: i64) -> Result<i64, i64> {
    let (interval, window) = (limit.interval(), limit.window());
    let start = kept.unwrap_or(now).clamp(now, now.saturating_add(window));
    let next = start.saturating_add(interval);
    let wait = next.saturating_sub(window).saturating_sub(now);
    if wait > 0 { Err(wait) } else { Ok(next) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_not_show_whom_they_count() {
        let key = LimitKey::new("sign-in", &["jo.park@example.org", "192.0.2.1"]);
        assert!(key.as_str().starts_with("sign-in:") && !key.as_str().contains("jo"), "{key:?}");
        assert_ne!(LimitKey::new("a", &["ab", "c"]), LimitKey::new("a", &["a", "bc"]));
        assert_ne!(LimitKey::new("a", &["x"]), LimitKey::new("b", &["x"]));
    }

    #[test]
    fn a_limit_of_nothing_is_read_as_one() {
        assert_eq!(Limit::per_seconds(0, 0), Limit { count: 0, seconds: 0 });
        assert_eq!(Limit::per_seconds(0, 0).window(), MICROS);
        assert_eq!(decide(None, Limit::per_seconds(0, 0), 5), Ok(5 + MICROS));
    }
}
