//! Two records, one person? A worker says so for their own organisation; nothing merges by itself (P1). Each record stays as it
//! is, with its keeper, its decisions and its story: the organisation that said so sees the two together, and can take it back.

pub mod decide;
pub mod event;
pub mod repo;
pub mod same;
pub mod take_back;

pub use decide::{Decide, decide};
pub use event::{SamenessEvent, SamenessFact};
pub use repo::SamenessWrites;
pub use same::{Same, SamenessError, Verdict};
pub use take_back::take_back;
