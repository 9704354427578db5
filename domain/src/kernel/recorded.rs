//! The only thing a write may return: a value together with what has to be remembered about it.
//! The store turns it into events, audit rows, tasks and outbox rows in the same transaction.

use uuid::Uuid;

use crate::audit::Event;
use crate::policy::{Authorised, Permit};

/// What a retried request is answered with: the thing itself, read again.
pub trait Subject {
    fn subject(&self) -> Uuid;
}

/// A value that has been decided, with its permits and its events. Several acts in one operation keep a permit each:
/// the audit names all that was done, and not only what was asked for.
#[derive(Debug)]
#[must_use = "a decision that is not returned to the store is not kept"]
pub struct Recorded<T> {
    value: T,
    authorised: Vec<Authorised>,
    events: Vec<Event>,
}

impl<T> Recorded<T> {
    /// Something happened, and somebody was allowed to make it happen.
    pub fn new<R>(permit: Permit<R>, value: T, events: impl IntoIterator<Item = Event>) -> Self {
        Self { value, authorised: vec![permit.into_authorised()], events: events.into_iter().collect() }
    }

    /// Nothing happened: the store rolls back whatever was written.
    pub fn unchanged(value: T) -> Self {
        Self { value, authorised: Vec::new(), events: Vec::new() }
    }

    pub fn value(&self) -> &T {
        &self.value
    }

    /// Keeps the record and changes what is handed back.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Recorded<U> {
        Recorded { value: with(self.value), authorised: self.authorised, events: self.events }
    }

    /// Adds what another step of the same operation recorded.
    pub fn and<U>(mut self, other: Recorded<U>) -> Self {
        self.events.extend(other.events);
        self.authorised.extend(other.authorised);
        self
    }

    pub fn into_parts(self) -> (T, Vec<Authorised>, Vec<Event>) {
        (self.value, self.authorised, self.events)
    }
}
