//! Handing records over to another organisation, and what others offer. Owns the words that say what it does; refuses to show
//! anybody's record.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Choice, Errors, Tag};

/// One offer, made or received.
#[derive(Debug, Clone)]
pub struct OfferRow {
    pub id: String,
    /// "Offered to Vale Health Centre".
    pub heading: String,
    pub state: Tag,
    pub words: Vec<String>,
    pub withdrawable: bool,
    /// Why it may be declined. Empty: there is nothing to answer.
    pub declines: Vec<Choice>,
    /// Who offers, on the buttons.
    pub from: String,
    pub submission: String,
}

/// What is asked of whoever offers.
#[derive(Debug, Clone)]
pub struct OfferForm {
    pub receivers: Vec<Choice>,
    pub reasons: Vec<Choice>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/records.html")]
pub struct Records {
    pub chrome: Chrome,
    pub errors: Errors,
    pub submission: String,
    /// "12 people".
    pub people: String,
    pub offers: Vec<OfferRow>,
    pub form: Option<OfferForm>,
    /// Why nothing can be offered now.
    pub no_form: String,
}
