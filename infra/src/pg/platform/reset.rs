//! The owner's side of a reset that whoever answers for their organisation has begun: looking at the link, going on with the
//! password, or stopping it. The mailbox alone opens nothing, and neither does the password.

use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::Timestamp as Stored;
use trellis_domain::identity::{Factor, Factors};
use trellis_domain::kernel::{StoreError, TypedId, UserId};
use trellis_domain::message::Template;
use uuid::Uuid;

use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::schema::{authenticators, login_links as links, passkeys, recovery_codes, sessions, users};
use super::super::time::{instant, instant_option, stored};
use super::credentials::CredentialError;
use super::factors::Visit;
use super::mailed::{LinkPurpose, is_live, spend, tell};
use super::membership::choose;
use super::own_sessions::end_others;
use super::password::hash_of;
use super::store::PlatformStore;
use super::ticket::{Draft, Ticket, Ways, issue};

/// So long after it may a new factor be set up with the password that carried the reset. Longer would leave a door with one
/// lock; whoever is later asks their administrator again.
const TO_SET_UP: SignedDuration = SignedDuration::from_hours(1);

/// A live link, as whoever holds it sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenedReset {
    pub opens_at: Timestamp,
    pub ends_at: Timestamp,
}

impl OpenedReset {
    pub fn is_open(&self, now: Timestamp) -> bool {
        now >= self.opens_at
    }
}

impl PlatformStore {
    /// Looking spends nothing. None for one that is unknown, spent, stopped or has run out.
    pub async fn opened_reset(&self, token: &str, now: Timestamp) -> Result<Option<OpenedReset>, StoreError> {
        let Some(id) = self.reset_of(token) else { return Ok(None) };
        let found = self.look(move |conn| live_reset(conn, id, now)).await?;
        Ok(found.map(|(_, opened)| opened))
    }

    /// Drops every factor and ends whatever is open; answers a ticket that is good for setting up a new one and for nothing
    /// else. A wrong password leaves everything as it is.
    pub async fn reset_factors(
        &self,
        (token, password): (&str, &str),
        visit: Visit,
        now: Timestamp,
    ) -> Result<Ticket, CredentialError> {
        let id = self.reset_of(token).ok_or(CredentialError::LinkEnded)?;
        let (user, opened) =
            self.look(move |conn| live_reset(conn, id, now)).await?.ok_or(CredentialError::LinkEnded)?;
        if !opened.is_open(now) {
            return Err(CredentialError::LinkNotYet);
        }
        let tries = self.count_proving(user, now).await?;
        let hash = self.look(move |conn| hash_of(conn, user)).await?;
        if !self.guards.passwords.verify(password, &hash).await? {
            return Err(CredentialError::WrongPassword);
        }
        let ids = std::sync::Arc::clone(&self.guards.ids);
        let ticket = self
            .transact(move |conn| {
                let spent = spend(conn, id, LinkPurpose::FactorReset, now)?;
                let user = spent.ok_or(CredentialError::LinkEnded)?;
                // It may have been changed while the other one was looked at.
                if hash_of(conn, user)? != hash {
                    return Err(CredentialError::WrongPassword);
                }
                if !is_the_owners(conn, user)? {
                    return Err(CredentialError::NotShownToBeTheirs);
                }
                drop_factors(conn, user, now)?;
                end_others(conn, user, None, now)?;
                if let Some(membership) = choose(conn, user, None)? {
                    let whom = (user, membership.network, membership.organisation);
                    tell(conn, &*ids, whom, Template::CredentialChanged, now)?;
                }
                let factors = Factors::default().and(Factor::Password);
                let draft = Draft { user, asked: None, visit, factors, ways: Ways::of(conn, user)? };
                Ok(issue(conn, draft, now)?)
            })
            .await?;
        self.give_back(tries).await?;
        tracing::warn!(user.id = %user, "every second factor of a login was reset by its owner");
        Ok(ticket)
    }

    /// Whoever reads the mail may stop it: that opens nothing.
    pub async fn stop_reset(&self, token: &str, now: Timestamp) -> Result<(), CredentialError> {
        let id = self.reset_of(token).ok_or(CredentialError::LinkEnded)?;
        let user = self.look(move |conn| spend(conn, id, LinkPurpose::FactorReset, now)).await?;
        let user = user.ok_or(CredentialError::LinkEnded)?;
        tracing::warn!(user.id = %user, "a reset of factors was stopped by the login's owner");
        Ok(())
    }
}

fn live_reset(
    conn: &mut PgConn,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<(UserId, OpenedReset)>, StoreError> {
    if !is_live(conn, id, LinkPurpose::FactorReset, now)? {
        return Ok(None);
    }
    let (user, created, opens, ends): (Option<Uuid>, Stored, Option<Stored>, Stored) = links::table
        .find(id)
        .select((links::user_id, links::created_at, links::opens_at, links::expires_at))
        .first(conn)
        .map_err(store_error)?;
    let opened = OpenedReset { opens_at: instant(opens.unwrap_or(created)), ends_at: instant(ends) };
    Ok(user.map(|user| (UserId::from_uuid(user), opened)))
}

/// A mailbox sets a new password, whenever it likes. So the password has to be one that a second factor stood beside since it
/// was set; a login whose factors were dropped already has shown that once.
fn is_the_owners(conn: &mut PgConn, user: UserId) -> Result<bool, StoreError> {
    let (changed, reset): (Option<Stored>, Option<Stored>) = users::table
        .find(user.uuid())
        .select((users::password_changed_at, users::factors_reset_at))
        .first(conn)
        .map_err(store_error)?;
    let (Some(changed), None) = (changed, reset) else { return Ok(true) };
    let beside = sessions::table
        .filter(sessions::user_id.eq(user.uuid()))
        .filter(sessions::strong)
        .filter(sessions::factors.contains(vec![Factor::Password.code()]))
        .filter(sessions::proved_at.ge(changed));
    diesel::select(diesel::dsl::exists(beside)).get_result(conn).map_err(store_error)
}

/// Its factors were dropped, and no new one is set up yet.
pub(super) fn is_under_way(conn: &mut PgConn, user: UserId) -> Result<bool, StoreError> {
    let reset = users::table.find(user.uuid()).filter(users::factors_reset_at.is_not_null());
    diesel::select(diesel::dsl::exists(reset)).get_result(conn).map_err(store_error)
}

fn drop_factors(conn: &mut PgConn, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    let id = user.uuid();
    diesel::delete(authenticators::table.find(id)).execute(conn).map_err(store_error)?;
    diesel::delete(passkeys::table.filter(passkeys::user_id.eq(id))).execute(conn).map_err(store_error)?;
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(id)))
        .execute(conn)
        .map_err(store_error)?;
    diesel::update(users::table.find(id))
        .set(users::factors_reset_at.eq(stored(now)))
        .execute(conn)
        .map_err(store_error)
        .map(|_| ())
}

/// Whoever signs in with a factor has not lost it.
pub(super) fn stop_resets(conn: &mut PgConn, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    let stopped = diesel::update(links::table)
        .filter(links::user_id.eq(user.uuid()))
        .filter(links::purpose.eq(LinkPurpose::FactorReset.code()))
        .filter(links::spent_at.is_null())
        .set(links::spent_at.eq(stored(now)))
        .execute(conn)
        .map_err(store_error)?;
    if stopped > 0 {
        tracing::warn!(user.id = %user, "a reset of factors was stopped: the login has one");
    }
    Ok(())
}

/// Where a login stands after its factors were dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AfterReset {
    /// They were not.
    Nothing,
    /// This proof may set up a new one, and does nothing else.
    SetUp,
    /// Another proof than the password that carried the reset, or too late: it has to be begun again.
    Over,
}

pub(super) fn after_reset(
    conn: &mut PgConn,
    (user, factors): (UserId, &Factors),
    now: Timestamp,
) -> Result<AfterReset, StoreError> {
    let (reset, changed): (Option<Stored>, Option<Stored>) = users::table
        .find(user.uuid())
        .select((users::factors_reset_at, users::password_changed_at))
        .first(conn)
        .map_err(store_error)?;
    let Some(reset) = instant_option(reset) else { return Ok(AfterReset::Nothing) };
    // A mailbox sets a new password, so a newer one is no more than a mailbox.
    let same_password = instant_option(changed).is_none_or(|changed| changed < reset);
    let in_time = now.duration_since(reset) <= TO_SET_UP;
    let by_password = factors.iter().any(|factor| factor == Factor::Password);
    Ok(if same_password && in_time && by_password { AfterReset::SetUp } else { AfterReset::Over })
}

/// A new one is set up.
pub(super) fn settle(conn: &mut PgConn, user: UserId) -> Result<(), StoreError> {
    diesel::update(users::table.find(user.uuid()))
        .set(users::factors_reset_at.eq(None::<Stored>))
        .execute(conn)
        .map_err(store_error)
        .map(|_| ())
}
