//! Rate limits as the product uses them: shared through Redis when it answers in time, counted in this
//! process when it does not. Never open, and never everyone locked out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::timeout;

use super::limit::{Limit, LimitKey, RateLimiter, Verdict};
use super::local_limiter::LocalLimiter;

const PATIENCE: Duration = Duration::from_millis(100);
/// While Redis is away, one request in so many microseconds waits for it; the others do not.
const ASK_AGAIN_MICROS: i64 = 1_000_000;

pub struct ResilientLimiter {
    shared: Option<Arc<dyn RateLimiter>>,
    here: LocalLimiter,
    patience: Duration,
    away: AtomicBool,
    ask_again_at: AtomicI64,
}

impl ResilientLimiter {
    pub fn new(shared: Arc<dyn RateLimiter>) -> Self {
        Self { shared: Some(shared), ..Self::alone() }
    }

    /// One process without Redis.
    pub fn alone() -> Self {
        Self {
            shared: None,
            here: LocalLimiter::new(),
            patience: PATIENCE,
            away: AtomicBool::new(false),
            ask_again_at: AtomicI64::new(i64::MIN),
        }
    }

    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Limits are counted by this process only, although they should be shared.
    pub fn is_degraded(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }

    /// Nobody else counts with this process, for want of Redis or because it is away.
    pub fn counts_alone(&self) -> bool {
        self.shared.is_none() || self.is_degraded()
    }

    /// Takes back one act, here and in Redis. Best effort: what is not taken back only limits more.
    pub async fn give_back(&self, key: &LimitKey, limit: Limit) {
        self.here.uncount(key, limit);
        if let (Some(shared), false) = (&self.shared, self.is_degraded())
            && !matches!(timeout(self.patience, shared.give_back(key, limit)).await, Ok(Ok(())))
        {
            tracing::debug!("redis did not take back a count");
        }
    }

    /// What Redis allows is counted here too, so that its loss hands nobody a fresh allowance and its
    /// return does not either: both must agree.
    pub async fn check(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Verdict {
        match self.ask_shared(key, limit, now).await {
            Some(limited @ Verdict::Limited { .. }) => limited,
            Some(Verdict::Allowed) | None => self.here.count(key, limit, now),
        }
    }

    async fn ask_shared(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Option<Verdict> {
        let shared = self.shared.as_ref()?;
        let instant = now.as_microsecond();
        if self.is_degraded() && instant < self.ask_again_at.load(Ordering::Relaxed) {
            return None;
        }
        // Set before asking, so that a burst during an outage does not wait all together.
        self.ask_again_at.store(instant.saturating_add(ASK_AGAIN_MICROS), Ordering::Relaxed);
        match timeout(self.patience, shared.check(key, limit, now)).await {
            Ok(Ok(verdict)) => {
                if self.note_away(false) {
                    tracing::info!("rate limits are shared through redis again");
                }
                Some(verdict)
            }
            Ok(Err(error)) => {
                if self.note_away(true) {
                    tracing::warn!(%error, "redis is away; rate limits are counted by this process alone");
                }
                None
            }
            Err(_) => {
                if self.note_away(true) {
                    tracing::warn!("redis is too slow; rate limits are counted by this process alone");
                }
                None
            }
        }
    }

    /// Whether this was news, so that a change is logged once and not by every request.
    fn note_away(&self, away: bool) -> bool {
        self.away.swap(away, Ordering::Relaxed) != away
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use jiff::SignedDuration;

    use super::super::limit::LimiterError;
    use super::*;

    /// Accepts a question and never answers, as a stopped server does.
    struct Silent;

    #[async_trait]
    impl RateLimiter for Silent {
        async fn check(&self, _: &LimitKey, _: Limit, _: Timestamp) -> Result<Verdict, LimiterError> {
            std::future::pending().await
        }

        async fn give_back(&self, _: &LimitKey, _: Limit) -> Result<(), LimiterError> {
            std::future::pending().await
        }
    }

    fn now() -> Timestamp {
        "2026-03-04T09:00:00Z".parse().unwrap()
    }

    #[tokio::test]
    async fn a_server_that_never_answers_neither_opens_nor_locks() {
        let limiter = ResilientLimiter::new(Arc::new(Silent)).with_patience(Duration::from_millis(1));
        let key = LimitKey::new("test", &["one"]);
        let limit = Limit::per_minute(2);
        assert_eq!(limiter.check(&key, limit, now()).await, Verdict::Allowed);
        assert_eq!(limiter.check(&key, limit, now()).await, Verdict::Allowed);
        assert!(matches!(limiter.check(&key, limit, now()).await, Verdict::Limited { .. }));
        assert!(limiter.is_degraded());
        let half_later = now() + SignedDuration::from_secs(30);
        assert_eq!(limiter.check(&key, limit, half_later).await, Verdict::Allowed);
    }

    #[test]
    fn a_change_is_news_once() {
        let limiter = ResilientLimiter::alone();
        let news: Vec<bool> = [false, true, true, false, false].map(|away| limiter.note_away(away)).to_vec();
        assert_eq!(news, [false, true, false, true, false]);
    }
}
