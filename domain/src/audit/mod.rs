//! What happened, for the events table and the audit. Ids and codes only, never a name.

pub mod entry;
pub mod event;

pub use entry::{AuditResult, ReadEntry};
pub use event::Event;
