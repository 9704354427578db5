//! Chance that can be thrown again: the same seed gives the same region. Never used for a secret
//! outside the demo.

use std::sync::Mutex;

use jiff::Timestamp;
use rand::seq::SliceRandom;
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use trellis_domain::kernel::{Clock, IdSource};
use uuid::Uuid;

/// One stream of chance. Streams of a seed do not disturb each other, so people can be made side by side.
#[derive(Debug)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// A place in a list of `len`.
    pub(crate) fn index(&mut self, len: usize) -> usize {
        self.0.random_range(0..len.max(1))
    }

    pub(crate) fn percent(&mut self, chance: u32) -> bool {
        self.0.random_range(0..100) < chance
    }

    /// One of a list; the fallback is for an empty one.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T], fallback: T) -> T {
        let at = self.index(from.len());
        from.get(at).copied().unwrap_or(fallback)
    }

    /// One of the reasons that somebody gives: the last of such a list is what is said when an organisation has closed.
    pub(crate) fn reason<T: Copy>(&mut self, from: &[T], fallback: T) -> T {
        self.pick(from.split_last().map_or(from, |(_, said)| said), fallback)
    }

    pub(crate) fn word(&mut self, from: &[&'static str]) -> &'static str {
        self.pick(from, "")
    }

    /// One of a list where the first number of each is its weight.
    pub(crate) fn weighted<T: Copy>(&mut self, from: &[(u32, T)], fallback: T) -> T {
        let all: u32 = from.iter().map(|(weight, _)| weight).sum();
        let mut left = self.0.random_range(0..all.max(1));
        for (weight, value) in from {
            if left < *weight {
                return *value;
            }
            left -= weight;
        }
        fallback
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        list.shuffle(&mut self.0);
    }
}

/// Ids that are the same again for the same seed: the instant, and what the dice give.
#[derive(Debug)]
pub(crate) struct SeededIds(Mutex<ChaCha8Rng>);

impl SeededIds {
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let Dice(rng) = Dice::new(seed, stream);
        Self(Mutex::new(rng))
    }
}

impl IdSource for SeededIds {
    fn next(&self, at: Timestamp) -> Uuid {
        let mut random = [0_u8; 10];
        match self.0.lock() {
            Ok(mut rng) => rng.fill_bytes(&mut random),
            Err(poisoned) => poisoned.into_inner().fill_bytes(&mut random),
        }
        let millis = u64::try_from(at.as_millisecond()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

/// The clock of one act of the history.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At(pub(crate) Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_ids_again_and_another_seed_others() {
        let at: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
        let ids = |seed, stream| {
            let source = SeededIds::new(seed, stream);
            (0..50).map(|_| source.next(at)).collect::<Vec<_>>()
        };
        assert_eq!(ids(1, 2), ids(1, 2));
        assert_ne!(ids(1, 2), ids(1, 3));
        assert_ne!(ids(1, 2), ids(2, 2));
        assert_eq!(ids(1, 2).first().map(Uuid::get_version_num), Some(7));
    }
}
