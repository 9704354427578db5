//! Joining a network by application: the page where a group begins, the page of its link, and the list and one application as
//! whoever coordinates the network sees them.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Choice, Empty, Errors, Pagination, Tab, Tag};

#[derive(Debug, Clone, Template)]
#[template(path = "pages/apply.html")]
pub struct Apply {
    pub chrome: Chrome,
    pub errors: Errors,
    /// Of the page itself.
    pub path: String,
    pub network: String,
    pub help_phone: Option<String>,
    pub name: String,
    /// One a line.
    pub offers: String,
    pub postcode: String,
    pub contact: String,
    pub email: String,
    pub phone: String,
    /// The version that is shown, as the form tells it.
    pub agreement: String,
    pub agrees: Vec<Choice>,
    pub submission: String,
}

/// How the application of a link stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    Unconfirmed,
    Waiting,
    Asked { question: String },
    Approved,
    Declined { reason: String },
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/own_application.html")]
pub struct OwnApplication {
    pub chrome: Chrome,
    pub errors: Errors,
    pub path: String,
    pub name: String,
    pub network: String,
    pub help_phone: Option<String>,
    pub standing: Standing,
    pub reply: String,
}

#[derive(Debug, Clone)]
pub struct ApplicationRow {
    pub name: String,
    pub href: String,
    pub kind: String,
    pub standing: Tag,
    pub applied: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/applications.html")]
pub struct Applications {
    pub chrome: Chrome,
    pub errors: Errors,
    pub submission: String,
    pub tabs: Vec<Tab>,
    pub rows: Vec<ApplicationRow>,
    pub pagination: Pagination,
    pub empty: Option<Empty>,
    /// Where groups apply, if they may.
    pub address: Option<String>,
    pub choices: Vec<Choice>,
    pub agreement: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/application.html")]
pub struct OneApplication {
    pub chrome: Chrome,
    pub errors: Errors,
    pub submission: String,
    pub id: String,
    pub name: String,
    pub standing: Tag,
    pub facts: Vec<(String, String)>,
    /// It has no last word yet.
    pub open: bool,
    /// What it became.
    pub organisation: Option<String>,
    pub question: String,
    pub reasons: Vec<Choice>,
}
