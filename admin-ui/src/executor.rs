//! The one port through which pages reach anything: a GraphQL document, a session, the demo's mailbox. `api` implements it in
//! process; it could as well be another machine. Owns the names of the cookies and the kinds of fault a page knows.
//! Refuses to carry anything that GraphQL does not offer to everybody.
use std::any::Any;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;

use crate::chrome::HelpLine;

/// The session's secret. `HttpOnly`, `SameSite=Lax`; set by [`Executor::sign_in`] only. Over TLS the prefix makes the
/// browser keep it to this host, to `Secure` and to `Path=/`; on a local address without TLS it would refuse that name.
pub const fn session_cookie(secure: bool) -> &'static str {
    if secure { "__Host-trellis_session" } else { "trellis_session" }
}
/// Half a sign-in: set when the password was right and a second factor is due. The same rules as for the session's.
pub const fn ticket_cookie(secure: bool) -> &'static str {
    if secure { "__Host-trellis_ticket" } else { "trellis_ticket" }
}
/// Proof that a provider's device was verified once. Set by the respond pages only.
pub const DEVICE_COOKIE: &str = "trellis_device";

/// The secret of a sign-in that is under way at an organisation's provider. Set and cleared by the executor only.
pub const fn provider_cookie(secure: bool) -> &'static str {
    if secure { "__Host-trellis_provider" } else { "trellis_provider" }
}

/// What the executor has found out about a visitor, in words of its own; it lives as long as the visitor's request, so that
/// a page of several documents asks once who it is for.
#[derive(Clone, Default)]
pub struct FoundOut(Arc<OnceLock<Box<dyn Any + Send + Sync>>>);

impl FoundOut {
    pub fn get<T: Clone + 'static>(&self) -> Option<T> {
        self.0.get()?.downcast_ref::<T>().cloned()
    }

    /// The first that is found out stays.
    pub fn keep<T: Send + Sync + 'static>(&self, found: T) {
        let _ = self.0.set(Box::new(found));
    }
}

impl PartialEq for FoundOut {
    /// Two visitors are the same by what they bring along.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for FoundOut {}

/// Who asks: nobody is known yet. The executor finds the session behind the cookie.
#[derive(Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The value of [`session_cookie`].
    pub cookie: Option<String>,
    /// The value of [`ticket_cookie`].
    pub ticket: Option<String>,
    /// The value of [`DEVICE_COOKIE`].
    pub device: Option<String>,
    /// The value of [`provider_cookie`].
    pub at_provider: Option<String>,
    /// For limits; never logged beside a person.
    pub address: String,
    /// What the browser says of itself. Told in coarse words; never kept and never logged.
    pub agent: String,
    pub request_id: String,
    pub found_out: FoundOut,
}

impl std::fmt::Debug for Visitor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Visitor").field("request_id", &self.request_id).finish_non_exhaustive()
    }
}

/// What the server in front of the pages may know better than they do; put into the request's extensions.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub address: String,
    pub request_id: String,
}

/// One operation of the manifest, as it is in `documents/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document {
    pub name: &'static str,
    pub text: &'static str,
}

/// What is the same for every visitor.
#[derive(Debug, Clone)]
pub struct House {
    /// For pages that no organisation stands behind yet.
    pub help: HelpLine,
    /// Invented data, and a mailbox to look into.
    pub demo: bool,
    /// Cookies travel over TLS only.
    pub secure: bool,
}

/// Why there is no answer. Expected outcomes are values of the answer, not faults.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("nobody is signed in, or the session has ended")]
    Unauthenticated,
    #[error("the role does not allow this")]
    Forbidden,
    #[error("there is no such thing, or it is not the visitor's to see")]
    NotFound,
    #[error("the organisation asks for a second factor, and the session has none")]
    FactorNeeded,
    #[error("the organisation asks for a second factor by now, and the session was opened with one")]
    WeakSession,
    #[error("the input was not understood")]
    BadInput(String),
    #[error("an organisation's provider does not speak for another organisation")]
    OwnCredentials,
    #[error("too many requests")]
    Throttled,
    #[error("the service cannot be reached just now")]
    Unavailable,
    #[error("something went wrong inside")]
    Internal,
}

/// A session has begun or ended: the `Set-Cookie` header to answer with, flags and all.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub set_cookie: String,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignedIn")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefused {
    /// Unknown address and wrong password alike.
    #[error("e-mail address and password do not belong together")]
    NotKnown,
    #[error("too many tries")]
    TooManyTries,
    /// The first proof was right: the ticket's cookie, and whether there is a second factor to ask for.
    #[error("a second factor is needed")]
    FactorNeeded { set_cookie: String, must_set_up: bool },
    /// The second factor was reset, and no new one was set up in time.
    #[error("the reset of the second factor is over")]
    ResetOver,
    #[error("the code is not right")]
    WrongCode,
    /// The ticket has run out, or was tried too often.
    #[error("the sign-in has to begin again")]
    BeginAgain,
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What a device answered, as the page's script has put it into a form.
#[derive(Clone, PartialEq, Eq)]
pub struct PasskeyAnswer {
    pub challenge: String,
    pub answer: String,
}

impl std::fmt::Debug for PasskeyAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasskeyAnswer")
    }
}

/// The second proof of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Second {
    Code(String),
    RecoveryCode(String),
    Passkey(PasskeyAnswer),
    /// It was set up with the same ticket just now.
    SetUp,
}

/// Off to an organisation's provider: where, and the cookie that knows the way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    pub address: String,
    pub cookie: SignedIn,
}

/// What the provider has put into the address on the way back.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProviderAnswer<'a> {
    pub state: &'a str,
    pub code: &'a str,
    pub error: &'a str,
    /// Who answers, where it says so.
    pub issuer: &'a str,
}

/// Back from the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returned {
    SignedIn {
        cookies: [SignedIn; 2],
        after: String,
    },
    /// Proved there, and connected to no login yet.
    NotConnected,
}

/// What this browser has proved at a provider and may connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub provider: String,
    pub short_name: String,
    /// What the provider calls them.
    pub shown: Option<String>,
}

/// Why an organisation's provider does not open the door.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderRefused {
    #[error("there is no such provider, or it is switched off")]
    Unknown,
    #[error("the provider does not answer")]
    Away,
    #[error("the provider and this installation do not fit")]
    Unfit,
    #[error("the provider did not let the person in")]
    NotLetIn,
    /// Too late, another browser, a second time, or a proof that does not hold.
    #[error("the sign-in has to be started again")]
    StartAgain,
    #[error("the login does not belong to the organisation")]
    NotAMember,
    #[error("the organisation asks for a second factor")]
    SecondFactor,
    #[error("a fresh sign-in with one's own credentials is needed")]
    SignInFirst,
    #[error("the identity belongs to another login")]
    Taken,
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// An e-mail that the demo caught. `id` counts up in the order of arrival.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Mail {
    pub id: u64,
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    pub text: String,
}

/// Where the demo's e-mails are kept.
pub trait Mailbox: Send + Sync {
    /// Newest first.
    fn list(&self) -> Vec<Mail>;
    fn message(&self, id: u64) -> Option<Mail>;
}

#[async_trait]
pub trait Executor: Send + Sync {
    fn house(&self) -> &House;

    /// The one clock, so that pages and rules agree what day it is.
    fn now(&self) -> Timestamp;

    /// Never the same twice: printed in each form, so that a second press is the same request.
    fn fresh_key(&self) -> String;

    /// Runs one document as the visitor. Answers the `data` of the response.
    async fn run(&self, visitor: &Visitor, document: Document, variables: Value) -> Result<Value, Fault>;

    async fn sign_in(
        &self,
        visitor: &Visitor,
        email: &str,
        password: &str,
    ) -> Result<SignedIn, SignInRefused>;

    /// The second half, for whoever holds the ticket.
    async fn finish_sign_in(&self, visitor: &Visitor, second: Second) -> Result<SignedIn, SignInRefused>;

    /// With nothing typed: a passkey says who it belongs to.
    async fn sign_in_with_passkey(
        &self,
        visitor: &Visitor,
        answer: PasskeyAnswer,
    ) -> Result<SignedIn, SignInRefused>;

    /// With the token of a mail, which is good once.
    async fn sign_in_with_link(&self, visitor: &Visitor, token: &str) -> Result<SignedIn, SignInRefused>;

    /// With the token of a mail and the password: drops every second factor. The header holds a ticket to set up a new one.
    async fn reset_factors(
        &self,
        visitor: &Visitor,
        token: &str,
        password: &str,
    ) -> Result<SignedIn, SignInRefused>;

    /// Goes on as another membership of the same login.
    async fn switch(&self, visitor: &Visitor, membership_id: &str) -> Result<SignedIn, Fault>;

    /// Ends the session, if there is one. The header takes the cookie away.
    async fn sign_out(&self, visitor: &Visitor) -> Result<SignedIn, Fault>;

    /// Begins a sign-in at the provider of this short name. `after`: a path of ours to go to in the end.
    async fn leave_for_provider(
        &self,
        visitor: &Visitor,
        short_name: &str,
        after: &str,
    ) -> Result<Leaving, ProviderRefused>;

    /// Ends it: once, for the browser that began it.
    async fn back_from_provider(
        &self,
        visitor: &Visitor,
        short_name: &str,
        answer: ProviderAnswer<'_>,
    ) -> Result<Returned, ProviderRefused>;

    /// What this browser has proved and may connect, for a few minutes.
    async fn waiting_at_provider(&self, visitor: &Visitor) -> Result<Option<Waiting>, Fault>;

    /// Connects it with the login that has just signed in. The header takes the cookie away.
    async fn connect_identity(&self, visitor: &Visitor) -> Result<SignedIn, ProviderRefused>;

    /// `None` outside a demo.
    fn mailbox(&self) -> Option<&dyn Mailbox> {
        None
    }
}
