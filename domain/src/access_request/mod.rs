//! "Ask for access": what somebody who met a page that is not for their role asks of their administrators. It gives nobody
//! anything; the administrator changes a role, and says so here.

pub mod answer;
pub mod ask;
pub mod repo;
pub mod request;

pub use answer::{AnswerRequest, answer};
pub use ask::{AskForAccess, Wanted, ask};
pub use repo::AccessRequestWrites;
pub use request::{AccessAnswer, AccessRequest, AccessRequestError, AccessRequestEvent, AccessRequestFact};
