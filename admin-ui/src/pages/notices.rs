//! Pages that say one thing: not found, not for you, something broke, done, and the accessibility statement. Owns their words.
//! Somebody else's record reads exactly like one that never was.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Errors, Refusal};

/// Also for records of other organisations: same words, same shape.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/not_found.html")]
pub struct NotFound {
    pub chrome: Chrome,
}

/// A place this role does not reach: what is behind it, who can open it, and a way to ask.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/no_permission.html")]
pub struct NoPermission {
    pub chrome: Chrome,
    pub errors: Errors,
    /// "The list of referrals for your whole team."
    pub hidden: String,
    /// "Your team lead, Ann Bello".
    pub who_can: String,
    /// Posts here carry `why`; the reason goes to the audit log.
    pub ask: Option<String>,
    /// The address that was wanted; travels along.
    pub wanted: String,
    pub submission: String,
    pub why: String,
}

/// A refusal by a rule, or a fault of ours: what happened, what next, the number for the log.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/refused.html")]
pub struct Refused {
    pub chrome: Chrome,
    pub heading: String,
    pub refusal: Refusal,
}

impl Refused {
    /// Our own fault. Says that nothing was saved, because a failed write leaves nothing behind.
    pub fn fault(chrome: Chrome, request_id: impl Into<String>) -> Self {
        let refusal = Refusal {
            what_happened: "Something went wrong on our side. What you sent was not saved.".to_owned(),
            next: "Go back and try again. What you typed is still in the form.".to_owned(),
            link: None,
            phone: chrome.help.phone.clone(),
            request_id: Some(request_id.into()),
        };
        Self { chrome, heading: "Sorry, that did not work".to_owned(), refusal }
    }

    /// Too many at once: the server is up and says so.
    pub fn busy(chrome: Chrome, request_id: impl Into<String>) -> Self {
        let refusal = Refusal {
            what_happened: "Trellis is very busy just now. What you sent was not saved.".to_owned(),
            next: "Wait a minute, go back and try again.".to_owned(),
            link: None,
            phone: chrome.help.phone.clone(),
            request_id: Some(request_id.into()),
        };
        Self { chrome, heading: "Please try again in a minute".to_owned(), refusal }
    }
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/confirmed.html")]
pub struct Confirmed {
    pub chrome: Chrome,
    pub heading: String,
    pub words: Vec<String>,
    pub reference: Option<String>,
    pub links: Vec<(String, String)>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/accessibility.html")]
pub struct Accessibility {
    pub chrome: Chrome,
}
