//! Opening a record in an emergency, and the list of such openings for whoever opened and whoever reviews. Owns the words that
//! make one think before; refuses to say whether anybody exists.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Choice, DayMonthYear, Empty, Errors, Pagination, Tab, Tag};

#[derive(Debug, Clone, Template)]
#[template(path = "pages/emergency.html")]
pub struct OpenEmergency {
    pub chrome: Chrome,
    pub errors: Errors,
    pub submission: String,
    pub nhs_number: String,
    pub family_name: String,
    pub born: DayMonthYear,
    pub postcode: String,
    pub reason: String,
}

/// One opening.
#[derive(Debug, Clone)]
pub struct EmergencyRow {
    pub id: String,
    /// "Jo Park", or words for somebody who is out of sight again.
    pub who: String,
    pub href: Option<String>,
    pub reason: String,
    /// "Sam Brook, North Vale Community Links".
    pub by: String,
    pub opened: String,
    pub ends: String,
    pub state: Tag,
    pub closable: bool,
    /// Empty: nothing to review, or somebody else's to review.
    pub verdicts: Vec<Choice>,
    pub submission: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/emergencies.html")]
pub struct Emergencies {
    pub chrome: Chrome,
    pub errors: Errors,
    pub tabs: Vec<Tab>,
    pub rows: Vec<EmergencyRow>,
    pub empty: Option<Empty>,
    pub pagination: Pagination,
    pub can_open: bool,
    /// Answers for privacy, and finds here how records are handed over.
    pub hands_over: bool,
}
