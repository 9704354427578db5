//! Screen 21: what closing an organisation would do, before it is done; and what is left of one that has closed. Counts in
//! words; nobody is named.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Choice, Errors};

#[derive(Debug, Clone, Template)]
#[template(path = "pages/close_organisation.html")]
pub struct CloseOrganisation {
    pub chrome: Chrome,
    pub errors: Errors,
    pub submission: String,
    pub id: String,
    pub name: String,
    /// Who is looked at: nobody first.
    pub successors: Vec<Choice>,
    pub successor: String,
    /// What would become of what is open, a sentence each.
    pub outlook: Vec<String>,
    /// Who gets it, as the button says: "Vale Striders takes over".
    pub takes_over: String,
    /// In the way of it, a sentence each.
    pub in_the_way: Vec<String>,
    /// Among that are people's records: whom to ask, and how far they are with it.
    pub records: Vec<String>,
    /// Who works there, in words, and where that is seen.
    pub people: String,
}

/// What is left of an organisation that has closed.
#[derive(Debug, Clone)]
pub struct WindingUp {
    pub successor: Option<String>,
    pub finished: bool,
    pub left: Vec<String>,
    /// Offered while something is left that nobody may be told of yet.
    pub successors: Vec<Choice>,
}
