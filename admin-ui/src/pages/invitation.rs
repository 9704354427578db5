//! The page of an invitation's link, outside of any sign-in: who asks, as what, and the one thing to do. Owns the words for a
//! link that has run out, was used, taken back or replaced. Looking spends nothing; only a press joins.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Errors, When};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A new login is made: name and password are chosen.
    New,
    /// The address has a login: its password is proved.
    Known,
    Expired,
    /// Whoever invited has been told.
    Asked,
    Accepted,
    Withdrawn,
    Replaced,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/invitation.html")]
pub struct Invitation {
    pub chrome: Chrome,
    pub errors: Errors,
    pub standing: Standing,
    /// Of the page itself.
    pub path: String,
    pub place: String,
    pub email: String,
    /// "link worker and team lead".
    pub roles: String,
    pub until: When,
    pub name: String,
}
