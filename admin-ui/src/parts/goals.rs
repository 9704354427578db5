//! Owns how goals are read: the person's words, how far they say they are, and what is done for each by whom and by when. The
//! same on every page and on paper.
use askama::Template;

use super::{Tag, When};

/// The goals of a plan, the same wherever they are read.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/goals.html")]
pub struct Goals {
    pub goals: Vec<GoalShown>,
}

#[derive(Debug, Clone)]
pub struct GoalShown {
    pub words: String,
    /// "4 then 6, out of 10".
    pub progress: Option<String>,
    pub actions: Vec<ActionShown>,
}

#[derive(Debug, Clone)]
pub struct ActionShown {
    pub words: String,
    /// "Bea", "Jo Park", "Me".
    pub who: String,
    /// "Go along the first time", where that is worth saying.
    pub kind: Option<&'static str>,
    /// "by 20 November 2026".
    pub due: Option<When>,
    /// "Done", "3 days overdue".
    pub state: Option<Tag>,
}
