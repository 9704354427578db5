//! Instants between the domain (jiff) and diesel.

use jiff::Timestamp;
use jiff_diesel::{Timestamp as Stored, ToDiesel};

pub(crate) fn stored(at: Timestamp) -> Stored {
    at.to_diesel()
}

pub(crate) fn stored_option(at: Option<Timestamp>) -> Option<Stored> {
    at.map(stored)
}

pub(crate) fn instant(at: Stored) -> Timestamp {
    at.to_jiff()
}

pub(crate) fn instant_option(at: Option<Stored>) -> Option<Timestamp> {
    at.map(instant)
}
