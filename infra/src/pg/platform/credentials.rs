//! What somebody can prove themselves with, as their own account page shows it, and what stands before every change of it.

use std::time::Duration;

use diesel::prelude::*;
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::identity::{FRESH_PROOF, ProofTooOld, factor::is_fresh};
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{IdSource, PasskeyId, SessionId, StoreError, TypedId, UserId};
use trellis_domain::message::Template;
use uuid::Uuid;

use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::schema::{authenticators, passkeys, recovery_codes, users};
use super::super::time::{instant, instant_option};
use super::mailed::tell;
use super::own_sessions::{Mine, open_ones};
use super::store::PlatformStore;
use super::ticket::Ways;
use crate::auth::{PasskeyError, PasswordError, PasswordRefusal};

#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    #[error("there is no such thing")]
    NotFound,
    #[error("an authenticator app is set up already")]
    AlreadySetUp,
    #[error("the code is not right")]
    WrongCode,
    #[error("the password is not right")]
    WrongPassword,
    /// There is a second factor: the password alone is not enough.
    #[error("the second factor has to prove it")]
    FactorFirst,
    /// No second factor stood beside the password since it was set: a mailbox may have set it.
    #[error("the password may be a stranger's")]
    NotShownToBeTheirs,
    #[error("too many tries; wait a little")]
    TooManyTries { retry_after: Duration },
    #[error(transparent)]
    Password(#[from] PasswordRefusal),
    /// What is left would be a password that is good enough beside a second factor only.
    #[error("the password is too short to stand alone")]
    LongerPasswordFirst,
    #[error(transparent)]
    ProofTooOld(#[from] ProofTooOld),
    #[error("there are no passkeys at this address")]
    NoPasskeysHere,
    #[error("the answer of the device is not good")]
    PasskeyRefused,
    /// The link of a mail: unknown, spent, run out.
    #[error("the link has run out")]
    LinkEnded,
    /// It opens after a wait, in which the login's owner can stop it.
    #[error("the link does not open yet")]
    LinkNotYet,
    #[error("too many passwords are looked at in this moment")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PasswordError> for CredentialError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Busy,
            other => Self::Store(StoreError::Fault(Box::new(other))),
        }
    }
}

impl From<PasskeyError> for CredentialError {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::NotHere => Self::NoPasskeysHere,
            PasskeyError::Refused | PasskeyError::Copied => Self::PasskeyRefused,
            PasskeyError::Stored => Self::Store(StoreError::Fault(Box::new(error))),
        }
    }
}

#[derive(Debug, Clone)]
pub struct PasskeyCard {
    pub id: PasskeyId,
    pub name: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// One place where somebody is signed in.
#[derive(Debug, Clone)]
pub struct SessionCard {
    pub id: SessionId,
    /// Coarse words; empty when nothing was said.
    pub device: String,
    pub since: Timestamp,
    pub last_seen_at: Timestamp,
    pub acting_for: String,
    pub strong: bool,
}

/// All of it, for its owner. Where only an organisation's provider has spoken for them, the sessions that it opened and
/// nothing of the login's own credentials.
#[derive(Debug, Clone)]
pub struct Security {
    pub email: String,
    pub owner_proved: bool,
    pub password_changed_at: Option<Timestamp>,
    pub authenticator_since: Option<Timestamp>,
    pub passkeys: Vec<PasskeyCard>,
    pub recovery_codes_left: i64,
    pub passkeys_possible: bool,
    pub sessions: Vec<SessionCard>,
}

type Key = (Uuid, String, Stored, Option<Stored>);

impl PlatformStore {
    pub async fn security_of(
        &self,
        session: &VerifiedSession,
        now: Timestamp,
    ) -> Result<Security, StoreError> {
        let (own, passkeys_possible) = (session.clone(), self.passkeys.are_possible());
        self.transact(move |conn| {
            let (user, mine) = (own.user, Mine::of(conn, &own)?);
            let sessions = open_ones(conn, &mine, now)?;
            let (email, created, changed): (String, Stored, Option<Stored>) = users::table
                .find(user.uuid())
                .select((users::email, users::created_at, users::password_changed_at))
                .first(conn)
                .map_err(store_error)?;
            let mut security = Security {
                email,
                owner_proved: mine.is_owners(),
                password_changed_at: None,
                authenticator_since: None,
                passkeys: Vec::new(),
                recovery_codes_left: 0,
                passkeys_possible,
                sessions,
            };
            if mine.is_owners() {
                security.password_changed_at = Some(instant(changed.unwrap_or(created)));
                security.authenticator_since = authenticator_since(conn, user)?;
                security.passkeys = passkeys_of(conn, user)?;
                security.recovery_codes_left = recovery_codes_left(conn, user)?;
            }
            Ok(security)
        })
        .await
    }
}

fn authenticator_since(conn: &mut PgConn, user: UserId) -> Result<Option<Timestamp>, StoreError> {
    let confirmed: Option<Option<Stored>> = authenticators::table
        .find(user.uuid())
        .select(authenticators::confirmed_at)
        .first(conn)
        .optional()
        .map_err(store_error)?;
    Ok(instant_option(confirmed.flatten()))
}

fn recovery_codes_left(conn: &mut PgConn, user: UserId) -> Result<i64, StoreError> {
    recovery_codes::table
        .filter(recovery_codes::user_id.eq(user.uuid()))
        .filter(recovery_codes::spent_at.is_null())
        .count()
        .get_result(conn)
        .map_err(store_error)
}

fn passkeys_of(conn: &mut PgConn, user: UserId) -> Result<Vec<PasskeyCard>, StoreError> {
    let rows: Vec<Key> = passkeys::table
        .filter(passkeys::user_id.eq(user.uuid()))
        .order((passkeys::created_at, passkeys::passkey_id))
        .select((passkeys::passkey_id, passkeys::name, passkeys::created_at, passkeys::last_used_at))
        .load(conn)
        .map_err(store_error)?;
    let cards = rows.into_iter().map(|(id, name, created_at, last_used_at)| PasskeyCard {
        id: PasskeyId::from_uuid(id),
        name,
        created_at: instant(created_at),
        last_used_at: instant_option(last_used_at),
    });
    Ok(cards.collect())
}

/// Before every change of a credential.
pub(super) fn fresh(session: &VerifiedSession, now: Timestamp) -> Result<(), ProofTooOld> {
    if is_fresh(session.proved_at, now, FRESH_PROOF) { Ok(()) } else { Err(ProofTooOld) }
}

/// To the login itself, in the transaction of the change.
pub(super) fn changed(
    conn: &mut PgConn,
    ids: &dyn IdSource,
    session: &VerifiedSession,
    now: Timestamp,
) -> Result<(), StoreError> {
    let whom = (session.user, session.network, session.organisation);
    tell(conn, ids, whom, Template::CredentialChanged, now)
}

/// After a factor was removed. Without any, a short password is not enough, and recovery codes stand in for nothing.
pub(super) fn may_be_alone(conn: &mut PgConn, user: UserId) -> Result<(), CredentialError> {
    if Ways::of(conn, user)?.are_any() {
        return Ok(());
    }
    let short: bool =
        users::table.find(user.uuid()).select(users::password_is_short).first(conn).map_err(store_error)?;
    if short {
        return Err(CredentialError::LongerPasswordFirst);
    }
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user.uuid())))
        .execute(conn)
        .map_err(store_error)?;
    Ok(())
}
