//! Screen 13 in its first form: find a service to refer to. Owns how capacity is said, with its as-of date, and that old
//! capacity reads as unconfirmed. Refuses to rank people; rows come in the order they are given.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Chip, Choice, Empty, Errors, Pagination, Tag, When};

#[derive(Debug, Clone)]
pub struct ServiceRow {
    pub name: String,
    pub organisation: String,
    pub about: String,
    pub capacity: Tag,
    /// "3 places", "Waiting list, about 4 weeks".
    pub places: String,
    pub as_of: When,
    /// Older than the network's interval.
    pub unconfirmed: bool,
    /// "1.2 miles", "Online".
    pub distance: String,
    pub cost: String,
    pub access: String,
    /// Choosing it; `None` when it is closed to referrals.
    pub refer: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub struct ServiceFilter {
    pub text: String,
    pub near: String,
    pub needs: Vec<Choice>,
    pub access: Vec<Choice>,
    pub open: bool,
    /// Carried along: what the choice is for.
    pub carried: Option<(String, String)>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/services.html")]
pub struct FindService {
    pub chrome: Chrome,
    pub errors: Errors,
    /// Whom or what it is for, and the way back.
    pub for_person: Option<(String, String)>,
    pub filter: ServiceFilter,
    pub chips: Vec<Chip>,
    pub rows: Vec<ServiceRow>,
    pub pagination: Pagination,
    pub empty: Option<Empty>,
}
