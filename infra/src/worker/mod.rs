//! The worker: takes what the outbox holds to the mail server, and removes what has run out.
//! At least once, with one message id; never with anything personal in it. It settles what closed organisations leave,
//! hands records over and chases what is overdue, by the domain's rules, and decides nothing itself.

mod chase;
mod deliver;
mod hand_over;
mod listen;
mod run;
mod wind_up;

pub use chase::Chased;
pub use deliver::{Drained, Worker, WorkerOptions, WorkerParts};
pub use hand_over::CarriedOver;
pub use wind_up::Settled;
