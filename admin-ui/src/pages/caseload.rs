//! Screen 8, my people. Owns a dense list: fifteen rows and more on a laptop, every cell in words, late ones marked in words
//! and by a bar. Refuses to remember a sort order: due first, always, so nobody is missed because of yesterday's choice.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Chip, Choice, Empty, Pagination, Tag, When};

#[derive(Debug, Clone)]
pub struct PersonRow {
    /// What its tick box sends: the referral's id.
    pub id: String,
    pub ticked: bool,
    pub needs: String,
    pub weight: i64,
    pub href: String,
    pub name: String,
    pub reference: String,
    pub next_step: Option<String>,
    pub due: Option<When>,
    pub late: bool,
    pub stage: Tag,
    pub last_contact: Option<When>,
    /// "Letter, large print"
    pub reach: String,
    pub log_contact: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub struct CaseloadFilter {
    /// `None`: this list cannot be searched by words.
    pub text: Option<String>,
    /// Mine, the team's, or one worker's. Empty: there is only mine to see.
    pub whose: Vec<Choice>,
    pub stages: Vec<Choice>,
    /// What they asked for; empty where the list is one's own.
    pub needs: Vec<Choice>,
    pub overdue_only: bool,
    pub open: bool,
}

impl CaseloadFilter {
    fn overdue(&self) -> Vec<Choice> {
        vec![Choice::new("yes", "Overdue only").chosen(self.overdue_only)]
    }
}

/// What stands around a list that can be given away from.
#[derive(Debug, Clone)]
pub struct Giving {
    /// The page of all workers; none where this person may not see that.
    pub team: Option<String>,
    /// The same page with all ticked, for browsers without scripts.
    pub tick_all: String,
    /// This page, to come back to.
    pub from: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/caseload.html")]
pub struct Caseload {
    pub chrome: Chrome,
    /// "My people", or "People with Riz Ahmed".
    pub heading: String,
    pub filter: CaseloadFilter,
    pub chips: Vec<Chip>,
    pub rows: Vec<PersonRow>,
    /// For a list that is given away from: who has them in hand is on another page, and rows can be ticked.
    pub giving: Option<Giving>,
    pub pagination: Pagination,
    pub empty: Option<Empty>,
}
