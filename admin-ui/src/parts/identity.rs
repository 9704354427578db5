//! Owns the identity bar: who this is, how to reach them, what to be careful about, what they agreed to. Always words, never
//! an icon or a colour alone. Refuses to hide anything: the caller leaves out what may not be seen and says so in `limited`.
use askama::Template;

use super::{Tag, When};

#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/identity.html")]
pub struct IdentityBar {
    pub name: String,
    /// "she/her", when the person told us.
    pub pronouns: Option<String>,
    pub age: Option<String>,
    pub born: Option<When>,
    /// Grouped: "999 000 0018".
    pub nhs_number: Option<String>,
    pub reference: Option<String>,
    pub status: Option<Tag>,
    /// "Letter, large print", "Phone 01632 960 010 after 2pm", "Interpreter: none".
    pub reach: Vec<String>,
    /// Digits of the number above, when phoning is allowed.
    pub phone: Option<String>,
    /// "Dog at address (checked 3 Nov)". `None` = "No risk recorded".
    pub risk: Option<String>,
    /// "Share with Eastfield Walkers only". `None` = "Nothing agreed yet".
    pub agreed: Option<String>,
    /// Why this view is not the whole record, when it is not.
    pub limited: Option<String>,
    /// The name is the page's h1, or a part of a page with another h1.
    pub is_heading: bool,
}
