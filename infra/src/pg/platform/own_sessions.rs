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
use super::super::schema::{memberships, networks, organisations, sessions};
use super::super::time::{instant, stored};
use super::credentials::{CredentialError, SessionCard};
use super::factors::{factors_from, stored_factors};
use super::session::SessionEnd;
use super::store::PlatformStore;

/// Whose sessions are asked for; made only for their owner.
pub(super) struct Mine(UserId);

pub(super) fn mine(user: UserId) -> Mine {
    Mine(user)
}

type Row = (Uuid, String, Stored, Stored, bool, Option<String>, String);

/// Those that would still be taken, the one used last first.
pub(super) fn open_ones(
    conn: &mut PgConn,
    Mine(user): Mine,
    now: Timestamp,
) -> Result<Vec<SessionCard>, StoreError> {
    use {memberships as m, organisations as o, sessions as s};
    let here = o::network_id.eq(m::network_id).and(o::organisation_id.nullable().eq(m::organisation_id));
    let rows: Vec<Row> = s::table
        .inner_join(m::table.on(m::membership_id.eq(s::membership_id)))
        .inner_join(networks::table.on(networks::network_id.eq(m::network_id)))
        .left_join(o::table.on(here))
        .filter(s::user_id.eq(user.uuid()))
        .filter(s::ended_at.is_null())
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
        let user = session.user;
        let ended = self
            .look(move |conn| {
                diesel::update(sessions::table.find(which.uuid()))
                    .filter(sessions::user_id.eq(user.uuid()))
                    .filter(sessions::ended_at.is_null())
                    .set((
                        sessions::ended_at.eq(stored(now)),
                        sessions::end_reason.eq(SessionEnd::EndedElsewhere.code()),
                    ))
                    .execute(conn)
                    .map_err(store_error)
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
        let (user, own) = (session.user, session.session);
        self.look(move |conn| end_others(conn, user, own, now)).await?;
        tracing::info!(session.id = %own, "all other sessions were ended");
        Ok(())
    }
}

pub(super) fn end_others(
    conn: &mut PgConn,
    user: UserId,
    own: SessionId,
    now: Timestamp,
) -> Result<(), StoreError> {
    end_half_sign_ins(conn, user, now)?;
    diesel::update(sessions::table)
        .filter(sessions::user_id.eq(user.uuid()))
        .filter(sessions::session_id.ne(own.uuid()))
        .filter(sessions::ended_at.is_null())
        .set((sessions::ended_at.eq(stored(now)), sessions::end_reason.eq(SessionEnd::EndedElsewhere.code())))
        .execute(conn)
        .map_err(store_error)
        .map(|_| ())
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
    let of_a_provider = |factor: &Factor| matches!(factor, Factor::Sso | Factor::SsoTwoFactors);
    Ok(factors_of(conn, own)?.iter().filter(|factor| !of_a_provider(factor)).collect())
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
