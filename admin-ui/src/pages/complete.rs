//! Finish a referral: how it ended, in a word, and what is told to whoever asked, under the national headings. Owns the form on
//! its page. Refuses to say who reads it: that is the person's choice, and the page says so.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Choice, Errors, IdentityBar, Refusal};

#[derive(Debug, Clone, Template)]
#[template(path = "pages/complete.html")]
pub struct Complete {
    pub chrome: Chrome,
    pub errors: Errors,
    pub refusal: Option<Refusal>,
    pub id: String,
    pub reference: String,
    pub version: String,
    pub submission: String,
    pub identity: IdentityBar,
    pub outcomes: Vec<Choice>,
    pub support: String,
    pub changed: String,
    pub for_referrer: String,
}
