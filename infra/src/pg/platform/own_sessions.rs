//! Somebody's own sessions: where they are signed in, and how to end that. Also what a session gains and loses when a factor
//! is proved or removed.

use diesel::prelude::*;
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::identity::{Factor, Factors};
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{SessionId, StoreError, TypedId, UserId};
use uuid::Uuid;

use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::schema::{memberships, networks, organisations, session_providers as openers, sessions};
use super::super::time::{instant, stored};
use super::credentials::{CredentialError, SessionCard};
use super::factors::{factors_from, stored_factors};
use super::session::SessionEnd;
use super::sso::opener_of;
use super::store::PlatformStore;

/// The sessions of a login that one of them may know of and end: all, where it has proved the login's own credentials;
/// else those that the same provider opened. An organisation's provider is not told of life elsewhere.
pub(super) struct Mine {
    user: UserId,
    opener: Option<Uuid>,
}

impl Mine {
    pub(super) fn of(conn: &mut PgConn, session: &VerifiedSession) -> Result<Self, StoreError> {
        let opener = opener_of(conn, session.session)?;
        let owner = opener.is_none() || own_factors(conn, session.session)?.iter().next().is_some();
        Ok(Self { user: session.user, opener: opener.filter(|_| !owner) })
    }

    pub(super) fn is_owners(&self) -> bool {
        self.opener.is_none()
    }

    fn ids(&self, conn: &mut PgConn) -> Result<Vec<Uuid>, StoreError> {
        let all = open_but(conn, self.user, None)?.into_iter().map(|(id, _)| id);
        let Some(provider) = self.opener else { return Ok(all.collect()) };
        openers::table
            .filter(openers::session_id.eq_any(all))
            .filter(openers::provider_id.eq(provider))
            .select(openers::session_id)
            .load(conn)
            .map_err(store_error)
    }
}

type Row = (Uuid, String, Stored, Stored, bool, Option<String>, String);

/// Those that would still be taken, the one used last first.
pub(super) fn open_ones(
    conn: &mut PgConn,
    mine: &Mine,
    now: Timestamp,
) -> Result<Vec<SessionCard>, StoreError> {
    use {memberships as m, organisations as o, sessions as s};
    let here = o::network_id.eq(m::network_id).and(o::organisation_id.nullable().eq(m::organisation_id));
    let rows: Vec<Row> = s::table
        .inner_join(m::table.on(m::membership_id.eq(s::membership_id)))
        .inner_join(networks::table.on(networks::network_id.eq(m::network_id)))
        .left_join(o::table.on(here))
        .filter(s::session_id.eq_any(mine.ids(conn)?))
        .filter(s::ends_at.gt(stored(now)))
        .filter(s::idle_ends_at.gt(stored(now)))
        .order((s::last_seen_at.desc(), s::session_id.desc()))
        .select((
            s::session_id,
            s::device,
            s::created_at,
            s::last_seen_at,
            s::strong,
            o::name.nullable(),
            networks::name,
        ))
        .load(conn)
        .map_err(store_error)?;
    let cards =
        rows.into_iter().map(|(id, device, since, seen, strong, organisation, network)| SessionCard {
            id: SessionId::from_uuid(id),
            device,
            since: instant(since),
            last_seen_at: instant(seen),
            acting_for: organisation.unwrap_or(network),
            strong,
        });
    Ok(cards.collect())
}

impl PlatformStore {
    /// `NotFound` also for one that has ended, and for anybody else's.
    pub async fn end_own_session(
        &self,
        session: &VerifiedSession,
        which: SessionId,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        let own = session.clone();
        let ended = self
            .transact(move |conn| {
                let known = Mine::of(conn, &own)?.ids(conn)?.contains(&which.uuid());
                if known { end_these(conn, &[which.uuid()], now) } else { Ok(0) }
            })
            .await?;
        if ended == 0 {
            return Err(CredentialError::NotFound);
        }
        tracing::info!(session.id = %which, "a session was ended from another");
        Ok(())
    }

    /// All but this one.
    pub async fn end_other_sessions(
        &self,
        session: &VerifiedSession,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let own = session.clone();
        self.transact(move |conn| {
            let mine = Mine::of(conn, &own)?;
            if mine.is_owners() {
                return end_others(conn, own.user, Some(own.session), now);
            }
            let mut others = mine.ids(conn)?;
            others.retain(|one| *one != own.session.uuid());
            end_these(conn, &others, now).map(|_| ())
        })
        .await?;
        tracing::info!(session.id = %session.session, "all other sessions were ended");
        Ok(())
    }
}

pub(super) fn end_others(
    conn: &mut PgConn,
    user: UserId,
    keep: Option<SessionId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    end_half_sign_ins(conn, user, now)?;
    let others: Vec<Uuid> = open_but(conn, user, keep)?.into_iter().map(|(id, _)| id).collect();
    end_these(conn, &others, now).map(|_| ())
}

/// Those that the new second factor has not proved: whoever knew the password could open them.
pub(super) fn end_weak_others(
    conn: &mut PgConn,
    user: UserId,
    keep: Option<SessionId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let others = open_but(conn, user, keep)?;
    let weak: Vec<Uuid> = others.into_iter().filter(|(_, strong)| !strong).map(|(id, _)| id).collect();
    end_these(conn, &weak, now).map(|_| ())
}

/// With whether each is strong.
fn open_but(
    conn: &mut PgConn,
    user: UserId,
    keep: Option<SessionId>,
) -> Result<Vec<(Uuid, bool)>, StoreError> {
    sessions::table
        .filter(sessions::user_id.eq(user.uuid()))
        .filter(sessions::session_id.ne(keep.map_or(Uuid::nil(), TypedId::uuid)))
        .filter(sessions::ended_at.is_null())
        .select((sessions::session_id, sessions::strong))
        .load(conn)
        .map_err(store_error)
}

fn end_these(conn: &mut PgConn, which: &[Uuid], now: Timestamp) -> Result<usize, StoreError> {
    diesel::update(sessions::table)
        .filter(sessions::session_id.eq_any(which))
        .filter(sessions::ended_at.is_null())
        .set((sessions::ended_at.eq(stored(now)), sessions::end_reason.eq(SessionEnd::EndedElsewhere.code())))
        .execute(conn)
        .map_err(store_error)
}

/// Tickets of sign-ins that are under way, and links that are in a mailbox: whoever began them began with what is old now.
pub(super) fn end_half_sign_ins(conn: &mut PgConn, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    use super::super::schema::{login_links as links, sign_in_tickets as tickets};
    diesel::update(tickets::table.filter(tickets::user_id.eq(user.uuid()).and(tickets::spent_at.is_null())))
        .set(tickets::spent_at.eq(stored(now)))
        .execute(conn)
        .map_err(store_error)?;
    diesel::update(links::table.filter(links::user_id.eq(user.uuid()).and(links::spent_at.is_null())))
        .set(links::spent_at.eq(stored(now)))
        .execute(conn)
        .map_err(store_error)
        .map(|_| ())
}

/// Proved again, and by this.
pub(super) fn strengthen(
    conn: &mut PgConn,
    own: SessionId,
    factor: Factor,
    now: Timestamp,
) -> Result<(), StoreError> {
    let factors = factors_of(conn, own)?.and(factor);
    diesel::update(sessions::table.find(own.uuid()))
        .set((
            sessions::factors.eq(stored_factors(&factors)),
            sessions::strong.eq(factors.are_strong()),
            sessions::proved_at.eq(stored(now)),
        ))
        .execute(conn)
        .map_err(store_error)
        .map(|_| ())
}

/// What is removed has proved nothing for what comes.
pub(super) fn weaken(conn: &mut PgConn, own: SessionId, factor: Factor) -> Result<(), StoreError> {
    let factors: Factors = factors_of(conn, own)?.iter().filter(|known| *known != factor).collect();
    diesel::update(sessions::table.find(own.uuid()))
        .set((sessions::factors.eq(stored_factors(&factors)), sessions::strong.eq(factors.are_strong())))
        .execute(conn)
        .map_err(store_error)
        .map(|_| ())
}

/// Those that the login itself holds: an organisation's provider is not among them.
pub(super) fn own_factors(conn: &mut PgConn, own: SessionId) -> Result<Factors, StoreError> {
    Ok(factors_of(conn, own)?.iter().filter(|factor| !factor.is_of_a_provider()).collect())
}

fn factors_of(conn: &mut PgConn, own: SessionId) -> Result<Factors, StoreError> {
    let codes: Vec<String> = sessions::table
        .find(own.uuid())
        .select(sessions::factors)
        .for_update()
        .first(conn)
        .map_err(store_error)?;
    factors_from(&codes, "sessions")
}
