//! Screen 21, access review: who has what, and since when somebody has looked at it. Owns the words for where a review stands.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{Empty, Errors, Pagination, Tab, When};
use crate::words::counted;

#[derive(Debug, Clone)]
pub struct ReviewRow {
    /// Which, and which version: the value of its tick box. Empty for one's own, which somebody else confirms.
    pub value: String,
    pub ticked: bool,
    pub first: bool,
    pub name: String,
    pub href: String,
    pub email: String,
    pub roles: String,
    /// Where one looks at more than one.
    pub organisation: Option<String>,
    pub since: When,
    /// `None`: not in the last 90 days.
    pub last_seen: Option<When>,
    pub second_factor: bool,
    /// When, and by whom; `None`: nobody has looked at these roles yet.
    pub confirmed: Option<(When, String)>,
}

/// Where the review stands.
#[derive(Debug, Clone)]
pub struct Standing {
    pub people: u64,
    pub unconfirmed: u64,
    pub days: u64,
    pub everybody_since: Option<When>,
}

impl Standing {
    fn not_yet(&self) -> String {
        let (waiting, all) = (self.unconfirmed, counted(self.people, "person", "people"));
        match waiting {
            0 => format!("Everybody of {all} was looked at within the last {} days.", self.days),
            n => format!(
                "{n} of {all} still to look at: nobody has confirmed what they have in the last {} days.",
                self.days
            ),
        }
    }
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/access_review.html")]
pub struct AccessReview {
    pub chrome: Chrome,
    pub errors: Errors,
    pub standing: Standing,
    pub tabs: Vec<Tab>,
    /// Where the ticks go, with what was asked of the list.
    pub action: String,
    pub organisation: String,
    pub submission: String,
    pub rows: Vec<ReviewRow>,
    pub pagination: Pagination,
    pub empty: Option<Empty>,
}
