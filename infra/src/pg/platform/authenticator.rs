//! An app that shows codes, and the printed codes for when it is lost. A code counts once, and so does a printed one.

use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use trellis_domain::identity::Factor;
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{StoreError, TypedId, UserId};
use uuid::Uuid;

use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::schema::{authenticators as apps, recovery_codes as codes, users};
use super::super::time::stored;
use super::credentials::{CredentialError, changed, fresh, may_be_alone};
use super::own_sessions::{end_others, end_weak_others, strengthen, weaken};
use super::reset::settle;
use super::store::PlatformStore;
use super::ticket::{TicketError, add_factor, count_wrong, digest_of, hold};
use crate::auth::{CodeApp, RECOVERY_CODES, RecoveryCode};
use crate::seal::{Keyring, WrappedKey};

const SECRET: &str = "authenticators.sealed_secret";
/// So long may somebody look for their telephone.
const UNFINISHED_KEPT: SignedDuration = SignedDuration::from_mins(30);

/// How an app learns its secret. Shown to its owner until the first code was right, and never again.
#[derive(Clone)]
pub struct NewAuthenticator {
    /// In groups of four.
    pub secret: String,
    pub address: String,
    /// A QR code, as a `data:` address.
    pub picture: String,
}

impl std::fmt::Debug for NewAuthenticator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewAuthenticator(redacted)")
    }
}

fn failed<E: std::error::Error + Send + Sync + 'static>(error: E) -> StoreError {
    StoreError::Fault(Box::new(error))
}

impl PlatformStore {
    /// For somebody signed in. What was begun before and not finished is replaced.
    pub async fn start_authenticator(
        &self,
        session: &VerifiedSession,
        now: Timestamp,
    ) -> Result<NewAuthenticator, CredentialError> {
        fresh(session, now)?;
        let (user, session, this) = (session.user, session.session, self.clone());
        self.transact(move |conn| {
            let email = email_of(conn, user)?;
            let by = session.uuid().as_bytes().to_vec();
            begin(conn, &this.guards.keyring, (user, &email, &by), now)?.ok_or(CredentialError::AlreadySetUp)
        })
        .await
    }

    /// The same for somebody who may not come in without one.
    pub async fn start_authenticator_by_ticket(
        &self,
        presented: &str,
        now: Timestamp,
    ) -> Result<NewAuthenticator, TicketError> {
        let (digest, this) = (digest_of(presented)?, self.clone());
        self.transact(move |conn| {
            let held = hold(conn, digest, now)?;
            may_enrol(conn, &held)?;
            begin(conn, &this.guards.keyring, (held.user, &held.email, &held.digest), now)?
                .ok_or(TicketError::NotYours)
        })
        .await
    }

    /// The first code was right: from now on it is asked for. The recovery codes are shown here only.
    pub async fn confirm_authenticator(
        &self,
        session: &VerifiedSession,
        typed: &str,
        now: Timestamp,
    ) -> Result<Vec<RecoveryCode>, CredentialError> {
        fresh(session, now)?;
        let tries = self.count_proving(session.user, now).await?;
        let (user, typed, this) = (session.user, typed.to_owned(), self.clone());
        let session = session.clone();
        let codes = self
            .transact(move |conn| {
                if !confirm(conn, &this.guards.keyring, (user, &typed), now)? {
                    return Err(CredentialError::WrongCode);
                }
                strengthen(conn, session.session, Factor::Totp, now)?;
                end_weak_others(conn, user, Some(session.session), now)?;
                changed(conn, &*this.guards.ids, &session, now)?;
                Ok(renew(conn, user, now)?)
            })
            .await?;
        self.give_back(tries).await?;
        tracing::info!(user.id = %user, "an authenticator app was set up");
        Ok(codes)
    }

    pub async fn confirm_authenticator_by_ticket(
        &self,
        presented: &str,
        typed: &str,
        now: Timestamp,
    ) -> Result<Vec<RecoveryCode>, TicketError> {
        let (digest, typed, this) = (digest_of(presented)?, typed.to_owned(), self.clone());
        self.transact(move |conn| {
            let held = hold(conn, digest, now)?;
            may_enrol(conn, &held)?;
            if !confirm(conn, &this.guards.keyring, (held.user, &typed), now)? {
                count_wrong(conn, &held)?;
                return Ok::<_, TicketError>(Err(TicketError::WrongCode));
            }
            add_factor(conn, &held, Factor::Totp)?;
            end_weak_others(conn, held.user, None, now)?;
            Ok(Ok(renew(conn, held.user, now)?))
        })
        .await?
    }

    /// Other sessions end: one of them may be the reason.
    pub async fn remove_authenticator(
        &self,
        session: &VerifiedSession,
        now: Timestamp,
    ) -> Result<(), CredentialError> {
        fresh(session, now)?;
        let (user, session, this) = (session.user, session.clone(), self.clone());
        self.transact(move |conn| {
            let removed = diesel::delete(apps::table.find(user.uuid())).execute(conn).map_err(store_error)?;
            if removed == 0 {
                return Err(CredentialError::NotFound);
            }
            may_be_alone(conn, user)?;
            weaken(conn, session.session, Factor::Totp)?;
            changed(conn, &*this.guards.ids, &session, now)?;
            Ok(end_others(conn, user, Some(session.session), now)?)
        })
        .await?;
        tracing::info!(user.id = %user, "an authenticator app was removed");
        Ok(())
    }

    /// New ones; the old ones are good for nothing from now on.
    pub async fn renew_recovery_codes(
        &self,
        session: &VerifiedSession,
        now: Timestamp,
    ) -> Result<Vec<RecoveryCode>, CredentialError> {
        fresh(session, now)?;
        let (user, session, this) = (session.user, session.clone(), self.clone());
        self.transact(move |conn| {
            if !super::ticket::Ways::of(conn, user)?.are_any() {
                return Err(CredentialError::NotFound);
            }
            changed(conn, &*this.guards.ids, &session, now)?;
            Ok(renew(conn, user, now)?)
        })
        .await
    }
}

/// The ticket says so, and it is so still: a factor that was set up since is asked for.
fn may_enrol(conn: &mut PgConn, held: &super::ticket::Held) -> Result<(), TicketError> {
    if held.must_enrol && !super::ticket::Ways::of(conn, held.user)?.are_any() {
        Ok(())
    } else {
        Err(TicketError::NotYours)
    }
}

fn email_of(conn: &mut PgConn, user: UserId) -> Result<String, StoreError> {
    users::table.find(user.uuid()).select(users::email).first(conn).map_err(store_error)
}

/// None where one is in use already.
fn begin(
    conn: &mut PgConn,
    keyring: &Keyring,
    (user, email, by): (UserId, &str, &[u8]),
    now: Timestamp,
) -> Result<Option<NewAuthenticator>, StoreError> {
    // A page that is opened again shows the secret that an app may have learnt already; what another session or another
    // ticket has begun is replaced, or somebody who knows the password could hand the owner a secret of their own.
    diesel::delete(apps::table.find(user.uuid()))
        .filter(apps::confirmed_at.is_null())
        .filter(apps::begun_by.ne(by))
        .execute(conn)
        .map_err(store_error)?;
    if let Some((app, _)) = begun_lately(conn, keyring, (user, email), now)? {
        return Ok(Some(shown(&app)?));
    }
    let app = CodeApp::generate(email).map_err(failed)?;
    let sealed = keyring.seal_for_user(user.uuid(), SECRET, app.secret()).map_err(failed)?;
    let begun = diesel::insert_into(apps::table)
        .values((
            apps::user_id.eq(user.uuid()),
            apps::key_id.eq(sealed.key_id),
            apps::sealed_secret.eq(sealed.bytes),
            apps::created_at.eq(stored(now)),
            apps::begun_by.eq(by),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .map_err(store_error)?;
    if begun == 0 { Ok(None) } else { Ok(Some(shown(&app)?)) }
}

fn shown(app: &CodeApp) -> Result<NewAuthenticator, StoreError> {
    let address = app.address().map_err(failed)?;
    Ok(NewAuthenticator { secret: app.typed(), address, picture: app.picture().map_err(failed)? })
}

fn begun_lately(
    conn: &mut PgConn,
    keyring: &Keyring,
    (user, email): (UserId, &str),
    now: Timestamp,
) -> Result<Option<(CodeApp, i64)>, StoreError> {
    let since = now.checked_sub(UNFINISHED_KEPT).unwrap_or(Timestamp::MIN);
    diesel::delete(apps::table.find(user.uuid()))
        .filter(apps::confirmed_at.is_null())
        .filter(apps::created_at.le(stored(since)))
        .execute(conn)
        .map_err(store_error)?;
    app_of(conn, keyring, (user, email, false))
}

type Row = (Uuid, String, Vec<u8>, i64);

/// Locked, so that one code typed twice at once counts once.
fn app_of(
    conn: &mut PgConn,
    keyring: &Keyring,
    (user, account, confirmed): (UserId, &str, bool),
) -> Result<Option<(CodeApp, i64)>, StoreError> {
    let row: Option<Row> = apps::table
        .find(user.uuid())
        .filter(apps::confirmed_at.is_not_null().eq(confirmed))
        .select((apps::user_id, apps::key_id, apps::sealed_secret, apps::last_step))
        .for_update()
        .first(conn)
        .optional()
        .map_err(store_error)?;
    let Some((user, key_id, bytes, last_step)) = row else { return Ok(None) };
    let sealed = WrappedKey { key_id, bytes };
    let secret = keyring.open_for_user(user, SECRET, &sealed).map_err(|_| StoreError::Sealed)?;
    Ok(Some((CodeApp::of(secret, account).map_err(failed)?, last_step)))
}

fn confirm(
    conn: &mut PgConn,
    keyring: &Keyring,
    (user, typed): (UserId, &str),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some((app, last)) = app_of(conn, keyring, (user, "", false))? else { return Ok(false) };
    let Some(step) = app.step_of(typed, last, now) else { return Ok(false) };
    diesel::update(apps::table.find(user.uuid()))
        .set((apps::confirmed_at.eq(stored(now)), apps::last_step.eq(step)))
        .execute(conn)
        .map_err(store_error)?;
    settle(conn, user)?;
    Ok(true)
}

pub(super) fn check_code(
    conn: &mut PgConn,
    keyring: &Keyring,
    (user, typed): (UserId, &str),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some((app, last)) = app_of(conn, keyring, (user, "", true))? else { return Ok(false) };
    let Some(step) = app.step_of(typed, last, now) else { return Ok(false) };
    diesel::update(apps::table.find(user.uuid()))
        .set(apps::last_step.eq(step))
        .execute(conn)
        .map_err(store_error)?;
    Ok(true)
}

pub(super) fn check_recovery_code(
    conn: &mut PgConn,
    (user, typed): (UserId, &str),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Ok(code) = RecoveryCode::parse(typed) else { return Ok(false) };
    let spent = diesel::update(codes::table.find(code.digest()))
        .filter(codes::user_id.eq(user.uuid()))
        .filter(codes::spent_at.is_null())
        .set(codes::spent_at.eq(stored(now)))
        .execute(conn)
        .map_err(store_error)?;
    Ok(spent == 1)
}

pub(super) fn renew(
    conn: &mut PgConn,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<RecoveryCode>, StoreError> {
    diesel::delete(codes::table.filter(codes::user_id.eq(user.uuid()))).execute(conn).map_err(store_error)?;
    let made: Vec<RecoveryCode> =
        (0..RECOVERY_CODES).map(|_| RecoveryCode::generate()).collect::<Result<_, _>>().map_err(failed)?;
    let rows: Vec<_> = made
        .iter()
        .map(|code| {
            (
                codes::code_hash.eq(code.digest()),
                codes::user_id.eq(user.uuid()),
                codes::created_at.eq(stored(now)),
            )
        })
        .collect();
    diesel::insert_into(codes::table).values(rows).execute(conn).map_err(store_error)?;
    Ok(made)
}
