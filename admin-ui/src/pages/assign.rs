//! Giving several referrals away: the ticked ones once more, to whom they go, and what became of it. Owns the check before and
//! the account after; one that could not be given is named with its reason. Refuses to give anything by itself.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Choice, Empty, Errors, Tag, When};

/// One of the ticked, as it is now.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// What the form sends for it: which, which version, which stage. Empty: it cannot be given to anybody now.
    pub ticket: String,
    pub id: String,
    pub href: String,
    pub who: String,
    pub reference: String,
    pub needs: String,
    pub due: Option<When>,
    pub late: bool,
    pub owner: Option<String>,
    pub state: Tag,
}

/// What one worker would get.
#[derive(Debug, Clone)]
pub struct ShareRow {
    pub name: String,
    pub gets: i64,
    pub before: i64,
    pub after: i64,
}

/// Shared out over several, to be confirmed.
#[derive(Debug, Clone)]
pub struct Shares {
    pub rows: Vec<ShareRow>,
    /// What the form sends: each with who gets it.
    pub tickets: Vec<String>,
    /// New ones are accepted first, and given to one worker.
    pub left_out: usize,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/assign.html")]
pub struct Assign {
    pub chrome: Chrome,
    pub errors: Errors,
    /// "Give 5 referrals to somebody"
    pub heading: String,
    pub chosen: Vec<Chosen>,
    pub workers: Vec<Choice>,
    /// Empty: nobody has any of them yet, so none is asked for.
    pub reasons: Vec<Choice>,
    /// Over whom they can be shared out. Empty: this person may not see how much everybody has.
    pub over: Vec<Choice>,
    pub shares: Option<Shares>,
    /// The list that one came from.
    pub from: String,
    pub submission: String,
    pub empty: Option<Empty>,
}

/// How many a worker got, or has back.
#[derive(Debug, Clone)]
pub struct Given {
    pub name: String,
    pub n: usize,
}

/// One that stays where it was, and why.
#[derive(Debug, Clone)]
pub struct NotGiven {
    pub href: String,
    pub who: String,
    pub reference: String,
    pub why: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/assigned.html")]
pub struct Assigned {
    pub chrome: Chrome,
    pub heading: String,
    pub given: Vec<Given>,
    pub not_given: Vec<NotGiven>,
    /// Some were new, and have been accepted for this: an undo leaves that.
    pub accepted: bool,
    pub from: String,
}
