//! Emergency openings ("break-glass", `domain` §2.6): a record to which an organisation has no way is opened with a written
//! reason, for a day at most, told to the custodian's privacy officers at once, and reviewed by them.

pub mod close;
pub mod open;
pub mod opening;
pub mod repo;
pub mod review;

pub use close::close;
pub use open::{Find, OpenInEmergency, open};
pub use opening::{EmergencyError, EmergencyEvent, EmergencyFact, Opening, Review, ReviewVerdict};
pub use repo::{EmergencyReads, EmergencyWrites, Found, Wanted};
pub use review::{ReviewOpening, review};
