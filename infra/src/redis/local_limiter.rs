//! Rate limits counted inside this process. Memory is bounded: what has run out is swept,
//! and under a flood of keys those nearest to running out are forgotten first.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;

use super::limit::{Limit, LimitKey, LimiterError, RateLimiter, Verdict, decide};

const MOST_KEYS: usize = 200_000;
const FIRST_SWEEP: usize = 1024;

pub struct LocalLimiter {
    kept: Mutex<Kept>,
}

struct Kept {
    instants: HashMap<LimitKey, i64>,
    sweep_at: usize,
}

impl LocalLimiter {
    pub fn new() -> Self {
        Self { kept: Mutex::new(Kept { instants: HashMap::new(), sweep_at: FIRST_SWEEP }) }
    }

    /// The same as the port's `check`, which cannot fail here.
    pub fn count(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Verdict {
        let now = now.as_microsecond();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match decide(kept.instants.get(key).copied(), limit, now) {
            Err(wait) => Verdict::wait_micros(wait),
            Ok(next) => {
                kept.instants.insert(key.clone(), next);
                kept.sweep(now);
                Verdict::Allowed
            }
        }
    }

    /// The same as the port's `give_back`.
    pub fn uncount(&self, key: &LimitKey, limit: Limit) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(instant) = kept.instants.get_mut(key) {
            *instant = instant.saturating_sub(limit.interval());
        }
    }
}

impl Kept {
    fn sweep(&mut self, now: i64) {
        if self.instants.len() < self.sweep_at {
            return;
        }
        self.instants.retain(|_, instant| *instant > now);
        if self.instants.len() > MOST_KEYS {
            let mut instants: Vec<i64> = self.instants.values().copied().collect();
            let (_, &mut median, _) = instants.select_nth_unstable(MOST_KEYS / 2);
            self.instants.retain(|_, instant| *instant > median);
        }
        // Doubling keeps the cost of sweeping constant per count.
        self.sweep_at = self.instants.len().saturating_mul(2).clamp(FIRST_SWEEP, MOST_KEYS + 1);
    }
}

impl Default for LocalLimiter {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl RateLimiter for LocalLimiter {
    async fn check(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<Verdict, LimiterError> {
        Ok(self.count(key, limit, now))
    }

    async fn give_back(&self, key: &LimitKey, limit: Limit) -> Result<(), LimiterError> {
        self.uncount(key, limit);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn what_has_run_out_is_swept_away() {
        let limiter = LocalLimiter::new();
        let now: Timestamp = "2026-03-04T09:00:00Z".parse().unwrap();
        for second in 0..10_000_i64 {
            let key = LimitKey::new("test", &[&second.to_string()]);
            limiter.count(&key, Limit::per_minute(1), now + SignedDuration::from_secs(second));
        }
        assert!(limiter.kept.lock().unwrap().instants.len() <= FIRST_SWEEP);
    }

    #[test]
    fn a_flood_of_keys_is_bounded_and_the_latest_are_still_counted() {
        let limiter = LocalLimiter::new();
        let now: Timestamp = "2026-03-04T09:00:00Z".parse().unwrap();
        for number in 0..250_000_i64 {
            let key = LimitKey::new("test", &[&number.to_string()]);
            limiter.count(&key, Limit::per_hour(1), now + SignedDuration::from_millis(number));
        }
        assert!(limiter.kept.lock().unwrap().instants.len() <= MOST_KEYS);
        let latest = LimitKey::new("test", &["249999"]);
        assert!(matches!(limiter.count(&latest, Limit::per_hour(1), now), Verdict::Limited { .. }));
    }
}
