//! Sign-ins at an organisation's own provider: the ceremony between leaving and coming back, and the session that it opens.
//! Such a session acts for memberships of that organisation only; a login is never made here.

use std::sync::Arc;

use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use trellis_domain::identity::{Factor, Factors};
use trellis_domain::kernel::{IdSource, NetworkId, SessionId, StoreError, TypedId, UserId};
use trellis_domain::sso::Provider;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::provider::{Row, provider_columns, provider_from, secret_of};
use super::super::schema::{
    federated_identities as identities, identity_providers as p, networks as n, organisations as o,
    session_providers, sign_in_ceremonies as ceremonies,
};
use super::super::time::stored;
use super::accounts::is_enabled;
use super::factors::{Proof, is_enough};
use super::membership::live;
use super::session::{Opening, SessionKind, SignedIn};
use super::settings::in_force;
use super::sign_in::arrive;
use super::store::PlatformStore;
use crate::auth::{Secret, SecretDigest, SecretPurpose};
use crate::redis::{Limit, LimitKey, Verdict};
use crate::seal::KeptSecret;
use crate::sso::{CeremonySecrets, Proven};

/// So long somebody may take at the provider, and again to connect what they have proved.
pub(super) const CEREMONY: SignedDuration = SignedDuration::from_mins(10);
/// Begun ceremonies from one source.
const FROM_ONE_SOURCE: Limit = Limit::per_minute(30);

/// A provider that is switched on, of an organisation that is open, and what is needed to ask it.
#[derive(Debug, Clone)]
pub struct Door {
    pub provider: Provider,
    pub network: NetworkId,
    pub secret: Zeroizing<String>,
}

/// Held by the browser and sent to the provider.
#[derive(Debug)]
pub struct Begun {
    pub browser: Secret,
    pub state: Secret,
    pub secrets: CeremonySecrets,
}

/// The browser that began has come back, once.
#[derive(Debug)]
pub struct Returned {
    pub secrets: CeremonySecrets,
    /// Where it wanted to go.
    pub after: String,
    pub(super) state: SecretDigest,
}

/// What the provider's word is worth here.
#[derive(Debug)]
pub enum Entered {
    SignedIn(Box<SignedIn>),
    /// Nobody has connected this identity yet.
    NotConnected,
    /// Connected, but not, or no longer, to somebody of this organisation.
    NotAMember,
    /// The organisation asks for two factors, and the provider does not say that it did.
    SecondFactorMissing,
}

impl PlatformStore {
    /// `None` for one that is unknown, switched off, or of an organisation that is closed: the same answer.
    pub async fn door(&self, short_name: &str) -> Result<Option<Door>, StoreError> {
        let short_name = short_name.to_owned();
        let row: Option<(Row, Uuid, String, Vec<u8>)> = self
            .look(move |conn| {
                p::table
                    .inner_join(
                        o::table.on(o::network_id
                            .eq(p::network_id)
                            .and(o::organisation_id.eq(p::organisation_id))),
                    )
                    .filter(p::short_name.eq(short_name))
                    .filter(p::enabled)
                    .filter(o::suspended_at.is_null().and(o::closed_at.is_null()))
                    .filter(
                        p::network_id
                            .eq_any(n::table.filter(n::suspended_at.is_null()).select(n::network_id)),
                    )
                    .select((provider_columns!(), p::network_id, p::secret_key_id, p::sealed_secret))
                    .first(conn)
                    .optional()
                    .map_err(store_error)
            })
            .await?;
        let Some((row, network, key_id, bytes)) = row else { return Ok(None) };
        let provider = provider_from(row)?;
        let kept = KeptSecret { key_id, bytes };
        let secret = self.guards.keyring.kept_secret(secret_of(provider.id.uuid()), &kept);
        let secret = secret.map_err(|_| StoreError::Sealed)?;
        Ok(Some(Door { provider, network: NetworkId::from_uuid(network), secret }))
    }

    /// `None`: too many from this source.
    pub async fn begin_ceremony(
        &self,
        door: &Door,
        (after, source): (&str, &str),
        now: Timestamp,
    ) -> Result<Option<Begun>, StoreError> {
        let key = LimitKey::new("sign-in-provider", &[source]);
        if let Verdict::Limited { .. } = self.guards.limiter.check(&key, FROM_ONE_SOURCE, now).await {
            return Ok(None);
        }
        let browser = Secret::generate(SecretPurpose::SignInBrowser).map_err(StoreError::from)?;
        let state = Secret::generate(SecretPurpose::SignInState).map_err(StoreError::from)?;
        let secrets = self.ceremony_secrets(&browser)?;
        let row = (
            ceremonies::state_hash.eq(state.digest().as_bytes().to_vec()),
            ceremonies::browser_hash.eq(browser.digest().as_bytes().to_vec()),
            ceremonies::provider_id.eq(door.provider.id.uuid()),
            ceremonies::after.eq(after.to_owned()),
            ceremonies::expires_at.eq(stored(now.checked_add(CEREMONY).unwrap_or(now))),
        );
        self.look(move |conn| {
            diesel::insert_into(ceremonies::table).values(row).execute(conn).map_err(store_error)
        })
        .await?;
        Ok(Some(Begun { browser, state, secrets }))
    }

    /// Spends the ceremony. `None`: not begun here, by another browser, at another provider, too late, or answered before.
    pub async fn end_ceremony(
        &self,
        door: &Door,
        (browser, state): (&str, &str),
        now: Timestamp,
    ) -> Result<Option<Returned>, StoreError> {
        let parsed = Secret::parse(SecretPurpose::SignInBrowser, browser).ok();
        let Some((browser, state)) = parsed.zip(Secret::parse(SecretPurpose::SignInState, state).ok()) else {
            return Ok(None);
        };
        let (of_browser, of_state, provider) = (browser.digest(), state.digest(), door.provider.id.uuid());
        let after: Option<String> = self
            .look(move |conn| {
                diesel::update(ceremonies::table.find(of_state.as_bytes().as_slice()))
                    .filter(ceremonies::browser_hash.eq(of_browser.as_bytes().as_slice()))
                    .filter(ceremonies::provider_id.eq(provider))
                    .filter(ceremonies::answered_at.is_null())
                    .filter(ceremonies::expires_at.gt(stored(now)))
                    .set(ceremonies::answered_at.eq(stored(now)))
                    .returning(ceremonies::after)
                    .get_result(conn)
                    .optional()
                    .map_err(store_error)
            })
            .await?;
        let Some(after) = after else { return Ok(None) };
        Ok(Some(Returned { secrets: self.ceremony_secrets(&browser)?, after, state: of_state }))
    }

    /// Opens a session for somebody who is connected and belongs to the provider's organisation.
    pub async fn enter_by_provider(
        &self,
        door: &Door,
        proven: &Proven,
        device: String,
        now: Timestamp,
    ) -> Result<Entered, StoreError> {
        let (ids, id) = (Arc::clone(&self.guards.ids), SessionId::from_uuid(self.guards.ids.next(now)));
        let (door, proven) = (door.clone(), proven.clone());
        let arriving = Arriving { id, device, now };
        let entered = self.transact(move |conn| enter(conn, &*ids, (&door, &proven), arriving)).await?;
        if let Entered::SignedIn(signed_in) = &entered {
            let (user, session) = (signed_in.session.user, signed_in.session.session);
            tracing::info!(user.id = %user, session.id = %session, "signed in by a provider");
        }
        Ok(entered)
    }

    fn ceremony_secrets(&self, browser: &Secret) -> Result<CeremonySecrets, StoreError> {
        CeremonySecrets::of(&self.guards.keyring, browser).map_err(|error| StoreError::Fault(Box::new(error)))
    }
}

/// A session that may be opened.
struct Arriving {
    id: SessionId,
    device: String,
    now: Timestamp,
}

fn enter(
    conn: &mut PgConn,
    ids: &dyn IdSource,
    (door, proven): (&Door, &Proven),
    Arriving { id, device, now }: Arriving,
) -> Result<Entered, StoreError> {
    let known = identities::table.find((&proven.issuer, &proven.subject));
    let user: Option<Uuid> = known.select(identities::user_id).first(conn).optional().map_err(store_error)?;
    let Some(user) = user else { return Ok(Entered::NotConnected) };
    let user = UserId::from_uuid(user);
    let enabled = is_enabled(conn, user)?;
    let belongs = live(conn, user)?
        .into_iter()
        .find(|one| one.network == door.network && one.organisation == Some(door.provider.organisation));
    let Some(membership) = belongs.filter(|_| enabled) else { return Ok(Entered::NotAMember) };
    let settings = in_force(conn, membership.network, membership.organisation, now)?;
    let factor = if proven.second_factor { Factor::SsoTwoFactors } else { Factor::Sso };
    let factors = Factors::default().and(factor);
    if !is_enough(&factors, settings) {
        return Ok(Entered::SecondFactorMissing);
    }
    diesel::update(known).set(identities::last_used_at.eq(stored(now))).execute(conn).map_err(store_error)?;
    // The provider's word is never fresh enough to change what the login itself signs in with: its owner has to prove
    // that with a credential of their own, or an organisation's provider could let itself in everywhere else.
    let proof = Proof { factors, proved_at: Timestamp::UNIX_EPOCH, device };
    let opening = Opening { id, user, kind: SessionKind::Browser, at_most_until: None, proof, now };
    let signed_in = arrive(conn, ids, &opening, membership)?;
    opened_by(conn, id, Some(door.provider.id.uuid()))?;
    Ok(Entered::SignedIn(Box::new(signed_in)))
}

/// Notes by whose word a session was opened.
pub(super) fn opened_by(
    conn: &mut PgConn,
    session: SessionId,
    provider: Option<Uuid>,
) -> Result<(), StoreError> {
    diesel::update(session_providers::table.find(session.uuid()))
        .set(session_providers::provider_id.eq(provider))
        .execute(conn)
        .map_err(store_error)
        .map(|_| ())
}

/// By whose word it was opened; none for one's own credentials.
pub(super) fn opener_of(conn: &mut PgConn, session: SessionId) -> Result<Option<Uuid>, StoreError> {
    let row: Option<Option<Uuid>> = session_providers::table
        .find(session.uuid())
        .select(session_providers::provider_id)
        .first(conn)
        .optional()
        .map_err(store_error)?;
    Ok(row.flatten())
}

/// The one organisation that a provider speaks for. A provider that is gone speaks for none.
pub(super) fn speaks_for(conn: &mut PgConn, provider: Uuid) -> Result<Option<(Uuid, Uuid)>, StoreError> {
    p::table
        .filter(p::provider_id.eq(provider))
        .select((p::network_id, p::organisation_id))
        .first(conn)
        .optional()
        .map_err(store_error)
}
