//! Caseload by worker: how many each has, how much work that is, what is overdue and who waits for a first contact. Owns the
//! numbers, each of which leads to its rows, and the rule by which work is weighed, printed in full. Refuses to put anybody
//! in an order by it.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::Empty;

/// A number, and the list that it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub n: i64,
    /// None: there is nothing behind it.
    pub href: Option<String>,
}

#[derive(Debug, Clone)]
pub struct WorkerRow {
    pub name: String,
    /// Not a member any more, and still named.
    pub gone: bool,
    pub open: Counted,
    pub weight: i64,
    pub overdue: Counted,
    pub waiting: Counted,
}

/// One line of the rule.
#[derive(Debug, Clone)]
pub struct WeightLine {
    pub adds: i64,
    pub words: String,
    pub because: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/team.html")]
pub struct Team {
    pub chrome: Chrome,
    /// By name; last what nobody has yet.
    pub rows: Vec<WorkerRow>,
    pub rule: Vec<WeightLine>,
    pub empty: Option<Empty>,
}
