//! Screen 5, today: what to do first thing on a Monday. Owns the grouping in words (overdue, due today, replies, hand-overs)
//! and what to show when nothing is due. Refuses to sort by anything but due time, and to count people as scores.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{Pagination, When};

#[derive(Debug, Clone)]
pub struct WorkItem {
    /// "Call about first walk"
    pub what: String,
    pub href: String,
    /// "Jo Park, letter and large print"
    pub about: String,
    pub due: Option<When>,
    pub late: bool,
    /// The one quick action: its words, who it is about (for screen readers), its address.
    pub action: Option<(String, String, String)>,
    /// A task can be ticked off here.
    pub finish: Option<Finish>,
}

#[derive(Debug, Clone)]
pub struct Finish {
    pub action: String,
    pub submission: String,
}

#[derive(Debug, Clone)]
pub struct WorkGroup {
    pub heading: String,
    pub late: bool,
    pub items: Vec<WorkItem>,
    /// "Show all 31" when the list is cut.
    pub more: Option<(String, String)>,
}

#[derive(Debug, Clone)]
pub struct Count {
    pub number: u32,
    pub label: String,
    pub href: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/today.html")]
pub struct Today {
    pub chrome: Chrome,
    pub day: When,
    /// Somebody who mostly refers starts here, and should not have to look for it.
    pub can_refer: bool,
    pub counts: Vec<Count>,
    pub groups: Vec<WorkGroup>,
    /// Shown when nothing is due: the next three coming up.
    pub coming: Vec<WorkItem>,
    pub pagination: Pagination,
}

impl Today {
    fn nothing_due(&self) -> bool {
        self.groups.iter().all(|group| group.items.is_empty())
    }
}
