//! Contacts: each attempt to reach or meet a person, the failed ones too.

pub mod contact;
pub mod log;
pub mod repo;
pub mod undo;

pub use contact::{Contact, ContactError, ContactEvent, ContactResult, NextStep};
pub use log::{LogContact, log};
pub use repo::ContactWrites;
