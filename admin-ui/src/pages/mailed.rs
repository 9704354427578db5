//! Links in mails: asking for one, using one, choosing a new password. The same words whether or not an address is known.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Errors};

#[derive(Debug, Clone, Template)]
#[template(path = "pages/mail_link.html")]
pub struct MailLink {
    pub chrome: Chrome,
    pub errors: Errors,
    /// To set a new password with, not to sign in.
    pub recovery: bool,
    pub expired: bool,
    pub email: String,
}

impl MailLink {
    fn heading(&self) -> &'static str {
        if self.recovery { "Forgotten your password?" } else { "Sign in with a link in an e-mail" }
    }

    fn action(&self) -> &'static str {
        if self.recovery { "/recover" } else { "/sign-in/link" }
    }
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/mail_sent.html")]
pub struct MailSent {
    pub chrome: Chrome,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/use_link.html")]
pub struct UseLink {
    pub chrome: Chrome,
    pub action: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/new_password.html")]
pub struct NewPassword {
    pub chrome: Chrome,
    pub errors: Errors,
    pub action: String,
}
