//! Owns history as people read it: newest first, when, what, by whom. And the task list: what is still to do, with each
//! task's state in words. A timeline is for what happened, a task list for what has to.
use askama::Template;

use super::{Tag, When};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEntry {
    pub when: When,
    /// "R. Ahmed phoned, spoke, 15 min"
    pub what: String,
    /// Somebody's own words, printed as a quotation.
    pub note: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "parts/timeline.html")]
pub struct Timeline {
    pub entries: Vec<TimelineEntry>,
    pub older: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub name: String,
    pub hint: Option<String>,
    /// Without a link, the task cannot be opened by this person.
    pub href: Option<String>,
    pub status: Tag,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "parts/task_list.html")]
pub struct TaskList {
    pub tasks: Vec<Task>,
}
