//! Screen 22, settings: what holds, what is planned, the history; the form; and what a change changes, looked at before it is
//! published. Owns the words around them; what a version says comes in words already.
use askama::Template;

use crate::chrome::{Accent, Chrome};
use crate::parts::{self, Choice, DayMonthYear, Empty, Errors, Pagination, Tag, When};

/// One thing that a change changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub what: &'static str,
    pub before: String,
    pub after: String,
}

impl Changed {
    pub fn words(&self) -> String {
        format!("{}: {}, before {}", self.what, self.after, self.before)
    }
}

/// A change that does not hold yet.
#[derive(Debug, Clone)]
pub struct Planned {
    pub version: i64,
    pub submission: String,
    pub takes_effect: When,
    pub by: String,
    pub changes: Vec<Changed>,
}

/// One line of the history.
#[derive(Debug, Clone)]
pub struct PastChange {
    pub version: i64,
    pub settled: When,
    pub by: String,
    pub takes_effect: When,
    pub standing: Tag,
    /// "Withdrawn by Priya Shah, 27 November 2026, 9am".
    pub withdrawn: Option<String>,
    pub changes: Vec<Changed>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/settings.html")]
pub struct Settings {
    pub chrome: Chrome,
    pub place: String,
    pub may_change: bool,
    /// Since when it holds; `None` for what the product does by itself.
    pub since: Option<When>,
    pub holds: Vec<(&'static str, String)>,
    pub logo: Option<String>,
    pub planned: Vec<Planned>,
    pub history: Vec<PastChange>,
    pub empty: Option<Empty>,
    pub pagination: Pagination,
}

/// What is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub idle_minutes: String,
    pub session_hours: String,
    pub display_name: String,
    pub short_line: String,
    pub accent: String,
    /// The digest of the picture that is there or was sent before; empty for none.
    pub logo: String,
    pub logo_address: Option<String>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/change_settings.html")]
pub struct ChangeSettings {
    pub chrome: Chrome,
    pub errors: Errors,
    pub place: String,
    pub after_version: String,
    pub typed: Typed,
    pub second_factor: Vec<Choice>,
    pub remove_logo: Vec<Choice>,
    pub when: Vec<Choice>,
    pub day: DayMonthYear,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/check_settings.html")]
pub struct CheckSettings {
    pub chrome: Chrome,
    pub place: String,
    pub changes: Vec<Changed>,
    /// "At once" or the day.
    pub takes_effect: String,
    pub warnings: Vec<String>,
    /// How many have to set up a second factor, in words; where it will be asked for.
    pub lacking: Option<String>,
    /// As the top of every page will look.
    pub name: String,
    pub line: Option<String>,
    pub logo: Option<String>,
    pub accent: Option<Accent>,
    pub fields: Vec<(String, String)>,
    pub submission: String,
}
