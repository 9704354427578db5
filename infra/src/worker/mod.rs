//! The worker: takes what the outbox holds to the mail server, and removes what has run out.
//! At least once, with one message id; never with anything personal in it. It decides nothing about referrals.

mod deliver;
mod listen;
mod run;

pub use deliver::{Drained, Worker, WorkerOptions, WorkerParts};
