//! Screen 25, the instance: what runs, what waits, what has failed, and the networks as counts. For whoever operates the
//! machine; no person and nobody who works anywhere is in any of it.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{Empty, Pagination, Tag};

#[derive(Debug, Clone)]
pub struct NetworkRow {
    pub name: String,
    pub slug: String,
    pub organisations: String,
    /// Nobody who could invite anybody: said, because only the command line mends it.
    pub coordinators: Tag,
    pub queued: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/instance.html")]
pub struct Instance {
    pub chrome: Chrome,
    /// "Database", "answers".
    pub health: Vec<(String, Tag)>,
    /// Versions, counts and ages.
    pub facts: Vec<(String, String)>,
    pub networks: Vec<NetworkRow>,
    pub pagination: Pagination,
    pub empty: Option<Empty>,
}
