//! Screen 1, sign in. Owns the words for a first visit, a wrong password, an idle lock and too many tries. The same words
//! for an unknown address and a wrong password: the page never tells who has an account.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Errors};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Arrival {
    #[default]
    First,
    SignedOut,
    /// Locked after being idle; drafts are kept.
    Idle,
    /// The organisation asks for two factors since, and the session was opened with one.
    Weak,
    /// The second step took too long, or went wrong too often.
    Again,
    /// A new password was set.
    Recovered,
    /// The second step was reset, and no new one was set up in time: who to ask.
    ResetOver,
    /// Too many tries: who to call, and no form.
    Locked,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/sign_in.html")]
pub struct SignIn {
    pub chrome: Chrome,
    pub errors: Errors,
    pub arrival: Arrival,
    pub email: String,
    /// A same-origin path to go to afterwards.
    pub then: String,
    /// A form that was on its way when the session ended, as it was sent; empty when there is none.
    pub kept: String,
}

/// After signing in again: what was typed is still here, and one press sends it.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/resume.html")]
pub struct Resume {
    pub chrome: Chrome,
    pub action: String,
    pub fields: Vec<(String, String)>,
}
