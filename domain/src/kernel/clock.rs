//! Time and identity are inputs. The one real clock and id source are in `infra`.

use jiff::Timestamp;
use uuid::Uuid;

/// Says what time it is.
pub trait Clock: Send + Sync + std::fmt::Debug {
    fn now(&self) -> Timestamp;
}

/// Makes ids that nobody has used before.
pub trait IdSource: Send + Sync + std::fmt::Debug {
    /// A UUIDv7 for the instant given.
    fn next(&self, at: Timestamp) -> Uuid;
}
