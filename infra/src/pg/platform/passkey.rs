//! Passkeys: what a device was asked is kept for five minutes and taken away by the first answer, whatever it is.

use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use trellis_domain::identity::{Factor, Factors};
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{Line, MembershipId, PasskeyId, StoreError, TypedId, UserId};
use uuid::Uuid;

use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::schema::{passkey_challenges as challenges, passkeys, users};
use super::super::time::stored;
use super::accounts::is_enabled;
use super::credentials::{CredentialError, changed, fresh, may_be_alone};
use super::factors::Visit;
use super::own_sessions::{end_others, end_weak_others, strengthen, weaken};
use super::reset::settle;
use super::session::SignedIn;
use super::sign_in::SignInError;
use super::store::PlatformStore;
use super::ticket::{TicketError, digest_of, hold};
use crate::auth::{Challenge, NewPasskey, PasskeyError, Passkeys, RecoveryCode, Secret, SecretPurpose};

const GOOD_FOR: SignedDuration = SignedDuration::from_mins(5);
const REGISTER: &str = "register";
const SIGN_IN: &str = "sign_in";
pub(super) const SECOND_FACTOR: &str = "second_factor";
pub(super) const PROVE: &str = "prove";
/// Keys of one login; more help nobody.
const MOST_PASSKEYS: usize = 20;

/// What a browser is to ask its device, and the name under which the answer comes back.
#[derive(Debug)]
pub struct PasskeyChallenge {
    pub challenge: Secret,
    /// For `navigator.credentials`, as JSON.
    pub options: Value,
}

/// An answer of a user's own device.
pub(super) struct Ceremony<'a> {
    pub(super) user: UserId,
    pub(super) purpose: &'static str,
    pub(super) challenge: &'a str,
    pub(super) answer: &'a str,
}

impl PlatformStore {
    /// For somebody who has not said who they are.
    pub async fn ask_any_passkey(
        &self,
        source: &str,
        now: Timestamp,
    ) -> Result<PasskeyChallenge, SignInError> {
        self.count_challenge(source, now).await?;
        let asked = self.passkeys.ask_anybody().map_err(|_| SignInError::Refused)?;
        Ok(self.look(move |conn| keep(conn, None, (SIGN_IN, asked), now)).await?)
    }

    /// A passkey has checked its user by itself, so it is enough alone.
    pub async fn sign_in_with_passkey(
        &self,
        (challenge, answer): (&str, &str),
        (source, visit): (&str, Visit),
        asked: Option<MembershipId>,
        now: Timestamp,
    ) -> Result<SignedIn, SignInError> {
        self.count_challenge(source, now).await?;
        let (challenge, answer) = (challenge.to_owned(), answer.to_owned());
        let known = std::sync::Arc::clone(&self.passkeys);
        let user = self
            .transact(move |conn| {
                let Some(state) = take(conn, &challenge, (None, SIGN_IN), now)? else { return Ok(None) };
                let Some((user, id, held)) = named(conn, &answer)? else { return Ok(None) };
                match known.answered_by_anybody(&answer, state, held) {
                    Ok(credential) => {
                        used(conn, id, &credential, now)?;
                        Ok::<_, StoreError>(Some(user))
                    }
                    Err(error) => {
                        tracing::warn!(user.id = %user, %error, "sign-in refused: passkey");
                        Ok(None)
                    }
                }
            })
            .await?;
        let user = user.ok_or(SignInError::Refused)?;
        self.enter((user, Factors::default().and(Factor::Passkey)), visit, asked, now).await
    }

    /// As the second proof of the ticket's holder.
    pub async fn ask_passkey_for_ticket(
        &self,
        presented: &str,
        now: Timestamp,
    ) -> Result<PasskeyChallenge, TicketError> {
        let (digest, known) = (digest_of(presented)?, std::sync::Arc::clone(&self.passkeys));
        self.transact(move |conn| {
            let user = hold(conn, digest, now)?.user;
            let asked = known.ask_for(credentials_of(conn, user)?).map_err(|_| TicketError::WrongCode)?;
            Ok(keep(conn, Some(user), (SECOND_FACTOR, asked), now)?)
        })
        .await
    }

    /// To prove again who is at the desk.
    pub async fn ask_passkey_to_prove(
        &self,
        session: &VerifiedSession,
        now: Timestamp,
    ) -> Result<PasskeyChallenge, CredentialError> {
        let (user, known) = (session.user, std::sync::Arc::clone(&self.passkeys));
        self.transact(move |conn| {
            let held = credentials_of(conn, user)?;
            if held.is_empty() {
                return Err(CredentialError::NotFound);
            }
            Ok(keep(conn, Some(user), (PROVE, known.ask_for(held)?), now)?)
        })
        .await
    }

    pub async fn start_passkey(
        &self,
        session: &VerifiedSession,
        now: Timestamp,
    ) -> Result<PasskeyChallenge, CredentialError> {
        fresh(session, now)?;
        let (user, known) = (session.user, std::sync::Arc::clone(&self.passkeys));
        self.transact(move |conn| {
            let (email, name): (String, String) = users::table
                .find(user.uuid())
                .select((users::email, users::name))
                .first(conn)
                .map_err(store_error)?;
            let held: Vec<Vec<u8>> = passkeys::table
                .filter(passkeys::user_id.eq(user.uuid()))
                .select(passkeys::credential_id)
                .load(conn)
                .map_err(store_error)?;
            if held.len() >= MOST_PASSKEYS {
                return Err(CredentialError::PasskeyRefused);
            }
            let asked = known.ask_to_register(user.uuid(), (&email, &name), held)?;
            Ok(keep(conn, Some(user), (REGISTER, asked), now)?)
        })
        .await
    }

    /// With recovery codes where there were none: a device is lost sooner or later.
    pub async fn add_passkey(
        &self,
        session: &VerifiedSession,
        (challenge, answer): (&str, &str),
        name: Line,
        now: Timestamp,
    ) -> Result<(PasskeyId, Vec<RecoveryCode>), CredentialError> {
        fresh(session, now)?;
        let (user, session, ids) = (session.user, session.clone(), std::sync::Arc::clone(&self.guards.ids));
        let (challenge, answer) = (challenge.to_owned(), answer.to_owned());
        let (id, known) = (self.guards.ids.next(now), std::sync::Arc::clone(&self.passkeys));
        let codes = self
            .transact(move |conn| {
                let Some(state) = take(conn, &challenge, (Some(user), REGISTER), now)? else {
                    return Ok(Err(CredentialError::PasskeyRefused));
                };
                // Committed all the same: a challenge is answered once.
                let passkey = match known.registered(&answer, state) {
                    Ok(passkey) => passkey,
                    Err(error) => return Ok::<_, CredentialError>(Err(error.into())),
                };
                add(conn, (user, id), passkey, &name, now)?;
                settle(conn, user)?;
                strengthen(conn, session.session, Factor::Passkey, now)?;
                end_weak_others(conn, user, Some(session.session), now)?;
                changed(conn, &*ids, &session, now)?;
                let without = !super::ticket::Ways::of(conn, user)?.recovery_code;
                Ok(Ok(if without { super::authenticator::renew(conn, user, now)? } else { Vec::new() }))
            })
            .await??;
        tracing::info!(user.id = %user, "a passkey was added");
        Ok((PasskeyId::from_uuid(id), codes))
    }

    pub async fn rename_passkey(
        &self,
        session: &VerifiedSession,
        which: PasskeyId,
        name: Line,
    ) -> Result<(), CredentialError> {
        let user = session.user;
        let renamed = self
            .look(move |conn| {
                diesel::update(passkeys::table.find(which.uuid()))
                    .filter(passkeys::user_id.eq(user.uuid()))
                    .set(passkeys::name.eq(name.as_str()))
                    .execute(conn)
                    .map_err(store_error)
            })
            .await?;
        if renamed == 0 { Err(CredentialError::NotFound) } else { Ok(()) }
    }

    /// Other sessions end: the device may be in somebody else's hands.
    pub async fn remove_passkey(
        &self,
        session: &VerifiedSession,
        which: PasskeyId,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        fresh(session, now)?;
        let (user, session, ids) = (session.user, session.clone(), std::sync::Arc::clone(&self.guards.ids));
        self.transact(move |conn| {
            let removed = diesel::delete(passkeys::table.find(which.uuid()))
                .filter(passkeys::user_id.eq(user.uuid()))
                .execute(conn)
                .map_err(store_error)?;
            if removed == 0 {
                return Err(CredentialError::NotFound);
            }
            may_be_alone(conn, user)?;
            if credentials_of(conn, user)?.is_empty() {
                weaken(conn, session.session, Factor::Passkey)?;
            }
            changed(conn, &*ids, &session, now)?;
            Ok(end_others(conn, user, Some(session.session), now)?)
        })
        .await?;
        tracing::info!(user.id = %user, "a passkey was removed");
        Ok(())
    }
}

fn keep(
    conn: &mut PgConn,
    user: Option<UserId>,
    (purpose, asked): (&'static str, Challenge),
    now: Timestamp,
) -> Result<PasskeyChallenge, StoreError> {
    let challenge = Secret::generate(SecretPurpose::Challenge).map_err(StoreError::from)?;
    diesel::insert_into(challenges::table)
        .values((
            challenges::challenge_hash.eq(challenge.digest().as_bytes().as_slice()),
            challenges::user_id.eq(user.map(TypedId::uuid)),
            challenges::purpose.eq(purpose),
            challenges::state.eq(asked.state),
            challenges::expires_at.eq(stored(now.checked_add(GOOD_FOR).unwrap_or(now))),
        ))
        .execute(conn)
        .map_err(store_error)?;
    Ok(PasskeyChallenge { challenge, options: asked.options })
}

/// Good once, for the purpose and the user it was asked for.
fn take(
    conn: &mut PgConn,
    presented: &str,
    (user, purpose): (Option<UserId>, &'static str),
    now: Timestamp,
) -> Result<Option<Value>, StoreError> {
    let Ok(secret) = Secret::parse(SecretPurpose::Challenge, presented) else { return Ok(None) };
    diesel::delete(challenges::table.find(secret.digest().as_bytes().to_vec()))
        .filter(challenges::purpose.eq(purpose))
        .filter(challenges::user_id.is_not_distinct_from(user.map(TypedId::uuid)))
        .filter(challenges::expires_at.gt(stored(now)))
        .returning(challenges::state)
        .get_result(conn)
        .optional()
        .map_err(store_error)
}

/// The passkey an answer names, locked so that its counter is compared once at a time.
fn named(conn: &mut PgConn, answer: &str) -> Result<Option<(UserId, Uuid, Value)>, StoreError> {
    let Ok(credential) = Passkeys::named(answer) else { return Ok(None) };
    let row: Option<(Uuid, Uuid, Value)> = passkeys::table
        .filter(passkeys::credential_id.eq(credential))
        .select((passkeys::user_id, passkeys::passkey_id, passkeys::credential))
        .for_update()
        .first(conn)
        .optional()
        .map_err(store_error)?;
    let Some((user, id, held)) = row else { return Ok(None) };
    let user = UserId::from_uuid(user);
    Ok(is_enabled(conn, user)?.then_some((user, id, held)))
}

fn used(conn: &mut PgConn, id: Uuid, credential: &Value, now: Timestamp) -> Result<(), StoreError> {
    diesel::update(passkeys::table.find(id))
        .set((passkeys::credential.eq(credential), passkeys::last_used_at.eq(stored(now))))
        .execute(conn)
        .map_err(store_error)
        .map(|_| ())
}

fn add(
    conn: &mut PgConn,
    (user, id): (UserId, Uuid),
    passkey: NewPasskey,
    name: &Line,
    now: Timestamp,
) -> Result<(), CredentialError> {
    let added = diesel::insert_into(passkeys::table)
        .values((
            passkeys::passkey_id.eq(id),
            passkeys::user_id.eq(user.uuid()),
            passkeys::credential_id.eq(passkey.credential_id),
            passkeys::credential.eq(passkey.credential),
            passkeys::name.eq(name.as_str()),
            passkeys::created_at.eq(stored(now)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .map_err(store_error)?;
    if added == 0 { Err(CredentialError::PasskeyRefused) } else { Ok(()) }
}

fn credentials_of(conn: &mut PgConn, user: UserId) -> Result<Vec<Value>, StoreError> {
    passkeys::table
        .filter(passkeys::user_id.eq(user.uuid()))
        .select(passkeys::credential)
        .load(conn)
        .map_err(store_error)
}

pub(super) fn check_passkey(
    conn: &mut PgConn,
    known: &Passkeys,
    ceremony: &Ceremony<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let asked = (Some(ceremony.user), ceremony.purpose);
    let Some(state) = take(conn, ceremony.challenge, asked, now)? else { return Ok(false) };
    let Some((user, id, held)) = named(conn, ceremony.answer)? else { return Ok(false) };
    if user != ceremony.user {
        return Ok(false);
    }
    match known.answered(ceremony.answer, state, held) {
        Ok(credential) => {
            used(conn, id, &credential, now)?;
            Ok(true)
        }
        Err(PasskeyError::Stored) => Err(StoreError::Fault(Box::new(PasskeyError::Stored))),
        Err(error) => {
            tracing::warn!(user.id = %user, %error, "a passkey was refused");
            Ok(false)
        }
    }
}
