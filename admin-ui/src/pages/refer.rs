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

/// Where to write or call, and in which form; all of it may stay empty.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    pub phone: String,
    pub email: String,
    pub address: String,
    pub safe_times: String,
    pub formats: Vec<Choice>,
    pub interpreter: String,
    pub no_voicemail: bool,
    /// Unfolded, because something in it was filled in or wrong.
    pub open: bool,
}

impl Reach {
    fn voicemail(&self) -> Vec<Choice> {
        vec![Choice::new("no", "Do not leave a voice message").chosen(self.no_voicemail)]
    }
}

#[derive(Debug, Clone)]
pub enum Subject {
    Known(KnownPerson),
    /// `looked_up`: somebody was asked for. `found`: who it may be, to choose from; nobody: enter the details.
    New {
        person: NewPerson,
        looked_up: bool,
        found: Vec<Match>,
    },
}

/// An open request of ours to the same service.
#[derive(Debug, Clone)]
pub struct AskedBefore {
    pub href: String,
    pub words: String,
    pub reasons: Vec<Choice>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/refer.html")]
pub struct Refer {
    pub chrome: Chrome,
    pub errors: Errors,
    /// The same service was asked for them already, and that is open.
    pub before: Option<AskedBefore>,
    /// Makes a second press of Send the same send.
    pub submission: String,
    /// Those who look like them and are somebody else; not asked again.
    pub ruled_out: Vec<String>,
    /// What was searched for.
    pub who: String,
    pub nhs_number: String,
    pub subject: Subject,
    /// Where it goes, with current wait in the hint. One choice = shown as text.
    pub services: Vec<Choice>,
    pub needs: Vec<Choice>,
    /// "Uses a stick", "hard of hearing": asked only when the list is not empty.
    pub access: Vec<Choice>,
    pub risk: Vec<Choice>,
    /// Empty for a known person: how to reach them is on record and is not asked again.
    pub ways: Vec<Choice>,
    pub reach: Reach,
    pub agreement: Vec<Choice>,
    /// What the referrer may hear back, as the person chose; empty = not asked here.
    pub feedback: Vec<Choice>,
    pub matters: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
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

impl Refer {
    fn has_access_needs(&self) -> bool {
        self.access.iter().any(|choice| choice.chosen)
    }
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
