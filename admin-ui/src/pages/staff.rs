//! Screen 21, people: who works here, one member, who is invited, and inviting. Owns the words for when somebody was last seen
//! and for what became of an invitation.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Choice, Empty, Errors, Pagination, Tag, When};

#[derive(Debug, Clone)]
pub struct StaffRow {
    pub name: String,
    pub href: String,
    pub email: String,
    pub roles: String,
    /// Where one looks at more than one.
    pub organisation: Option<String>,
    /// `None`: not in the last 90 days.
    pub last_seen: Option<When>,
    pub second_factor: bool,
    pub is_you: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/staff.html")]
pub struct Staff {
    pub chrome: Chrome,
    pub words: String,
    /// Everybody, or those without a second factor.
    pub which: Vec<Choice>,
    /// Carried along.
    pub organisation: String,
    pub rows: Vec<StaffRow>,
    pub pagination: Pagination,
    pub empty: Option<Empty>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/member.html")]
pub struct Member {
    pub chrome: Chrome,
    pub errors: Errors,
    /// The list behind it: its address and its words.
    pub back: (&'static str, &'static str),
    /// Carried along, so that what is done leads back there.
    pub from: String,
    pub second_factor: bool,
    /// The second step is somebody's to reset.
    pub may_reset: bool,
    pub id: String,
    pub submission: String,
    pub version: String,
    pub name: String,
    pub email: String,
    pub organisation: Option<String>,
    pub last_seen: Option<When>,
    pub is_you: bool,
    /// Empty where only others may change them.
    pub roles: Vec<Choice>,
}

#[derive(Debug, Clone)]
pub struct InvitationRow {
    pub id: String,
    pub submission: String,
    pub email: String,
    pub roles: String,
    pub organisation: Option<String>,
    pub sent: When,
    pub standing: Tag,
    /// "They ask for a new link."
    pub news: Option<String>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/invitations.html")]
pub struct Invitations {
    pub chrome: Chrome,
    pub errors: Errors,
    pub rows: Vec<InvitationRow>,
    pub pagination: Pagination,
    pub empty: Option<Empty>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/invite.html")]
pub struct Invite {
    pub chrome: Chrome,
    pub errors: Errors,
    pub submission: String,
    /// Where to, in words.
    pub place: String,
    pub organisation: String,
    pub email: String,
    pub roles: Vec<Choice>,
}
