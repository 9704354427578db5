//! Changing a password: the old one is asked for, the new one is measured, and other sessions end when their owner says so.
//! Nothing asks for a change by the calendar.

use std::sync::Arc;

use diesel::prelude::*;
use jiff::Timestamp;
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{StoreError, TypedId, UserId};
use trellis_domain::message::Template;
use uuid::Uuid;

use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::schema::{login_links, users};
use super::super::time::stored;
use super::credentials::{CredentialError, changed, fresh};
use super::mailed::{LinkPurpose, is_live, spend, tell};
use super::membership::{choose, live};
use super::own_sessions::{end_half_sign_ins, end_others};
use super::store::PlatformStore;
use super::ticket::Ways;
use crate::auth::{PasswordStands, check_new_password, is_short};

/// What somebody wants to use from now on.
#[derive(Clone)]
pub struct NewPassword {
    pub current: String,
    pub new: String,
    /// End everything but the session that asks.
    pub end_others: bool,
}

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPassword(redacted)")
    }
}

/// A new password, and the token of the mail that lets it be set.
#[derive(Clone)]
pub struct Recovering {
    pub token: String,
    pub new: String,
}

impl std::fmt::Debug for Recovering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recovering(redacted)")
    }
}

/// What surrounds an owner, and must not make up their password; and whether it stands alone.
pub(super) struct Surroundings {
    hash: String,
    words: Vec<String>,
    stands: PasswordStands,
}

impl PlatformStore {
    pub async fn change_password(
        &self,
        session: &VerifiedSession,
        asked: NewPassword,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        fresh(session, now)?;
        let (user, session, ids) = (session.user, session.clone(), Arc::clone(&self.guards.ids));
        let tries = self.count_proving(user, now).await?;
        let around = self.transact(move |conn| surroundings(conn, user)).await?;
        if !self.guards.passwords.verify(&asked.current, &around.hash).await? {
            return Err(CredentialError::WrongPassword);
        }
        self.give_back(tries).await?;
        let hash = self.measured(&around, &asked.new).await?;
        let (short, others) = (is_short(&asked.new), asked.end_others);
        self.transact(move |conn| {
            set(conn, user, (&hash, short), now)?;
            changed(conn, &*ids, &session, now)?;
            if others { end_others(conn, user, Some(session.session), now) } else { Ok(()) }
        })
        .await?;
        tracing::info!(user.id = %user, "a password was changed");
        Ok(())
    }

    /// A new password for whoever reads the mailbox. It opens nothing by itself: a second factor is still asked for at the
    /// next sign-in, and whatever is open now ends. A password that is refused leaves the link as it is.
    pub async fn recover_password(
        &self,
        recovering: Recovering,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        let id = self.recovery_of(&recovering.token).ok_or(CredentialError::LinkEnded)?;
        let around = self.transact(move |conn| recovered(conn, id, now)).await?;
        let around = around.ok_or(CredentialError::LinkEnded)?;
        let hash = self.measured(&around, &recovering.new).await?;
        let (short, ids) = (is_short(&recovering.new), Arc::clone(&self.guards.ids));
        let user = self
            .transact(move |conn| {
                let user = spend(conn, id, LinkPurpose::Recovery, now)?.ok_or(CredentialError::LinkEnded)?;
                set(conn, user, (&hash, short), now)?;
                if let Some(membership) = choose(conn, user, None)? {
                    let whom = (user, membership.network, membership.organisation);
                    tell(conn, &*ids, whom, Template::CredentialChanged, now)?;
                }
                end_others(conn, user, None, now)?;
                Ok::<_, CredentialError>(user)
            })
            .await?;
        tracing::info!(user.id = %user, "a password was recovered");
        Ok(())
    }

    /// The hash of a new password that may be taken.
    async fn measured(&self, around: &Surroundings, new: &str) -> Result<String, CredentialError> {
        let words: Vec<&str> = around.words.iter().map(String::as_str).collect();
        check_new_password(new, &words, around.stands)?;
        Ok(self.guards.passwords.hash(new).await?)
    }
}

pub(super) fn hash_of(conn: &mut PgConn, user: UserId) -> Result<String, StoreError> {
    users::table.find(user.uuid()).select(users::password_hash).first(conn).map_err(store_error)
}

/// Of the login that a live link was sent to.
fn recovered(conn: &mut PgConn, id: Uuid, now: Timestamp) -> Result<Option<Surroundings>, StoreError> {
    if !is_live(conn, id, LinkPurpose::Recovery, now)? {
        return Ok(None);
    }
    let user: Option<Uuid> =
        login_links::table.find(id).select(login_links::user_id).first(conn).map_err(store_error)?;
    user.map(|user| surroundings(conn, UserId::from_uuid(user))).transpose()
}

fn surroundings(conn: &mut PgConn, user: UserId) -> Result<Surroundings, StoreError> {
    let (hash, email, name): (String, String, String) = users::table
        .find(user.uuid())
        .select((users::password_hash, users::email, users::name))
        .first(conn)
        .map_err(store_error)?;
    let mut words = vec![email, name];
    for membership in live(conn, user)? {
        words.push(membership.network_name);
        words.extend(membership.organisation_name);
    }
    let stands =
        if Ways::of(conn, user)?.are_any() { PasswordStands::BesideAnother } else { PasswordStands::Alone };
    Ok(Surroundings { hash, words, stands })
}

fn set(
    conn: &mut PgConn,
    user: UserId,
    (hash, short): (&str, bool),
    now: Timestamp,
) -> Result<(), StoreError> {
    end_half_sign_ins(conn, user, now)?;
    diesel::update(users::table.find(user.uuid()))
        .set((
            users::password_hash.eq(hash),
            users::password_is_short.eq(short),
            users::password_changed_at.eq(stored(now)),
        ))
        .execute(conn)
        .map_err(store_error)
        .map(|_| ())
}
