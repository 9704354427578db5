//! Signing in with a password. An unknown account, a disabled one and a wrong password are the same answer
//! after the same work.

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use jiff::Timestamp;
use trellis_domain::identity::{Factor, Factors};
use trellis_domain::kernel::{EmailAddress, IdSource, MembershipId, SessionId, StoreError, TypedId, UserId};
use trellis_domain::message::Template;
use uuid::Uuid;

use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::schema::{sessions, users};
use super::factors::{Proof, Visit, is_enough};
use super::mailed::tell;
use super::membership::{ViewerMembership, choose};
use super::reset::{AfterReset, after_reset, stop_resets};
use super::session::{Opening, SignedIn, open};
use super::settings::in_force;
use super::store::PlatformStore;
use super::ticket::{Draft, Ticket, Ways, issue};
use crate::auth::PasswordError;

/// What somebody typed, and from where.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    pub email: &'a str,
    pub password: &'a str,
    /// The network address of whoever asks, as the proxy rules have established it.
    pub source: &'a str,
}

impl std::fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(redacted)")
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("the e-mail address or the password is not right")]
    Refused,
    #[error("too many tries; wait a little")]
    TooManyTries { retry_after: Duration },
    /// The password was right, but there is nothing to act for.
    #[error("this login has no membership")]
    NoMembership,
    #[error("too many people sign in at this moment")]
    Busy,
    /// The first proof was right. A second is due, or has to be set up, and then the session is opened.
    #[error("a second factor is needed")]
    FactorNeeded(Ticket),
    /// The link of a mail: unknown, spent, run out.
    #[error("the link has run out")]
    LinkEnded,
    /// The factors were reset, and no new one was set up in time and with the password that carried it.
    #[error("the reset of the second factor is over")]
    ResetOver,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PasswordError> for SignInError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Busy,
            other => Self::Store(StoreError::Fault(Box::new(other))),
        }
    }
}

struct Account {
    user: UserId,
    hash: String,
    disabled: bool,
}

impl PlatformStore {
    /// `asked`: the membership to act for; without it the one used last.
    pub async fn sign_in(
        &self,
        credentials: Credentials<'_>,
        visit: impl Into<Visit>,
        asked: Option<MembershipId>,
        now: Timestamp,
    ) -> Result<SignedIn, SignInError> {
        let visit = visit.into();
        // What is counted must be what is looked up, or one account could be guessed under many spellings.
        let email = EmailAddress::parse(credentials.email).ok();
        let counted = email.as_ref().map_or("", EmailAddress::as_str);
        let guesses = match self.count_try(counted, credentials.source, now).await? {
            Ok(guesses) => guesses,
            Err(retry_after) => {
                tracing::warn!("sign-in refused: too many tries");
                return Err(SignInError::TooManyTries { retry_after });
            }
        };
        let account = match email {
            Some(email) => self.account(email).await?,
            None => None,
        };
        let Some(user) = self.proven(account, credentials.password).await? else {
            return Err(SignInError::Refused);
        };
        self.give_back(guesses).await?;
        self.enter((user, Factors::default().and(Factor::Password)), visit, asked, now).await
    }

    async fn account(&self, email: EmailAddress) -> Result<Option<Account>, StoreError> {
        let row: Option<(Uuid, String, bool)> = self
            .look(move |conn| {
                users::table
                    .filter(users::email.eq(email.as_str()))
                    .select((users::user_id, users::password_hash, users::disabled_at.is_not_null()))
                    .first(conn)
                    .optional()
                    .map_err(store_error)
            })
            .await?;
        Ok(row.map(|(user, hash, disabled)| Account { user: UserId::from_uuid(user), hash, disabled }))
    }

    /// The user whose password this is. One check of a hash, whatever is known.
    async fn proven(&self, account: Option<Account>, password: &str) -> Result<Option<UserId>, SignInError> {
        let passwords = &self.guards.passwords;
        let Some(account) = account else {
            passwords.verify_absent(password).await?;
            tracing::warn!("sign-in refused: unknown account");
            return Ok(None);
        };
        if !passwords.verify(password, &account.hash).await? || account.disabled {
            tracing::warn!(user.id = %account.user, user.disabled = account.disabled, "sign-in refused");
            return Ok(None);
        }
        if passwords.is_outdated(&account.hash) {
            let (user, hash) = (account.user, passwords.hash(password).await?);
            self.look(move |conn| {
                diesel::update(users::table.find(user.uuid()))
                    .set(users::password_hash.eq(hash))
                    .execute(conn)
                    .map_err(store_error)
            })
            .await?;
        }
        Ok(Some(account.user))
    }

    /// After the first proof, whatever it was: a session, or a ticket for one where one proof is not enough. Whoever has
    /// set up a second factor is always asked for it.
    pub(super) async fn enter(
        &self,
        (user, factors): (UserId, Factors),
        visit: Visit,
        asked: Option<MembershipId>,
        now: Timestamp,
    ) -> Result<SignedIn, SignInError> {
        let (ids, id) = (Arc::clone(&self.guards.ids), SessionId::from_uuid(self.guards.ids.next(now)));
        let entered: Result<SignedIn, Ticket> = self
            .transact(move |conn| {
                let membership = choose(conn, user, asked)?.ok_or(SignInError::NoMembership)?;
                let settings = in_force(conn, membership.network, membership.organisation, now)?;
                let ways = Ways::of(conn, user)?;
                if factors.are_strong() {
                    stop_resets(conn, user, now)?;
                }
                let after = if ways.are_any() {
                    AfterReset::Nothing
                } else {
                    after_reset(conn, (user, &factors), now)?
                };
                if after == AfterReset::Over {
                    return Err(SignInError::ResetOver);
                }
                let due = ways.are_any() || after == AfterReset::SetUp || !is_enough(&factors, settings);
                if !factors.are_strong() && due {
                    let draft = Draft { user, asked, visit, factors, ways };
                    return Ok::<_, SignInError>(Err(issue(conn, draft, now)?));
                }
                let proof = Proof { factors, proved_at: now, device: visit.device };
                let opening = Opening { id, user, kind: visit.kind, at_most_until: None, proof, now };
                Ok(Ok(arrive(conn, &*ids, &opening, membership)?))
            })
            .await?;
        let signed_in = entered.map_err(SignInError::FactorNeeded)?;
        tracing::info!(user.id = %user, session.id = %signed_in.session.session, "signed in");
        Ok(signed_in)
    }
}

/// Opens the session, and tells its owner when it is on a device that was not seen as long as sessions are kept. Somebody's
/// first device is no news to them.
pub(super) fn arrive(
    conn: &mut PgConn,
    ids: &dyn IdSource,
    opening: &Opening,
    membership: ViewerMembership,
) -> Result<SignedIn, StoreError> {
    use diesel::dsl::exists;
    let earlier = || sessions::table.filter(sessions::user_id.eq(opening.user.uuid()));
    let device = opening.proof.device.as_str();
    let (any, same): (bool, bool) =
        diesel::select((exists(earlier()), exists(earlier().filter(sessions::device.eq(device)))))
            .get_result(conn)
            .map_err(store_error)?;
    if any && !same && !device.is_empty() {
        let whom = (opening.user, membership.network, membership.organisation);
        tell(conn, ids, whom, Template::NewDevice, opening.now)?;
    }
    open(conn, opening, membership)
}
