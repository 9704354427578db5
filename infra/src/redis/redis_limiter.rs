//! Rate limits counted in Redis, shared by all processes: one script call, which is atomic there.

use async_trait::async_trait;
use jiff::Timestamp;
use redis::Script;

use super::limit::{Limit, LimitKey, LimiterError, RateLimiter, Verdict};
use super::link::RedisLink;

/// `limit::decide`, said in Lua. Numbers are microseconds and stay below 2^53, where doubles are exact;
/// they are written with a format because Lua would shorten them.
const COUNT: &str = r"
local now, interval, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local start = tonumber(redis.call('GET', KEYS[1])) or now
start = math.min(math.max(start, now), now + window)
local next = start + interval
local wait = next - window - now
if wait > 0 then return wait end
redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', math.ceil((next - now) / 1000))
return 0
";

/// An instant that lies in the past counts as none, so it may stay until its key runs out.
const GIVE_BACK: &str = r"
local kept = tonumber(redis.call('GET', KEYS[1]))
if kept then redis.call('SET', KEYS[1], string.format('%.0f', kept - tonumber(ARGV[1])), 'KEEPTTL') end
return 0
";

pub struct RedisLimiter {
    link: RedisLink,
    script: Script,
    give_back: Script,
}

impl RedisLimiter {
    pub fn new(link: RedisLink) -> Self {
        Self { link, script: Script::new(COUNT), give_back: Script::new(GIVE_BACK) }
    }
}

#[async_trait]
impl RateLimiter for RedisLimiter {
    async fn check(&self, key: &LimitKey, limit: Limit, now: Timestamp) -> Result<Verdict, LimiterError> {
        let mut connection = self.link.manager.clone();
        let wait: i64 = self
            .script
            .key(self.link.name("limit", key.as_str()))
            .arg(now.as_microsecond())
            .arg(limit.interval())
            .arg(limit.window())
            .invoke_async(&mut connection)
            .await
            .map_err(LimiterError::Unavailable)?;
        Ok(Verdict::wait_micros(wait))
    }

    async fn give_back(&self, key: &LimitKey, limit: Limit) -> Result<(), LimiterError> {
        let mut connection = self.link.manager.clone();
        self.give_back
            .key(self.link.name("limit", key.as_str()))
            .arg(limit.interval())
            .invoke_async(&mut connection)
            .await
            .map_err(LimiterError::Unavailable)
    }
}
