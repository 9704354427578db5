//! Who is told what when something happens: messages to send and tasks to look at. Ids and references only.

mod closing_news;
pub mod finish_task;
pub mod give_up;
mod over;
pub mod plan;
pub mod task;
mod telling;

pub use give_up::{DeliveryError, Message, MessageFailed, MessageWrites, give_up};
pub use plan::{Notice, Template, Topic, plan};
pub use task::{Task, TaskError, TaskKind, TaskWrites};
