//! The demo region "North Vale": invented people and organisations, and eighteen months of what they did,
//! written through the use cases that everybody's requests go through. Owns the inventing; it knows no SQL,
//! and nothing of it runs outside the demo.

mod cast;
mod dice;
mod error;
mod found;
mod history;
mod load;
mod names;
mod organisations;
mod people;
mod personas;
mod placement;
mod plans;
mod play;
mod play_asking;
mod play_helping;
mod play_planning;
mod primary;
mod region;
mod run;
mod services;
mod staff;
mod story;
mod words;

pub use error::DemoError;
pub use load::{DemoParts, Progress};
pub use personas::{Addresses, Persona, PersonasFile};
pub use run::{DemoOptions, run};
