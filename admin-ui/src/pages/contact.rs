//! Screen 11, log a contact: type, result, length, next step, note. Owns the form, in place on the person's page and on a page
//! of its own, and the warning when the same contact seems logged twice. Lengths are presets; nothing else is remembered.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Choice, DayMonthYear, Errors, IdentityBar};

#[derive(Debug, Clone, Template)]
#[template(path = "parts/contact_form.html")]
pub struct ContactForm {
    pub action: String,
    pub form_token: String,
    pub submission: String,
    pub errors: Errors,
    pub channels: Vec<Choice>,
    pub results: Vec<Choice>,
    pub minutes: Vec<Choice>,
    pub next_steps: Vec<Choice>,
    pub next_on: DayMonthYear,
    pub note: String,
    /// "You logged a phone call with Jo Park 3 minutes ago." Saving again then says it is another one.
    pub double: Option<String>,
}
impl askama::filters::HtmlSafe for ContactForm {}

impl ContactForm {
    /// The presets everybody uses.
    pub fn usual_minutes() -> Vec<Choice> {
        [5, 15, 30, 60].map(|n: u8| Choice::new(n.to_string(), format!("{n} min"))).to_vec()
    }
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/contact.html")]
pub struct LogContact {
    pub chrome: Chrome,
    pub person_href: String,
    pub identity: IdentityBar,
    pub form: ContactForm,
}
