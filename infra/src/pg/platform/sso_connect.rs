//! Who a login is at a provider. The login's owner says so: by signing in with their own credentials, just now, in the
//! browser that has just come back from the provider. An address that both sides know proves nothing.

use std::sync::Arc;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{IdSource, StoreError, TypedId};
use uuid::Uuid;

use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::schema::{
    federated_identities as identities, identity_providers as p, sign_in_ceremonies as ceremonies,
};
use super::super::time::{instant, stored};
use super::credentials::{changed, fresh};
use super::membership::{ViewerMembership, live};
use super::sso::{CEREMONY, Returned, opener_of, speaks_for};
use super::store::PlatformStore;
use crate::auth::{Secret, SecretPurpose};
use crate::sso::Proven;

/// What a browser has proved and nobody has connected yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub provider_name: String,
    pub short_name: String,
    /// What the provider calls them.
    pub shown: Option<String>,
}

/// One way in through a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedIdentity {
    pub issuer: String,
    /// Of a provider of that address, where there is one still.
    pub provider_name: Option<String>,
    pub connected_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nobody is signed in, or by a provider's word only, or too long ago.
    #[error("a fresh sign-in with one's own credentials is needed")]
    NotProved,
    #[error("there is nothing to connect")]
    Nothing,
    #[error("the login has no membership in the provider's organisation")]
    NotAMember,
    #[error("the identity belongs to another login")]
    Taken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Pending = (Vec<u8>, Uuid, Option<String>, Option<String>, Option<String>);

impl PlatformStore {
    /// Keeps what a browser has proved, until it is connected or forgotten.
    pub async fn hold_proof(
        &self,
        returned: &Returned,
        proven: Proven,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let state = returned.state;
        let until = stored(now.checked_add(CEREMONY).unwrap_or(now));
        self.look(move |conn| {
            diesel::update(ceremonies::table.find(state.as_bytes().as_slice()))
                .set((
                    ceremonies::issuer.eq(proven.issuer),
                    ceremonies::subject.eq(proven.subject),
                    ceremonies::shown.eq(proven.shown),
                    ceremonies::expires_at.eq(until),
                ))
                .execute(conn)
                .map_err(store_error)
                .map(|_| ())
        })
        .await
    }

    pub async fn waiting(&self, browser: &str, now: Timestamp) -> Result<Option<Waiting>, StoreError> {
        let Ok(browser) = Secret::parse(SecretPurpose::SignInBrowser, browser) else { return Ok(None) };
        self.look(move |conn| {
            let Some((_, provider, _, _, shown)) = pending(conn, &browser, now)? else { return Ok(None) };
            let named: Option<(String, String)> = p::table
                .filter(p::provider_id.eq(provider))
                .select((p::name, p::short_name))
                .first(conn)
                .optional()
                .map_err(store_error)?;
            Ok(named.map(|(provider_name, short_name)| Waiting { provider_name, short_name, shown }))
        })
        .await
    }

    /// `session`: the secret in the cookie of somebody who has just signed in.
    pub async fn connect(
        &self,
        session: VerifiedSession,
        browser: &str,
        now: Timestamp,
    ) -> Result<(), ConnectError> {
        let browser =
            Secret::parse(SecretPurpose::SignInBrowser, browser).map_err(|_| ConnectError::Nothing)?;
        let (user, ids) = (session.user, Arc::clone(&self.guards.ids));
        self.transact(move |conn| connect(conn, &*ids, (&session, &browser), now)).await?;
        tracing::info!(user.id = %user, "an identity was connected");
        Ok(())
    }

    /// None for a session that a provider opened: it is not told of another.
    pub async fn connections_of(
        &self,
        session: &VerifiedSession,
    ) -> Result<Vec<ConnectedIdentity>, StoreError> {
        type Row = (String, Stored, Option<Stored>);
        let (user, session) = (session.user, session.session);
        self.look(move |conn| {
            if opener_of(conn, session)?.is_some() {
                return Ok(Vec::new());
            }
            let rows: Vec<Row> = identities::table
                .filter(identities::user_id.eq(user.uuid()))
                .order(identities::connected_at)
                .select((identities::issuer, identities::connected_at, identities::last_used_at))
                .load(conn)
                .map_err(store_error)?;
            let own = live(conn, user)?;
            rows.into_iter().map(|row| named(conn, &own, row)).collect()
        })
        .await
    }

    /// `false`: there was none.
    pub async fn disconnect(
        &self,
        session: VerifiedSession,
        issuer: String,
        now: Timestamp,
    ) -> Result<bool, ConnectError> {
        let ids = Arc::clone(&self.guards.ids);
        let gone = self
            .transact(move |conn| {
                is_the_owner(conn, &session, now)?;
                let gone = diesel::delete(identities::table)
                    .filter(identities::user_id.eq(session.user.uuid()))
                    .filter(identities::issuer.eq(issuer))
                    .execute(conn)
                    .map_err(store_error)?;
                if gone > 0 {
                    changed(conn, &*ids, &session, now)?;
                }
                Ok::<_, ConnectError>(gone)
            })
            .await?;
        Ok(gone > 0)
    }

    /// What the session may act for: a provider speaks for its own organisation only, and names no other.
    pub async fn memberships_for(
        &self,
        session: &VerifiedSession,
    ) -> Result<Vec<ViewerMembership>, StoreError> {
        let (user, session) = (session.user, session.session);
        self.look(move |conn| {
            let all = live(conn, user)?;
            let Some(provider) = opener_of(conn, session)? else { return Ok(all) };
            let of = speaks_for(conn, provider)?;
            Ok(all.into_iter().filter(|one| place(one) == of).collect())
        })
        .await
    }
}

/// Network and organisation of a membership, as rows name them.
pub(super) fn place(one: &ViewerMembership) -> Option<(Uuid, Uuid)> {
    one.organisation.map(|organisation| (one.network.uuid(), organisation.uuid()))
}

fn connect(
    conn: &mut PgConn,
    ids: &dyn IdSource,
    (session, browser): (&VerifiedSession, &Secret),
    now: Timestamp,
) -> Result<(), ConnectError> {
    is_the_owner(conn, session, now)?;
    let Some((state, provider, Some(issuer), Some(subject), _)) = pending(conn, browser, now)? else {
        return Err(ConnectError::Nothing);
    };
    let of = speaks_for(conn, provider)?;
    if !live(conn, session.user)?.iter().any(|one| of.is_some() && place(one) == of) {
        return Err(ConnectError::NotAMember);
    }
    let values = (
        identities::issuer.eq(&issuer),
        identities::subject.eq(&subject),
        identities::user_id.eq(session.user.uuid()),
        identities::connected_at.eq(stored(now)),
    );
    let inserted = diesel::insert_into(identities::table).values(values).execute(conn);
    match inserted {
        Ok(_) => {}
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => return Err(ConnectError::Taken),
        Err(error) => return Err(store_error(error).into()),
    }
    diesel::delete(ceremonies::table.find(state)).execute(conn).map_err(store_error)?;
    changed(conn, ids, session, now)?;
    Ok(())
}

fn pending(conn: &mut PgConn, browser: &Secret, now: Timestamp) -> Result<Option<Pending>, StoreError> {
    ceremonies::table
        .filter(ceremonies::browser_hash.eq(browser.digest().as_bytes().as_slice()))
        .filter(ceremonies::subject.is_not_null())
        .filter(ceremonies::expires_at.gt(stored(now)))
        .select((
            ceremonies::state_hash,
            ceremonies::provider_id,
            ceremonies::issuer,
            ceremonies::subject,
            ceremonies::shown,
        ))
        .for_update()
        .first(conn)
        .optional()
        .map_err(store_error)
}

/// Opened by one's own credentials, and proved just now: a session that was only switched was not.
fn is_the_owner(conn: &mut PgConn, session: &VerifiedSession, now: Timestamp) -> Result<(), ConnectError> {
    let own = opener_of(conn, session.session)?.is_none();
    if own && fresh(session, now).is_ok() { Ok(()) } else { Err(ConnectError::NotProved) }
}

/// With the name by which one of the login's own organisations knows the issuer.
fn named(
    conn: &mut PgConn,
    own: &[ViewerMembership],
    (issuer, connected_at, last_used_at): (String, Stored, Option<Stored>),
) -> Result<ConnectedIdentity, StoreError> {
    let names: Vec<(Uuid, Uuid, String)> = p::table
        .filter(p::issuer.eq(&issuer))
        .select((p::network_id, p::organisation_id, p::name))
        .load(conn)
        .map_err(store_error)?;
    let ours = |(network, organisation, _): &&(Uuid, Uuid, String)| {
        own.iter().any(|one| place(one) == Some((*network, *organisation)))
    };
    let provider_name = names.iter().find(ours).map(|(_, _, name)| name.clone());
    let (connected_at, last_used_at) = (instant(connected_at), last_used_at.map(instant));
    Ok(ConnectedIdentity { issuer, provider_name, connected_at, last_used_at })
}
