//! Acting for another membership of the same login: a new session with a new secret, and the old one ended.
//! Whoever switches presents the secret they hold, so that a stolen access token alone cannot. The hours of the first go on counting.

use diesel::prelude::*;
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{MembershipId, SessionId, StoreError, TypedId, UserId};
use uuid::Uuid;

use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::schema::sessions;
use super::super::time::instant;
use super::factors::{ProofColumns, is_enough, proof_of, proved_by};
use super::membership::choose;
use super::refresh::{Held, digest_of, spend};
use super::session::{Opening, SessionEnd, SessionError, SessionKind, SignedIn, end, open};
use super::settings::in_force;
use super::sso::{opened_by, opener_of, speaks_for};
use super::sso_connect::place;
use super::store::PlatformStore;
use crate::auth::{Secret, SecretPurpose};

impl PlatformStore {
    /// `presented`: the session secret of a browser, or the refresh token of the API, which is spent.
    pub async fn switch_membership(
        &self,
        presented: &str,
        kind: SessionKind,
        to: MembershipId,
        now: Timestamp,
    ) -> Result<SignedIn, SessionError> {
        let id = SessionId::from_uuid(self.guards.ids.next(now));
        let (digest, from) = match kind {
            SessionKind::Api => (digest_of(presented)?, None),
            SessionKind::Browser => {
                let session = self.session_by_secret(presented, now).await?.session;
                let secret =
                    Secret::parse(SecretPurpose::Session, presented).map_err(|_| SessionError::Ended)?;
                (secret.digest(), Some(session))
            }
        };
        let switched: Result<Result<SignedIn, SessionError>, SessionError> = self
            .transact(move |conn| {
                let held = match from {
                    None => spend(conn, &digest, now)?,
                    Some(session) => hold(conn, session)?.ok_or(SessionError::Ended),
                };
                let held = match held {
                    Ok(held) => held,
                    Err(refused) => return Ok(Err(refused)),
                };
                let membership = choose(conn, held.user, Some(to))?.ok_or(SessionError::NotYours)?;
                let opener = opener_of(conn, held.session)?;
                if let Some(provider) = opener
                    && speaks_for(conn, provider)? != place(&membership)
                {
                    return Err(SessionError::OwnCredentials);
                }
                let settings = in_force(conn, membership.network, membership.organisation, now)?;
                if !is_enough(&held.proof.factors, settings) {
                    // Rolled back: the session goes on where it is, and its refresh token is not spent.
                    return Err(SessionError::FactorNeeded);
                }
                end(conn, held.session, SessionEnd::Switched, now)?;
                let opening = Opening {
                    id,
                    user: held.user,
                    kind,
                    at_most_until: Some(held.ends_at),
                    proof: held.proof,
                    now,
                };
                let switched = open(conn, &opening, membership)?;
                opened_by(conn, id, opener)?;
                Ok(Ok(switched))
            })
            .await;
        switched?
    }
}

/// Locked, so that two switches at once leave one new session.
fn hold(conn: &mut PgConn, session: SessionId) -> Result<Option<Held>, StoreError> {
    let row: Option<(Uuid, Uuid, Stored, ProofColumns)> = sessions::table
        .find(session.uuid())
        .filter(sessions::ended_at.is_null())
        .select((sessions::user_id, sessions::membership_id, sessions::ends_at, proved_by!()))
        .for_update()
        .first(conn)
        .optional()
        .map_err(store_error)?;
    let Some((user, membership, ends_at, proof)) = row else { return Ok(None) };
    Ok(Some(Held {
        session,
        user: UserId::from_uuid(user),
        membership: MembershipId::from_uuid(membership),
        ends_at: instant(ends_at),
        proof: proof_of(proof)?,
    }))
}
