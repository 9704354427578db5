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
        // What stands first is what orders the ids of one instant: 12 bits before the variant and 6 after it, so that they
        // rise for 262,144 of them. The tail is spread, because references are drawn from it.
        let (order, low) = ((count >> 6).to_be_bytes(), count.to_be_bytes());
        let spread = count.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
        let rising = order.iter().skip(6).chain(low.iter().skip(7));
        let mut random = [0_u8; 10];
        random.iter_mut().zip(rising.chain(spread.iter().skip(1))).for_each(|(to, from)| *to = *from);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_instant_rise_in_the_order_they_were_asked_for() {
        let ids = CountedIds::default();
        let of_one_instant: Vec<Uuid> = (0..10_000).map(|_| ids.next(Timestamp::UNIX_EPOCH)).collect();
        assert!(of_one_instant.is_sorted(), "4,096 of them is what two bytes hold beside the version");
    }
}
