//! Acting for another membership of the same login: a new session with a new secret, and the old one ended.
//! Whoever switches presents the secret they hold, so that a stolen access token alone cannot. The hours of the first go on counting.

use jiff::Timestamp;
use trellis_domain::kernel::{MembershipId, SessionId, TypedId};

use super::factors::is_enough;
use super::membership::choose;
use super::refresh::{digest_of, hold, spend};
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
                    Some(session) => hold(conn, session)?.map(|(held, _)| held).ok_or(SessionError::Ended),
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
