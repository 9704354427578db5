//! Requests for access, for whoever can change a role. Owns the reminder that an answer changes none.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{Empty, Pagination, Tab, Tag};

#[derive(Debug, Clone)]
pub struct AccessRow {
    pub id: String,
    pub who: String,
    pub wanted: String,
    pub why: String,
    pub asked: String,
    /// `None`: it waits for an answer.
    pub answer: Option<Tag>,
    pub submission: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/access_requests.html")]
pub struct AccessRequests {
    pub chrome: Chrome,
    pub tabs: Vec<Tab>,
    pub rows: Vec<AccessRow>,
    pub empty: Option<Empty>,
    pub pagination: Pagination,
}
