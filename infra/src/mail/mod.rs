//! Mail: its words, its sending, and the demo's own mailbox.
//! No message carries personal or health data: the variables of a template are a closed list, so that there is
//! nothing to leak. When and to whom mail goes is the outbox's business, not decided here.

mod catcher;
mod render;
mod smtp;

pub use catcher::{CatcherError, CaughtMail, MailCatcher};
pub use render::{RenderError, Rendered, Template, Templates, Vars};
pub use smtp::{MailError, Mailer, MailerError, Outgoing};
