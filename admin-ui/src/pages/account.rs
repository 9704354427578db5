//! Your account: what you sign in with, and where you are signed in; the second half of a sign-in; setting up an app; recovery
//! codes; proving again that it is you. Owns their words.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Errors, When};

/// What can be asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ways {
    pub authenticator: bool,
    pub passkey: bool,
    pub recovery_code: bool,
}

/// The password was right; a second factor is asked for.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/second_factor.html")]
pub struct SecondFactor {
    pub chrome: Chrome,
    pub errors: Errors,
    pub ways: Ways,
    /// Where to go afterwards, and a form that was on its way.
    pub then: String,
    pub kept: String,
    /// Too many wrong codes: who to call, and no form.
    pub locked: bool,
}

/// How an app learns its secret.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/set_up_app.html")]
pub struct SetUpApp {
    pub chrome: Chrome,
    pub errors: Errors,
    /// Nobody comes in before it is set up.
    pub required: bool,
    pub secret: String,
    pub address: String,
    /// An image as a `data:` address.
    pub picture: String,
    /// Where the first code is posted to.
    pub action: String,
    pub then: String,
    pub kept: String,
}

/// Shown once.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/recovery_codes.html")]
pub struct RecoveryCodes {
    pub chrome: Chrome,
    pub codes: Vec<String>,
    /// A sign-in waits to be finished; otherwise there is an account page to go back to.
    pub signing_in: bool,
    pub then: String,
    pub kept: String,
}

impl RecoveryCodes {
    /// The codes as a file, in an address.
    fn file(&self) -> String {
        let lines = self.codes.join("%0D%0A");
        format!(
            "data:text/plain;charset=utf-8,Trellis%20recovery%20codes.%20Each%20works%20once.%0D%0A{lines}%0D%0A"
        )
    }
}

/// Before something that somebody at an unlocked desk must not be able to do.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/prove.html")]
pub struct Prove {
    pub chrome: Chrome,
    pub errors: Errors,
    pub authenticator: bool,
    pub passkey: bool,
    pub then: String,
    pub kept: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub id: String,
    pub name: String,
    pub added: When,
    pub used: Option<When>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub id: String,
    pub words: String,
    pub since: When,
    pub seen: When,
    pub acting_for: String,
    pub current: bool,
    pub second_factor: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/account.html")]
pub struct Account {
    pub chrome: Chrome,
    pub errors: Errors,
    pub name: String,
    pub email: String,
    /// Else only an organisation's provider has said who this is.
    pub owner_proved: bool,
    pub password_changed: Option<When>,
    pub authenticator: Option<When>,
    pub passkeys: Vec<Key>,
    pub passkeys_possible: bool,
    pub codes_left: i64,
    pub devices: Vec<Device>,
}

impl Account {
    fn has_second_factor(&self) -> bool {
        self.authenticator.is_some() || !self.passkeys.is_empty()
    }

    fn password_hint(&self) -> &'static str {
        if self.has_second_factor() {
            "8 characters or more. Paste one from a password manager, or use a few words that do not belong together."
        } else {
            "15 characters or more. Paste one from a password manager, or use a few words that do not belong together."
        }
    }

    fn is_alone(&self) -> bool {
        self.devices.len() < 2
    }
}
