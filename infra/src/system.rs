//! The one real clock and the one real source of ids. Everything else takes them as inputs,
//! so that a test can say what time it is and a job can write for an instant of the past.

use std::cell::Cell;

use jiff::Timestamp;
use trellis_domain::kernel::{Clock, IdSource};
use uuid::Uuid;
use uuid::timestamp::context::ContextV7;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock that reads the machine's")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

thread_local! {
    /// An operation runs on one thread at one instant, so its ids grow in the order they are asked for.
    static LAST: Cell<Option<(Timestamp, ContextV7)>> = const { Cell::new(None) };
}

/// Random ids that carry the instant they are made for.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl IdSource for SystemIds {
    fn next(&self, at: Timestamp) -> Uuid {
        let context = match LAST.take() {
            Some((last, context)) if last == at => context,
            _ => ContextV7::new(),
        };
        // Before 1970 there is no UUIDv7; such an instant is a mistake of the caller and sorts first.
        let seconds = u64::try_from(at.as_second()).unwrap_or_default();
        let nanos = u32::try_from(at.subsec_nanosecond()).unwrap_or_default();
        let id = Uuid::new_v7(uuid::Timestamp::from_unix(&context, seconds, nanos));
        LAST.set(Some((at, context)));
        id
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_of_one_instant_are_different_and_grow() {
        let at: Timestamp = "2026-03-04T09:00:00.123Z".parse().unwrap();
        let ids: Vec<Uuid> = (0..5_000).map(|_| SystemIds.next(at)).collect();
        assert!(ids.is_sorted());
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    }

    #[test]
    fn an_id_carries_the_instant_it_was_made_for_also_when_time_goes_back() {
        for at in ["2026-03-04T09:00:00.123Z", "2024-12-31T23:59:59.999Z", "2026-03-04T09:00:00.123Z"] {
            let at: Timestamp = at.parse().unwrap();
            let (seconds, nanos) = SystemIds.next(at).get_timestamp().unwrap().to_unix();
            assert_eq!(
                i64::try_from(seconds).unwrap() * 1000 + i64::from(nanos) / 1_000_000,
                at.as_millisecond()
            );
        }
    }
}
