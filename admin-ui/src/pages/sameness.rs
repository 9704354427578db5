//! A part of screen 9: other records that may be of the same person, and those that were found to be.
use crate::parts::When;

/// Somebody may be on record twice. Asked until it is answered.
#[derive(Debug, Clone)]
pub struct MaybeSame {
    pub id: String,
    pub name: String,
    /// "born 4 May 1959, ZZ99 3VZ"
    pub details: String,
    /// "Same name, same date of birth. Registered by Mill Street Surgery."
    pub why: String,
    pub open: Vec<String>,
}

/// Another record of the same person.
#[derive(Debug, Clone)]
pub struct AlsoOnRecord {
    pub match_id: String,
    pub href: String,
    pub name: String,
    pub custodian: String,
    pub decided: When,
    pub open: Vec<String>,
}

#[derive(Debug, Clone, Default)]
pub struct Sameness {
    pub maybe: Vec<MaybeSame>,
    pub also: Vec<AlsoOnRecord>,
    /// May the visitor answer, and take an answer back?
    pub decides: bool,
    pub submission: String,
}

impl Sameness {
    pub fn is_empty(&self) -> bool {
        self.maybe.is_empty() && self.also.is_empty()
    }
}
