//! Signing in through an organisation's provider: its short name, connecting what was proved there, one's own connections, and
//! the administrator's page. Owns their words. The secret is typed here and never printed back.
use askama::Template;

use crate::chrome::Chrome;
use crate::parts::{self, Errors, When};

/// Which organisation?
#[derive(Debug, Clone, Template)]
#[template(path = "pages/with_provider.html")]
pub struct WithProvider {
    pub chrome: Chrome,
    pub errors: Errors,
    pub name: String,
}

/// On the way there. A page between, because a browser follows the answer to a form to our own pages only (`form-action`).
#[derive(Debug, Clone, Template)]
#[template(path = "pages/to_provider.html")]
pub struct ToProvider {
    pub chrome: Chrome,
    pub href: String,
}

/// Proved at a provider, and not yet connected to a login.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/connect_identity.html")]
pub struct ConnectIdentity {
    pub chrome: Chrome,
    pub provider: String,
    /// What the provider calls them.
    pub shown: Option<String>,
    /// Who is signed in here, by their own credentials; none means sign in first.
    pub login: Option<String>,
    pub action: String,
    pub sign_in: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    pub issuer: String,
    pub name: String,
    pub since: When,
    pub last_used: Option<When>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/connections.html")]
pub struct Connections {
    pub chrome: Chrome,
    pub done: Option<String>,
    pub refusal: Option<(String, String)>,
    pub connected: Vec<Connected>,
    /// Where the acting organisation's provider is begun.
    pub connect: Option<String>,
}

/// What is typed on the administrator's page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub name: String,
    pub short_name: String,
    pub issuer: String,
    pub client_id: String,
    pub scopes: String,
    pub strong_acr: String,
    pub strong_amr: String,
}

/// What there is already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub id: String,
    pub version: String,
    pub enabled: bool,
    /// What the provider has to be told.
    pub back_address: String,
    /// What people open.
    pub sign_in_path: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "pages/admin_sign_in.html")]
pub struct AdminSignIn {
    pub chrome: Chrome,
    pub errors: Errors,
    pub done: Option<String>,
    pub refusal: Option<(String, String)>,
    /// What a trial has found.
    pub found: Vec<String>,
    pub known: Option<Known>,
    pub typed: Typed,
    pub submission: String,
}
