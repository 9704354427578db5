//! Screen 8, my people. Owns a dense list: fifteen rows and more on a laptop, every cell in words, late ones marked in words
//! and by a bar. Refuses to remember a sort order: due first, always, so nobody is missed because of yesterday's choice.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Chip, Choice, Empty, Pagination, Tag, When};

#[derive(Debug, Clone)]
pub struct PersonRow {
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
    pub overdue_only: bool,
    pub open: bool,
}

impl CaseloadFilter {
    fn overdue(&self) -> Vec<Choice> {
        vec![Choice::new("yes", "Overdue only").chosen(self.overdue_only)]
    }
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
    pub pagination: Pagination,
    pub empty: Option<Empty>,
}
