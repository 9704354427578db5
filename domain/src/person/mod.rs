//! People who may be helped: who they are, how they want to be reached, and which organisation may see them.

pub mod access;
pub mod alike;
pub mod change;
pub mod likeness;
pub mod person;
pub mod preferences;
pub mod register;
pub mod repo;

pub use access::{AccessBasis, AccessLevel, PersonAccess};
pub use alike::{Candidate, alike};
pub use change::change_preferences;
pub use likeness::{Likeness, turned};
pub use person::{Identity, Person, PersonError, PersonEvent};
pub use preferences::{Channel, Format, Preferences};
pub use register::{Register, register};
pub use repo::{PersonReads, PersonWrites};
