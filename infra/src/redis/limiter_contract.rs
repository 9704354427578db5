//! What every rate limiter promises, run against the one in this process and the one in a real Redis,
//! and what the product's limiter does when that Redis goes away.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::test_server::TestServer;
use super::{Limit, LimitKey, LocalLimiter, RateLimiter, RedisLimiter, RedisLink, ResilientLimiter, Verdict};

const THREE_A_MINUTE: Limit = Limit::per_minute(3);

fn now() -> Timestamp {
    "2026-03-04T09:00:00Z".parse().unwrap()
}

fn later(millis: i64) -> Timestamp {
    now() + SignedDuration::from_millis(millis)
}

fn key(name: &str) -> LimitKey {
    LimitKey::new("test", &[name])
}

async fn wait(limiter: &dyn RateLimiter, key: &LimitKey, at: Timestamp) -> Option<Duration> {
    match limiter.check(key, THREE_A_MINUTE, at).await.unwrap() {
        Verdict::Allowed => None,
        Verdict::Limited { retry_after } => Some(retry_after),
    }
}

async fn exhaust(limiter: &dyn RateLimiter, key: &LimitKey) {
    for _ in 0..3 {
        assert_eq!(wait(limiter, key, now()).await, None);
    }
}

async fn a_burst_is_allowed_and_then_limited(limiter: &dyn RateLimiter) {
    exhaust(limiter, &key("a")).await;
    assert_eq!(wait(limiter, &key("a"), now()).await, Some(Duration::from_secs(20)));
}

async fn the_wait_named_is_exactly_long_enough(limiter: &dyn RateLimiter) {
    exhaust(limiter, &key("a")).await;
    assert_eq!(wait(limiter, &key("a"), later(19_999)).await, Some(Duration::from_millis(1)));
    assert_eq!(wait(limiter, &key("a"), later(20_000)).await, None);
    assert_eq!(wait(limiter, &key("a"), later(20_000)).await, Some(Duration::from_secs(20)));
}

async fn refused_attempts_cost_nothing(limiter: &dyn RateLimiter) {
    exhaust(limiter, &key("a")).await;
    for _ in 0..20 {
        assert_eq!(wait(limiter, &key("a"), now()).await, Some(Duration::from_secs(20)));
    }
}

async fn a_rested_key_has_its_whole_burst_again_and_no_more(limiter: &dyn RateLimiter) {
    exhaust(limiter, &key("a")).await;
    for _ in 0..3 {
        assert_eq!(wait(limiter, &key("a"), later(86_400_000)).await, None);
    }
    assert!(wait(limiter, &key("a"), later(86_400_000)).await.is_some());
}

async fn what_is_given_back_may_be_spent_again_and_no_more(limiter: &dyn RateLimiter) {
    limiter.give_back(&key("never counted"), THREE_A_MINUTE).await.unwrap();
    exhaust(limiter, &key("a")).await;
    for _ in 0..5 {
        limiter.give_back(&key("a"), THREE_A_MINUTE).await.unwrap();
    }
    exhaust(limiter, &key("a")).await;
    assert!(wait(limiter, &key("a"), now()).await.is_some());
}

async fn one_key_does_not_limit_another(limiter: &dyn RateLimiter) {
    exhaust(limiter, &key("a")).await;
    assert_eq!(wait(limiter, &key("b"), now()).await, None);
}

async fn a_clock_set_back_locks_nobody_out_for_long(limiter: &dyn RateLimiter) {
    exhaust(limiter, &key("a")).await;
    let yesterday = later(-86_400_000);
    assert_eq!(wait(limiter, &key("a"), yesterday).await, Some(Duration::from_secs(20)));
    assert_eq!(wait(limiter, &key("b"), yesterday).await, None);
}

async fn simultaneous_attempts_are_counted_once_each(limiter: &dyn RateLimiter) {
    let attempts = (0..50).map(|_| wait(limiter, &SHARED_KEY, now()));
    let waits = futures_util::future::join_all(attempts).await;
    assert_eq!(waits.iter().filter(|wait| wait.is_none()).count(), 3);
}

static SHARED_KEY: std::sync::LazyLock<LimitKey> = std::sync::LazyLock::new(|| key("shared"));

macro_rules! contract {
    ($($promise:ident),* $(,)?) => {
        mod in_this_process {
            $(#[tokio::test] async fn $promise() {
                super::$promise(&super::LocalLimiter::new()).await;
            })*
        }
        mod in_redis {
            $(#[tokio::test] async fn $promise() {
                let server = super::TestServer::started();
                super::$promise(&super::RedisLimiter::new(server.link())).await;
            })*
        }
    };
}

contract!(
    a_burst_is_allowed_and_then_limited,
    the_wait_named_is_exactly_long_enough,
    refused_attempts_cost_nothing,
    a_rested_key_has_its_whole_burst_again_and_no_more,
    what_is_given_back_may_be_spent_again_and_no_more,
    one_key_does_not_limit_another,
    a_clock_set_back_locks_nobody_out_for_long,
    simultaneous_attempts_are_counted_once_each,
);

/// A loaded machine must not make Redis look away in these tests.
fn resilient(link: RedisLink) -> ResilientLimiter {
    ResilientLimiter::new(Arc::new(RedisLimiter::new(link))).with_patience(Duration::from_secs(20))
}

async fn allowed(limiter: &ResilientLimiter, key: &LimitKey, at: Timestamp) -> bool {
    limiter.check(key, THREE_A_MINUTE, at).await == Verdict::Allowed
}

#[tokio::test]
async fn processes_share_their_limits_through_redis() {
    let server = TestServer::started();
    let (one, two) = (resilient(server.link()), resilient(server.link()));
    assert!(allowed(&one, &key("a"), now()).await);
    assert!(allowed(&two, &key("a"), now()).await);
    assert!(allowed(&one, &key("a"), now()).await);
    assert!(!allowed(&two, &key("a"), now()).await);
    assert!(!one.is_degraded() && !two.is_degraded());
}

#[tokio::test]
async fn a_redis_that_was_never_there_does_not_stop_the_start() {
    let server = TestServer::stopped();
    let limiter = resilient(server.link());
    for _ in 0..3 {
        assert!(allowed(&limiter, &key("a"), now()).await);
    }
    assert!(!allowed(&limiter, &key("a"), now()).await);
    assert!(limiter.is_degraded());
}

#[tokio::test]
async fn losing_redis_opens_nothing_and_its_return_is_noticed() {
    let mut server = TestServer::started();
    let limiter = resilient(server.link());
    for _ in 0..3 {
        assert!(allowed(&limiter, &key("a"), now()).await);
    }
    assert!(!limiter.is_degraded());
    server.stop();
    assert!(!allowed(&limiter, &key("a"), now()).await, "no fresh allowance");
    assert!(allowed(&limiter, &key("b"), now()).await, "nobody else is locked out");
    assert!(limiter.is_degraded());
    server.start();
    let mut at = now();
    while limiter.is_degraded() {
        at += SignedDuration::from_secs(2);
        allowed(&limiter, &key("c"), at).await;
    }
    assert!(!allowed(&limiter, &key("a"), now()).await, "an empty redis gives no fresh allowance either");
}
