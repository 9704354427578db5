//! Sessions: a row each, with the idle and absolute limits that the organisation acted for has settled. Secrets are stored
//! as digests.
//! Whether the membership still stands is asserted again by every transaction of a tenant.

use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{
    MembershipId, NetworkId, OrganisationId, SessionId, StoreError, TypedId, UserId,
};
use trellis_domain::tenancy::Settings;
use uuid::Uuid;

use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::schema::{memberships, networks, organisations, sessions, users};
use super::super::time::{instant, stored};
use super::factors::{Proof, stored_factors};
use super::membership::{ViewerMembership, roles_from};
use super::settings::in_force;
use super::store::PlatformStore;
use crate::auth::{AccessClaims, Secret, SecretPurpose};

/// A session that is in use is written to at most this often.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// Pages present their secret with every request; the API presents a refresh token now and then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    Browser,
    Api,
}

impl SessionKind {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Api => "api",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        [Self::Browser, Self::Api].into_iter().find(|kind| kind.code() == code)
    }

    pub(super) const fn purpose(self) -> SecretPurpose {
        match self {
            Self::Browser => SecretPurpose::Session,
            Self::Api => SecretPurpose::Refresh,
        }
    }
}

/// A session that was just opened or carried on.
#[derive(Debug)]
pub struct SignedIn {
    pub session: VerifiedSession,
    /// For the browser's cookie, or the refresh token of the API. It is shown here only.
    pub secret: Secret,
    /// The secret is good until then, if it is not used before.
    pub secret_ends_at: Timestamp,
    /// Then the session ends whatever happens.
    pub ends_at: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// Unknown, ended, idle too long, disabled: the same answer.
    #[error("the session has ended")]
    Ended,
    /// A refresh token came a second time, so its session was ended for everybody who holds it.
    #[error("the refresh token was used before")]
    Replayed,
    #[error("there is no such membership")]
    NotYours,
    /// The organisation wants two factors, and the session was proved by one.
    #[error("a second factor is needed")]
    FactorNeeded,
    /// An organisation's provider opened the session: it does not speak for another organisation.
    #[error("one's own credentials are needed there")]
    OwnCredentials,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEnd {
    SignedOut,
    Switched,
    Replayed,
    Expired,
    /// From another device, by the same user.
    EndedElsewhere,
}

impl SessionEnd {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Switched => "switched",
            Self::Replayed => "refresh_replayed",
            Self::Expired => "expired",
            Self::EndedElsewhere => "ended_elsewhere",
        }
    }
}

/// When it was seen, falls idle, ends, was proved and was created.
type Times = (Stored, Stored, Stored, Option<Stored>, Stored);
type Row = (Uuid, Uuid, Uuid, i32, Uuid, Option<Uuid>, Vec<String>, Times);

impl PlatformStore {
    /// The session behind a browser's cookie, as its membership stands now.
    pub async fn session_by_secret(
        &self,
        presented: &str,
        now: Timestamp,
    ) -> Result<VerifiedSession, SessionError> {
        let secret = Secret::parse(SecretPurpose::Session, presented).map_err(|_| SessionError::Ended)?;
        let digest = secret.digest();
        self.look(move |conn| {
            let row = by_digest(conn, digest.as_bytes())?.ok_or(SessionError::Ended)?;
            let (seen, idle_ends, ends, _, _) = row.7;
            let session = verified(row)?;
            if now >= instant(idle_ends) || now >= instant(ends) {
                end(conn, session.session, SessionEnd::Expired, now)?;
                return Err(SessionError::Ended);
            }
            if now.duration_since(instant(seen)) >= SEEN_EVERY {
                let settings = in_force(conn, session.network, session.organisation, now)?;
                mark_seen(conn, session.session, idle_end(now, settings).min(instant(ends)), now)?;
            }
            Ok(session)
        })
        .await
    }

    /// Ends a session; its secrets, refresh tokens and access tokens are refused on their next use.
    pub async fn end_session(&self, session: SessionId, now: Timestamp) -> Result<(), StoreError> {
        self.look(move |conn| end(conn, session, SessionEnd::SignedOut, now)).await?;
        tracing::info!(session.id = %session, "signed out");
        Ok(())
    }
}

/// The session of a verified access token. Nothing is asked of the database: each transaction asserts that
/// the session and this version of the membership still stand.
pub fn session_for_token(claims: &AccessClaims) -> Result<VerifiedSession, SessionError> {
    Ok(VerifiedSession {
        session: SessionId::from_uuid(claims.session),
        user: UserId::from_uuid(claims.user),
        membership: MembershipId::from_uuid(claims.membership),
        membership_version: claims.membership_version,
        network: NetworkId::from_uuid(claims.network),
        organisation: claims.organisation.map(OrganisationId::from_uuid),
        roles: roles_from(&claims.roles).map_err(|_| SessionError::Ended)?,
        proved_at: Timestamp::from_second(claims.proved_at).map_err(|_| SessionError::Ended)?,
    })
}

/// What an access token for the session says.
pub fn claims_of(session: &VerifiedSession) -> AccessClaims {
    AccessClaims {
        user: session.user.uuid(),
        membership: session.membership.uuid(),
        membership_version: session.membership_version,
        network: session.network.uuid(),
        organisation: session.organisation.map(TypedId::uuid),
        session: session.session.uuid(),
        roles: session.roles.iter().map(|role| role.code().to_owned()).collect(),
        proved_at: session.proved_at.as_second(),
    }
}

/// A session to be opened.
pub(super) struct Opening {
    pub(super) id: SessionId,
    pub(super) user: UserId,
    pub(super) kind: SessionKind,
    /// It does not outlive the one before it, of which it is the continuation.
    pub(super) at_most_until: Option<Timestamp>,
    /// What proved who opens it.
    pub(super) proof: Proof,
    pub(super) now: Timestamp,
}

pub(super) fn open(
    conn: &mut PgConn,
    opening: &Opening,
    membership: ViewerMembership,
) -> Result<SignedIn, StoreError> {
    let secret = Secret::generate(opening.kind.purpose()).map_err(StoreError::from)?;
    // The API's secrets are in the table of refresh tokens; its session is found by no secret of its own.
    let own = match opening.kind {
        SessionKind::Browser => secret.clone(),
        SessionKind::Api => Secret::generate(SecretPurpose::Session).map_err(StoreError::from)?,
    };
    let settings = in_force(conn, membership.network, membership.organisation, opening.now)?;
    let ends_at = absolute_end(opening.now, settings).min(opening.at_most_until.unwrap_or(Timestamp::MAX));
    let idle_ends = idle_end(opening.now, settings).min(ends_at);
    diesel::insert_into(sessions::table)
        .values((
            sessions::session_id.eq(opening.id.uuid()),
            sessions::user_id.eq(opening.user.uuid()),
            sessions::membership_id.eq(membership.membership.uuid()),
            sessions::kind.eq(opening.kind.code()),
            sessions::secret_hash.eq(own.digest().as_bytes().as_slice()),
            sessions::created_at.eq(stored(opening.now)),
            sessions::last_seen_at.eq(stored(opening.now)),
            sessions::idle_ends_at.eq(stored(idle_ends)),
            sessions::ends_at.eq(stored(ends_at)),
            sessions::factors.eq(stored_factors(&opening.proof.factors)),
            sessions::strong.eq(opening.proof.factors.are_strong()),
            sessions::proved_at.eq(stored(opening.proof.proved_at)),
            sessions::device.eq(&opening.proof.device),
        ))
        .execute(conn)
        .map_err(store_error)?;
    if opening.kind == SessionKind::Api {
        super::refresh::keep(conn, opening.id, &secret, opening.now)?;
    }
    let session = membership.session(opening.id, opening.user, opening.proof.proved_at);
    Ok(SignedIn { session, secret, secret_ends_at: idle_ends, ends_at })
}

/// When a session that is used now falls idle.
pub(super) fn idle_end(now: Timestamp, settings: Settings) -> Timestamp {
    now.checked_add(SignedDuration::from_mins(settings.idle_minutes.into())).unwrap_or(now)
}

fn absolute_end(now: Timestamp, settings: Settings) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(settings.session_hours.into())).unwrap_or(now)
}

pub(super) fn end(
    conn: &mut PgConn,
    session: SessionId,
    why: SessionEnd,
    now: Timestamp,
) -> Result<(), StoreError> {
    diesel::update(sessions::table.find(session.uuid()))
        .filter(sessions::ended_at.is_null())
        .set((sessions::ended_at.eq(stored(now)), sessions::end_reason.eq(why.code())))
        .execute(conn)
        .map_err(store_error)
        .map(|_| ())
}

pub(super) fn mark_seen(
    conn: &mut PgConn,
    session: SessionId,
    idle_ends_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    diesel::update(sessions::table.find(session.uuid()))
        .filter(sessions::ended_at.is_null())
        .set((sessions::last_seen_at.eq(stored(now)), sessions::idle_ends_at.eq(stored(idle_ends_at))))
        .execute(conn)
        .map_err(store_error)
        .map(|_| ())
}

/// One statement: the session with its membership, where user, membership, organisation and network all stand.
fn by_digest(conn: &mut PgConn, digest: &[u8]) -> Result<Option<Row>, StoreError> {
    use {memberships as m, organisations as o, sessions as s};
    let here = o::network_id.eq(m::network_id).and(o::organisation_id.nullable().eq(m::organisation_id));
    s::table
        .inner_join(users::table.on(users::user_id.eq(s::user_id)))
        .inner_join(m::table.on(m::membership_id.eq(s::membership_id).and(m::user_id.eq(s::user_id))))
        .inner_join(networks::table.on(networks::network_id.eq(m::network_id)))
        .left_join(o::table.on(here))
        .filter(s::secret_hash.eq(digest))
        .filter(s::kind.eq(SessionKind::Browser.code()))
        .filter(s::ended_at.is_null())
        .filter(users::disabled_at.is_null())
        .filter(m::ended_at.is_null())
        .filter(networks::suspended_at.is_null())
        .filter(o::suspended_at.is_null())
        .filter(o::closed_at.is_null())
        .select((
            s::session_id,
            s::user_id,
            m::membership_id,
            m::version,
            m::network_id,
            m::organisation_id,
            m::roles,
            (s::last_seen_at, s::idle_ends_at, s::ends_at, s::proved_at, s::created_at),
        ))
        .first(conn)
        .optional()
        .map_err(store_error)
}

fn verified(row: Row) -> Result<VerifiedSession, StoreError> {
    let (session, user, membership, version, network, organisation, roles, (_, _, _, proved, created)) = row;
    Ok(VerifiedSession {
        session: SessionId::from_uuid(session),
        user: UserId::from_uuid(user),
        membership: MembershipId::from_uuid(membership),
        membership_version: version,
        network: NetworkId::from_uuid(network),
        organisation: organisation.map(OrganisationId::from_uuid),
        roles: roles_from(&roles)?,
        proved_at: instant(proved.unwrap_or(created)),
    })
}
