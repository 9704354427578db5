//! Signing in with a password. An unknown account, a disabled one and a wrong password are the same answer
//! after the same work.

use std::time::Duration;

use diesel::prelude::*;
use jiff::Timestamp;
use trellis_domain::kernel::{EmailAddress, MembershipId, SessionId, StoreError, TypedId, UserId};
use uuid::Uuid;

use super::super::error::store_error;
use super::super::schema::users;
use super::membership::choose;
use super::session::{Opening, SessionKind, SignedIn, open};
use super::store::PlatformStore;
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
        kind: SessionKind,
        asked: Option<MembershipId>,
        now: Timestamp,
    ) -> Result<SignedIn, SignInError> {
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
        let signed_in = self.open_session(user, kind, asked, now).await?;
        tracing::info!(user.id = %user, session.id = %signed_in.session.session, "signed in");
        Ok(signed_in)
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

    async fn open_session(
        &self,
        user: UserId,
        kind: SessionKind,
        asked: Option<MembershipId>,
        now: Timestamp,
    ) -> Result<SignedIn, SignInError> {
        let id = SessionId::from_uuid(self.guards.ids.next(now));
        self.transact(move |conn| {
            let membership = choose(conn, user, asked)?.ok_or(SignInError::NoMembership)?;
            Ok(open(conn, &Opening { id, user, kind, at_most_until: None, now }, membership)?)
        })
        .await
    }
}
