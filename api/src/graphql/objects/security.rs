//! What somebody can prove themselves with, for its owner's eyes only, and the halves of ceremonies that prove it.

use async_graphql::{ID, SimpleObject};
use trellis_infra::pg::platform::{NewAuthenticator, PasskeyChallenge, Security, Ticket, Ways};

use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

/// Half a sign-in: the first proof was right.
#[derive(SimpleObject, Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent, and a client asks for each by name")]
#[graphql(name = "SignInTicket", directive = rule::apply(Rule::NothingMore.into()))]
pub struct TicketObject {
    /// Absent where it is already known.
    pub ticket: Option<String>,
    pub expires_at: Option<DateTime>,
    pub authenticator: bool,
    pub passkey: bool,
    pub recovery_code: bool,
    /// Nothing is set up, and the organisation asks for something.
    pub must_set_up: bool,
}

impl TicketObject {
    pub fn of(ticket: &Ticket) -> Self {
        let known = Self::with(ticket.ways);
        let secret = Some(ticket.secret.expose().to_owned());
        Self { ticket: secret, expires_at: Some(ticket.expires_at.into()), ..known }
    }

    pub fn with(ways: Ways) -> Self {
        Self {
            ticket: None,
            expires_at: None,
            authenticator: ways.authenticator,
            passkey: ways.passkey,
            recovery_code: ways.recovery_code,
            must_set_up: !ways.are_any(),
        }
    }
}

/// How an app that shows codes learns its secret. Shown until the first code was right.
#[derive(SimpleObject)]
#[graphql(name = "NewAuthenticator", directive = rule::apply(Rule::NothingMore.into()))]
pub struct AuthenticatorObject {
    /// To be typed, in groups of four.
    secret: String,
    /// `otpauth://…`, for an app on the same device.
    address: String,
    /// A QR code to be photographed: an image as a `data:` address.
    picture: String,
}

impl AuthenticatorObject {
    pub fn new(new: NewAuthenticator) -> Self {
        Self { secret: new.secret, address: new.address, picture: new.picture }
    }
}

/// What a browser asks its device. The answer goes back with the challenge, once, within five minutes.
#[derive(SimpleObject)]
#[graphql(name = "PasskeyChallenge", directive = rule::apply(Rule::NothingMore.into()))]
pub struct PasskeyChallengeObject {
    challenge: String,
    /// JSON for `navigator.credentials`.
    options: String,
}

impl PasskeyChallengeObject {
    pub fn new(asked: PasskeyChallenge) -> Self {
        Self { challenge: asked.challenge.expose().to_owned(), options: asked.options.to_string() }
    }
}

#[derive(SimpleObject)]
#[graphql(name = "Passkey", directive = rule::apply(Rule::NothingMore.into()))]
pub struct PasskeyObject {
    id: ID,
    name: String,
    created_at: DateTime,
    last_used_at: Option<DateTime>,
}

/// One place where the viewer is signed in.
#[derive(SimpleObject)]
#[graphql(name = "OwnSession", directive = rule::apply(Rule::NothingMore.into()))]
pub struct OwnSessionObject {
    id: ID,
    /// Coarse words, such as "Firefox on Windows".
    device: String,
    since: DateTime,
    last_seen_at: DateTime,
    acting_for: String,
    current: bool,
    second_factor: bool,
}

#[derive(SimpleObject)]
#[graphql(name = "Security", directive = rule::apply(Rule::Own.into()))]
pub struct SecurityObject {
    email: String,
    /// Whether the login's own credentials have been proved in this session. Where only an organisation's provider has
    /// spoken for the viewer, nothing is said of them, and the sessions are those that the provider opened.
    owner_proved: bool,
    password_changed_at: Option<DateTime>,
    /// Since when an app that shows codes is asked for.
    authenticator_since: Option<DateTime>,
    passkeys: Vec<PasskeyObject>,
    recovery_codes_left: i64,
    /// Passkeys belong to a name; an installation reached by a number has none.
    passkeys_possible: bool,
    sessions: Vec<OwnSessionObject>,
    /// When the viewer last proved who they are, in this session.
    proved_at: DateTime,
}

impl SecurityObject {
    pub fn new(security: Security, session: &trellis_domain::kernel::op_context::VerifiedSession) -> Self {
        let passkeys = security.passkeys.into_iter().map(|key| PasskeyObject {
            id: key.id.to_string().into(),
            name: key.name,
            created_at: key.created_at.into(),
            last_used_at: key.last_used_at.map(Into::into),
        });
        let sessions = security.sessions.into_iter().map(|one| OwnSessionObject {
            id: one.id.to_string().into(),
            device: one.device,
            since: one.since.into(),
            last_seen_at: one.last_seen_at.into(),
            acting_for: one.acting_for,
            current: one.id == session.session,
            second_factor: one.strong,
        });
        Self {
            email: security.email,
            owner_proved: security.owner_proved,
            password_changed_at: security.password_changed_at.map(Into::into),
            authenticator_since: security.authenticator_since.map(Into::into),
            passkeys: passkeys.collect(),
            recovery_codes_left: security.recovery_codes_left,
            passkeys_possible: security.passkeys_possible,
            sessions: sessions.collect(),
            proved_at: session.proved_at.into(),
        }
    }
}
