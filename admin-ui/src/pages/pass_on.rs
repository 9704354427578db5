//! Pass somebody to another service: beside our own help (onward) or instead of it (transfer). Owns showing exactly what they will
//! see before anything is sent, and asking how the person agreed. Nothing is picked beforehand.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Choice, Errors, IdentityBar, Refusal, Tag};

#[derive(Debug, Clone, Template)]
#[template(path = "pages/pass_on.html")]
pub struct PassOn {
    pub chrome: Chrome,
    pub errors: Errors,
    pub refusal: Option<Refusal>,
    pub id: String,
    pub reference: String,
    /// "Ask Eastfield walking group to help"
    pub heading: String,
    pub action: String,
    pub version: String,
    pub submission: String,
    pub identity: IdentityBar,
    pub service_id: String,
    /// Name and organisation.
    pub service: (String, String),
    pub room: Tag,
    pub choose_again: String,
    /// Label and value: the de-identified request.
    pub they_see: Vec<(String, String)>,
    /// Asked when passing on beside our own help.
    pub agreement: Vec<Choice>,
    /// Asked when this service has been asked for them already.
    pub again: Vec<Choice>,
    /// Asked when passing on instead of it.
    pub reasons: Vec<Choice>,
    /// `None`: not asked.
    pub matters: Option<String>,
    pub button: String,
}
