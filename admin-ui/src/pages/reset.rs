//! The link of a reset: going on with the password, or stopping it. Opening the page changes nothing.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Errors, When};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    Open,
    /// It may only be stopped until then.
    Waits(When),
    /// Unknown, used or run out: the same words.
    Ended,
    Stopped,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/factor_reset.html")]
pub struct FactorReset {
    pub chrome: Chrome,
    pub errors: Errors,
    pub standing: Standing,
    /// The address of the link itself.
    pub path: String,
}
