//! Time and ids as the tests want them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use trellis_domain::kernel::{Clock, IdSource};
use uuid::Uuid;

/// Stands still until somebody moves it.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    pub fn at(text: &str) -> anyhow::Result<Self> {
        Ok(Self(Mutex::new(text.parse()?)))
    }

    pub fn advance(&self, by: SignedDuration) {
        if let Ok(mut now) = self.0.lock() {
            *now += by;
        }
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0.lock().map(|now| *now).unwrap_or_default()
    }
}

/// Counts, so that a test reads the same twice. Unique within a test's database.
#[derive(Debug, Default)]
pub struct CountedIds(AtomicU64);

impl IdSource for CountedIds {
    fn next(&self, at: Timestamp) -> Uuid {
        let count = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let millis = u64::try_from(at.as_millisecond()).unwrap_or_default();
        // Spread over the random tail, which references are drawn from.
        let spread = count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut random = [0_u8; 10];
        random
            .iter_mut()
            .zip(count.to_be_bytes().iter().skip(6).chain(&spread.to_be_bytes()))
            .for_each(|(to, from)| *to = *from);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}
