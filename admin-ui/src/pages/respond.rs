//! Screen 2, a provider answers from an e-mail. Owns the order of things: first only what is needed to decide, then the answer,
//! then the code for this device, then who it is. Refuses to show a name before that; the structs of the first steps have
//! no field for one.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Choice, Errors, When};

/// What may be known before accepting. No name, no address, no exact age.
#[derive(Debug, Clone)]
pub struct Outline {
    pub service: String,
    pub asked_by: Option<String>,
    pub looking_for: Vec<String>,
    pub age_band: String,
    pub area: String,
    pub access: Vec<String>,
    pub reply_by: Option<When>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/respond_ask.html")]
pub struct Ask {
    pub chrome: Chrome,
    pub errors: Errors,
    /// Posts go to `{path}`: the address with the token in it.
    pub path: String,
    pub outline: Outline,
    /// "2 places left", "No places: saying yes puts them on your waiting list".
    pub places: Option<String>,
    pub reasons: Vec<Choice>,
    /// `None`: no note is asked for. Otherwise the text that came back.
    pub note: Option<String>,
    /// The second part is open (a reason was missing, or was asked for).
    pub declining: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/respond_code.html")]
pub struct Code {
    pub chrome: Chrome,
    pub errors: Errors,
    pub path: String,
    /// Posts here send a new code; `None` leaves the button out.
    pub again: Option<String>,
    /// "b…@example.org": enough to recognise, not enough to learn.
    pub sent_to: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/respond_contact.html")]
pub struct Contact {
    pub chrome: Chrome,
    pub name: String,
    pub reference: String,
    /// "Phone after 2pm. Do not leave a message", "Letters in large print".
    pub reach: Vec<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    /// Left out when nothing was shared about it; never read as "no risk".
    pub risk: Option<String>,
    /// What matters to the person, in their own words.
    pub matters: Option<String>,
    pub outline: Option<Outline>,
    /// What was agreed to be shared with this group.
    pub shared: Option<String>,
    /// Name and phone of who knows the person.
    pub link_worker: Option<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Declined,
    Waitlisted,
    AlreadyAccepted,
    AlreadyDeclined,
    Withdrawn,
    /// One press sends a new link to the same address.
    Expired,
    NewLinkSent,
    /// The address was never one of ours, or was typed wrongly.
    NoSuchLink,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/respond_done.html")]
pub struct Done {
    pub chrome: Chrome,
    /// Posts here do the one thing left: send a new link or a new code. `None`: phone instead.
    pub again: Option<String>,
    pub outcome: Outcome,
    /// When it was answered, for the "already" states.
    pub when: Option<When>,
}

impl Done {
    fn heading(&self) -> &'static str {
        match self.outcome {
            Outcome::Declined => "Thank you. We have told them",
            Outcome::Waitlisted => "They are on your waiting list",
            Outcome::AlreadyAccepted => "You already said yes",
            Outcome::AlreadyDeclined => "You already answered",
            Outcome::Withdrawn => "This request was taken back",
            Outcome::Expired => "This link has run out",
            Outcome::NewLinkSent => "Look in your e-mail",
            Outcome::NoSuchLink => "We do not know this link",
        }
    }
}
