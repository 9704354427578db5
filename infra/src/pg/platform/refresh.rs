//! Refresh tokens: each is good once. A spent one that comes again ends the session for everybody (RFC 9700),
//! also when two come at the same time: one gets the next token, the other ends the family.

use diesel::prelude::*;
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{MembershipId, SessionId, StoreError, TypedId, UserId};
use uuid::Uuid;

use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::schema::{refresh_tokens as tokens, sessions};
use super::super::time::{instant, stored};
use super::accounts::is_enabled;
use super::factors::{Proof, ProofColumns, is_enough, proof_of, proved_by};
use super::membership::live;
use super::session::{SessionEnd, SessionError, SignedIn, end, idle_end, mark_seen};
use super::settings::in_force;
use super::store::PlatformStore;
use crate::auth::{Secret, SecretDigest, SecretPurpose};

/// The session whose token was presented, locked until the transaction ends.
pub(super) struct Held {
    pub(super) session: SessionId,
    pub(super) user: UserId,
    pub(super) membership: MembershipId,
    pub(super) ends_at: Timestamp,
    pub(super) proof: Proof,
}

impl PlatformStore {
    /// The next refresh token, and the session as its membership stands now.
    pub async fn refresh(&self, presented: &str, now: Timestamp) -> Result<SignedIn, SessionError> {
        let digest = digest_of(presented)?;
        let refreshed = self
            .transact(move |conn| match spend(conn, &digest, now)? {
                Ok(held) => carry_on(conn, &held, now).map(Ok),
                Err(refused) => Ok(Err(refused)),
            })
            .await?;
        if let Err(SessionError::Replayed) = &refreshed {
            tracing::warn!("a spent refresh token came again; its session was ended");
        }
        refreshed
    }
}

pub(super) fn digest_of(presented: &str) -> Result<SecretDigest, SessionError> {
    Secret::parse(SecretPurpose::Refresh, presented)
        .map(|secret| secret.digest())
        .map_err(|_| SessionError::Ended)
}

/// Spends the token. The inner error is an answer that has to be committed: it may have ended the session.
pub(super) fn spend(
    conn: &mut PgConn,
    digest: &SecretDigest,
    now: Timestamp,
) -> Result<Result<Held, SessionError>, SessionError> {
    let token: Option<(Uuid, Option<Stored>)> = tokens::table
        .find(digest.as_bytes().as_slice())
        .select((tokens::session_id, tokens::spent_at))
        .for_update()
        .first(conn)
        .optional()
        .map_err(store_error)?;
    let Some((session, spent_at)) = token else { return Ok(Err(SessionError::Ended)) };
    let session = SessionId::from_uuid(session);
    if spent_at.is_some() {
        end(conn, session, SessionEnd::Replayed, now)?;
        return Ok(Err(SessionError::Replayed));
    }
    let Some((held, idle_ends)) = hold(conn, session)? else { return Ok(Err(SessionError::Ended)) };
    if now >= idle_ends || now >= held.ends_at {
        end(conn, session, SessionEnd::Expired, now)?;
        return Ok(Err(SessionError::Ended));
    }
    diesel::update(tokens::table.find(digest.as_bytes().as_slice()))
        .set(tokens::spent_at.eq(stored(now)))
        .execute(conn)
        .map_err(store_error)?;
    Ok(Ok(held))
}

/// The session and when it falls idle, locked (two switches at once leave one new session), if neither it nor its user has ended.
pub(super) fn hold(conn: &mut PgConn, session: SessionId) -> Result<Option<(Held, Timestamp)>, StoreError> {
    let row: Option<(Uuid, Uuid, Stored, Stored, ProofColumns)> = sessions::table
        .find(session.uuid())
        .filter(sessions::ended_at.is_null())
        .select((
            sessions::user_id,
            sessions::membership_id,
            sessions::idle_ends_at,
            sessions::ends_at,
            proved_by!(),
        ))
        .for_update()
        .first(conn)
        .optional()
        .map_err(store_error)?;
    let Some((user, membership, idle_ends, ends_at, proof)) = row else { return Ok(None) };
    let user = UserId::from_uuid(user);
    if !is_enabled(conn, user)? {
        return Ok(None);
    }
    let held = Held {
        session,
        user,
        membership: MembershipId::from_uuid(membership),
        ends_at: instant(ends_at),
        proof: proof_of(proof)?,
    };
    Ok(Some((held, instant(idle_ends))))
}

/// A new token for the same session; the membership is read again, so new roles are in the next access token.
fn carry_on(conn: &mut PgConn, held: &Held, now: Timestamp) -> Result<SignedIn, SessionError> {
    let membership = live(conn, held.user)?
        .into_iter()
        .find(|one| one.membership == held.membership)
        .ok_or(SessionError::Ended)?;
    let secret = Secret::generate(SecretPurpose::Refresh).map_err(StoreError::from)?;
    keep(conn, held.session, &secret, now)?;
    let settings = in_force(conn, membership.network, membership.organisation, now)?;
    if !is_enough(&held.proof.factors, settings) {
        return Err(SessionError::FactorNeeded);
    }
    let secret_ends_at = idle_end(now, settings).min(held.ends_at);
    mark_seen(conn, held.session, secret_ends_at, now)?;
    let session = membership.session(held.session, held.user, held.proof.proved_at);
    Ok(SignedIn { session, secret, secret_ends_at, ends_at: held.ends_at })
}

pub(super) fn keep(
    conn: &mut PgConn,
    session: SessionId,
    secret: &Secret,
    now: Timestamp,
) -> Result<(), StoreError> {
    diesel::insert_into(tokens::table)
        .values((
            tokens::token_hash.eq(secret.digest().as_bytes().as_slice()),
            tokens::session_id.eq(session.uuid()),
            tokens::created_at.eq(stored(now)),
        ))
        .execute(conn)
        .map_err(store_error)
        .map(|_| ())
}
