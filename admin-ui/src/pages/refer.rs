//! Screen 3, refer someone: one page, one send. Owns the order of the questions and the interruption for a possible duplicate.
//! Nothing is picked beforehand. Refuses to search by itself: a person is shown only when the caller was allowed to see
//! them, and an empty result reads the same whether somebody exists elsewhere or not.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Choice, DayMonthYear, Errors, When};

/// Somebody the referrer's organisation already knows; printed as text, not asked again.
#[derive(Debug, Clone)]
pub struct KnownPerson {
    pub id: String,
    pub name: String,
    pub born: When,
    pub nhs_number: Option<String>,
    pub reach: Vec<String>,
}

#[derive(Debug, Clone, Default)]
pub struct NewPerson {
    pub first_name: String,
    pub last_name: String,
    pub born: DayMonthYear,
    pub postcode: String,
}

#[derive(Debug, Clone)]
pub enum Subject {
    Known(KnownPerson),
    /// `looked_up`: a number was asked for and nobody was found.
    New {
        person: NewPerson,
        looked_up: bool,
    },
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/refer.html")]
pub struct Refer {
    pub chrome: Chrome,
    pub errors: Errors,
    /// Makes a second press of Send the same send.
    pub submission: String,
    pub nhs_number: String,
    pub subject: Subject,
    /// Where it goes, with current wait in the hint. One choice = shown as text.
    pub services: Vec<Choice>,
    pub needs: Vec<Choice>,
    pub risk: Vec<Choice>,
    pub risk_detail: String,
    pub ways: Vec<Choice>,
    pub phone: String,
    pub email: String,
    pub agreement: Vec<Choice>,
    pub matters: String,
}

#[derive(Debug, Clone)]
pub struct Match {
    pub id: String,
    pub name: String,
    pub born: When,
    pub postcode: String,
    /// "Open referral to North Vale Links since 3 November, with Riz Ahmed".
    pub state: String,
}

/// The interruption. What was filled in travels along in hidden fields, so nothing is typed twice.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/refer_duplicate.html")]
pub struct PossibleDuplicate {
    pub chrome: Chrome,
    pub errors: Errors,
    pub name: String,
    pub matches: Vec<Match>,
    pub kept: Vec<(String, String)>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/refer_sent.html")]
pub struct Sent {
    pub chrome: Chrome,
    pub reference: String,
    pub name: String,
    pub sent_to: String,
    /// Plain sentences: what happens, by when, how they hear.
    pub next: Vec<String>,
    pub href: String,
}

impl PossibleDuplicate {
    fn choices(&self) -> Vec<Choice> {
        let same = self.matches.iter().map(|found| {
            let born = &found.born.words;
            Choice::new(&found.id, format!("Yes: {}, born {born}, {}", found.name, found.postcode))
                .hint(&found.state)
        });
        same.chain([Choice::new("different", "No, this is a different person")]).collect()
    }
}
