//! Places. A place can be taken only through here, on a service that is locked.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::define_codes;

define_codes! {
    CapacityState {
        Open = "open", "Open";
        Limited = "limited", "A few places";
        Waitlist = "waitlist", "Waiting list";
        Paused = "paused", "Paused";
        Closed = "closed", "Closed";
    }
}

/// What a service says of its room, and when it said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    pub state: CapacityState,
    /// None means that the service does not count places.
    pub places: Option<u32>,
    pub taken: u32,
    pub as_of: Timestamp,
}

/// Proof that one place was taken.
#[derive(Debug)]
pub struct Place(());

/// What came of asking for a place.
#[derive(Debug)]
pub enum Room {
    Place(Place),
    Full,
}

impl Capacity {
    pub fn free(&self) -> Option<u32> {
        self.places.map(|places| places.saturating_sub(self.taken))
    }

    /// New people can be sent here, if only to wait.
    pub fn takes_requests(&self) -> bool {
        !matches!(self.state, CapacityState::Paused | CapacityState::Closed)
    }

    /// Older than the network's interval: show as unconfirmed (C1).
    pub fn is_unconfirmed(&self, now: Timestamp, interval_days: u16) -> bool {
        let age = now.duration_since(self.as_of);
        age > jiff::SignedDuration::from_hours(24 * i64::from(interval_days))
    }

    /// Takes a place if there is one. A service on its waiting list has none to give by accepting.
    pub fn take(&mut self) -> Room {
        if self.state == CapacityState::Waitlist { Room::Full } else { self.take_from_queue() }
    }

    /// Takes a place for somebody who waited.
    pub fn take_from_queue(&mut self) -> Room {
        if self.free() == Some(0) {
            return Room::Full;
        }
        self.taken = self.taken.saturating_add(1);
        Room::Place(Place(()))
    }

    pub fn give_back(&mut self) {
        self.taken = self.taken.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_place() -> Capacity {
        let as_of = "2026-11-01T00:00:00Z".parse().expect("instant");
        Capacity { state: CapacityState::Open, places: Some(1), taken: 0, as_of }
    }

    #[test]
    fn the_last_place_is_given_once() {
        let mut capacity = one_place();
        assert!(matches!(capacity.take(), Room::Place(_)));
        assert!(matches!(capacity.take(), Room::Full));
        capacity.give_back();
        assert_eq!(capacity.free(), Some(1));
    }

    #[test]
    fn old_capacity_is_unconfirmed() {
        let capacity = one_place();
        let later = |hours| capacity.as_of + jiff::SignedDuration::from_hours(hours);
        assert!(!capacity.is_unconfirmed(later(24 * 42), 42));
        assert!(capacity.is_unconfirmed(later(24 * 42 + 1), 42));
    }
}
