//! The header's search: people and referrals that the asker may see, on one page. Owns the words when nothing is found, which
//! are the same whether nothing exists or nothing may be seen.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::Tag;

#[derive(Debug, Clone)]
pub struct Found {
    pub name: String,
    pub href: String,
    /// "Born 4 May 1959, reference 4TK-9QD"
    pub words: String,
    pub state: Option<Tag>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/search.html")]
pub struct Search {
    pub chrome: Chrome,
    pub asked: String,
    pub people: Vec<Found>,
    pub referrals: Vec<Found>,
    /// May this membership open a record that is out of its reach?
    pub in_emergency: bool,
}

impl Search {
    fn is_empty(&self) -> bool {
        self.people.is_empty() && self.referrals.is_empty()
    }
}
