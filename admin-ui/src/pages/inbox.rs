//! Screen 6, the referral inbox: new and waiting referrals, oldest unassigned first, assign several at once. Owns the words
//! about what a tick reaches (this page only). Refuses to show a name where the caller gave none (before acceptance).
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Chip, Choice, Empty, Pagination, Tab, Tag, When};

#[derive(Debug, Clone)]
pub struct InboxRow {
    /// What its tick box sends: its id; empty when it cannot be given to anybody now.
    pub id: String,
    pub href: String,
    /// The person's name, or "Somebody aged 65 to 74" before identity is shared.
    pub who: String,
    pub reference: String,
    pub needs: String,
    pub from: String,
    pub waiting: When,
    pub late: bool,
    pub risk: Option<String>,
    pub owner: Option<String>,
    pub state: Tag,
    pub ticked: bool,
}

#[derive(Debug, Clone, Default)]
pub struct InboxFilter {
    pub side: String,
    /// `None`: this list cannot be searched by words.
    pub text: Option<String>,
    pub states: Vec<Choice>,
    pub owners: Vec<Choice>,
    pub open: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/inbox.html")]
pub struct Inbox {
    pub chrome: Chrome,
    /// Received, and sent by us; empty when there is only one side.
    pub sides: Vec<Tab>,
    pub filter: InboxFilter,
    pub chips: Vec<Chip>,
    pub rows: Vec<InboxRow>,
    /// This person may give referrals to somebody, and there are some to give.
    pub may_assign: bool,
    /// The same page with all ticked, for browsers without scripts.
    pub tick_all: String,
    /// This page, to come back to.
    pub from: String,
    pub pagination: Pagination,
    pub empty: Option<Empty>,
    pub can_refer: bool,
}
