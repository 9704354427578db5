//! What several processes share and may lose: counts of attempts, and news that something changed.
//! Each port has a twin inside the process that passes the same contract; without Redis Trellis is slower,
//! never open and never loses anything. Nothing personal is kept here: keys are digests.

mod broadcast;
mod limit;
mod link;
mod local_limiter;
mod redis_broadcast;
mod redis_limiter;
mod resilient_limiter;

pub use broadcast::{Broadcast, Heard, LocalBroadcast};
pub use limit::{Limit, LimitKey, LimiterError, RateLimiter, Verdict};
pub use link::{RedisLink, RedisLinkError};
pub use local_limiter::LocalLimiter;
pub use redis_broadcast::RedisBroadcast;
pub use redis_limiter::RedisLimiter;
pub use resilient_limiter::ResilientLimiter;

#[cfg(test)]
mod broadcast_contract;
#[cfg(test)]
mod limiter_contract;
#[cfg(test)]
mod test_server;
