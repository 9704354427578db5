//! Half a sign-in. The first proof was right; its ticket is good for ten minutes, for one session and for five tries, and an
//! account takes only so many wrong codes in an hour, whatever the tickets. Nothing opens with a ticket alone.

use std::time::Duration;

use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use trellis_domain::identity::{Factor, Factors};
use trellis_domain::kernel::{MembershipId, SessionId, StoreError, TypedId, UserId};
use trellis_domain::message::Template;
use uuid::Uuid;

use super::super::error::{inconsistent, store_error};
use super::super::lanes::PgConn;
use super::super::schema::{authenticators, passkeys, recovery_codes, sign_in_tickets as tickets, users};
use super::super::time::{instant, stored};
use super::authenticator::{check_code, check_recovery_code};
use super::factors::{Proof, Visit, factors_from, stored_factors};
use super::mailed::tell;
use super::membership::choose;
use super::passkey::{Ceremony, SECOND_FACTOR, check_passkey};
use super::reset::stop_resets;
use super::session::{Opening, SessionKind, SignedIn};
use super::sign_in::arrive;
use super::store::PlatformStore;
use crate::auth::{Secret, SecretPurpose};

const GOOD_FOR: SignedDuration = SignedDuration::from_mins(10);
const MOST_TRIES: i16 = 5;
/// Wrong codes for one account in an hour, whatever the tickets. Three codes are good at any time, so somebody who knows the
/// password finds one within a day with a chance of one in 1,400, and leaves warnings in the log all day.
const MOST_WRONG_AN_HOUR: i64 = 10;
const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What somebody has set up besides the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    pub authenticator: bool,
    pub passkey: bool,
    pub recovery_code: bool,
}

impl Ways {
    /// Something that stands for itself: recovery codes stand in for one that is lost.
    pub fn are_any(&self) -> bool {
        self.authenticator || self.passkey
    }

    pub(super) fn of(conn: &mut PgConn, user: UserId) -> Result<Self, StoreError> {
        use diesel::dsl::exists;
        let user = user.uuid();
        let app = authenticators::table.find(user).filter(authenticators::confirmed_at.is_not_null());
        let keys = passkeys::table.filter(passkeys::user_id.eq(user));
        let codes = recovery_codes::table
            .filter(recovery_codes::user_id.eq(user))
            .filter(recovery_codes::spent_at.is_null());
        let (authenticator, passkey, recovery_code): (bool, bool, bool) =
            diesel::select((exists(app), exists(keys), exists(codes)))
                .get_result(conn)
                .map_err(store_error)?;
        Ok(Self { authenticator, passkey, recovery_code })
    }
}

/// For whoever gave the first proof, and nobody else: a cookie of their browser, or their program's to keep.
#[derive(Debug)]
pub struct Ticket {
    pub secret: Secret,
    pub expires_at: Timestamp,
    pub ways: Ways,
}

impl Ticket {
    /// There is nothing to ask for, and the organisation asks for something.
    pub fn must_enrol(&self) -> bool {
        !self.ways.are_any()
    }
}

/// The second proof.
#[derive(Clone)]
pub enum SecondProof {
    Code(String),
    RecoveryCode(String),
    Passkey {
        challenge: String,
        answer: String,
    },
    /// It was just set up with the same ticket.
    SetUp,
}

impl std::fmt::Debug for SecondProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecondProof(redacted)")
    }
}

#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// Unknown, spent, run out, tried too often, of a login that was disabled: the same answer.
    #[error("the sign-in has to begin again")]
    Ended,
    #[error("the code is not right")]
    WrongCode,
    #[error("too many wrong codes; wait a little")]
    TooManyTries { retry_after: Duration },
    /// A second factor is set up already, so it is asked for.
    #[error("there is a second factor already")]
    NotYours,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A ticket to be written.
pub(super) struct Draft {
    pub(super) user: UserId,
    pub(super) asked: Option<MembershipId>,
    pub(super) visit: Visit,
    pub(super) factors: Factors,
    pub(super) ways: Ways,
}

pub(super) fn issue(conn: &mut PgConn, draft: Draft, now: Timestamp) -> Result<Ticket, StoreError> {
    let secret = Secret::generate(SecretPurpose::Ticket).map_err(StoreError::from)?;
    let expires_at = now.checked_add(GOOD_FOR).unwrap_or(now);
    diesel::insert_into(tickets::table)
        .values((
            tickets::ticket_hash.eq(secret.digest().as_bytes().as_slice()),
            tickets::user_id.eq(draft.user.uuid()),
            tickets::membership_id.eq(draft.asked.map(TypedId::uuid)),
            tickets::kind.eq(draft.visit.kind.code()),
            tickets::device.eq(draft.visit.device),
            tickets::factors.eq(stored_factors(&draft.factors)),
            tickets::must_enrol.eq(!draft.ways.are_any()),
            tickets::created_at.eq(stored(now)),
            tickets::expires_at.eq(stored(expires_at)),
        ))
        .execute(conn)
        .map_err(store_error)?;
    Ok(Ticket { secret, expires_at, ways: draft.ways })
}

/// A live ticket, locked together with its login: two tries at once are one after the other, whatever their tickets.
pub(super) struct Held {
    pub(super) digest: Vec<u8>,
    pub(super) user: UserId,
    pub(super) email: String,
    pub(super) must_enrol: bool,
    factors: Factors,
    asked: Option<MembershipId>,
    visit: Visit,
}

pub(super) fn digest_of(presented: &str) -> Result<Vec<u8>, TicketError> {
    let secret = Secret::parse(SecretPurpose::Ticket, presented).map_err(|_| TicketError::Ended)?;
    Ok(secret.digest().as_bytes().to_vec())
}

type Row = (Uuid, String, Option<Uuid>, String, String, Vec<String>, bool, i16);

pub(super) fn hold(conn: &mut PgConn, digest: Vec<u8>, now: Timestamp) -> Result<Held, TicketError> {
    let row: Option<Row> = tickets::table
        .inner_join(users::table.on(users::user_id.eq(tickets::user_id)))
        .filter(tickets::ticket_hash.eq(&digest))
        .filter(tickets::spent_at.is_null())
        .filter(tickets::expires_at.gt(stored(now)))
        .filter(users::disabled_at.is_null())
        .select((
            tickets::user_id,
            users::email,
            tickets::membership_id,
            tickets::kind,
            tickets::device,
            tickets::factors,
            tickets::must_enrol,
            tickets::tries,
        ))
        .for_update()
        .first(conn)
        .optional()
        .map_err(store_error)?;
    let (user, email, asked, kind, device, factors, must_enrol, tries) = row.ok_or(TicketError::Ended)?;
    if tries >= MOST_TRIES {
        return Err(TicketError::Ended);
    }
    let user = UserId::from_uuid(user);
    too_many(conn, user, now)?;
    let kind = SessionKind::from_code(&kind).ok_or_else(|| inconsistent("sign_in_tickets", "kind"))?;
    Ok(Held {
        digest,
        user,
        email,
        must_enrol,
        factors: factors_from(&factors, "sign_in_tickets")?,
        asked: asked.map(MembershipId::from_uuid),
        visit: Visit { kind, device },
    })
}

/// Over all tickets of the last hour.
fn too_many(conn: &mut PgConn, user: UserId, now: Timestamp) -> Result<(), TicketError> {
    let since = now.checked_sub(AN_HOUR).unwrap_or(Timestamp::MIN);
    let (wrong, first): (Option<i64>, Option<jiff_diesel::Timestamp>) = tickets::table
        .filter(tickets::user_id.eq(user.uuid()))
        .filter(tickets::created_at.gt(stored(since)))
        .filter(tickets::tries.gt(0))
        .select((diesel::dsl::sum(tickets::tries), diesel::dsl::min(tickets::created_at)))
        .first(conn)
        .map_err(store_error)?;
    if wrong.unwrap_or_default() < MOST_WRONG_AN_HOUR {
        return Ok(());
    }
    tracing::warn!(user.id = %user, "sign-in refused: too many wrong codes");
    let again = first.map_or(now, instant).checked_add(AN_HOUR).unwrap_or(now);
    let retry_after = Duration::try_from(again.duration_since(now)).unwrap_or_default();
    Err(TicketError::TooManyTries { retry_after })
}

pub(super) fn count_wrong(conn: &mut PgConn, held: &Held) -> Result<(), StoreError> {
    tracing::warn!(user.id = %held.user, "a second proof was wrong");
    diesel::update(tickets::table.find(&held.digest))
        .set(tickets::tries.eq(tickets::tries + 1))
        .execute(conn)
        .map_err(store_error)
        .map(|_| ())
}

/// What was set up with the ticket counts as proved.
pub(super) fn add_factor(conn: &mut PgConn, held: &Held, factor: Factor) -> Result<(), StoreError> {
    diesel::update(tickets::table.find(&held.digest))
        .set(tickets::factors.eq(stored_factors(&held.factors.clone().and(factor))))
        .execute(conn)
        .map_err(store_error)
        .map(|_| ())
}

impl PlatformStore {
    /// The session, once the second proof is right.
    pub async fn finish_sign_in(
        &self,
        presented: &str,
        proof: SecondProof,
        now: Timestamp,
    ) -> Result<SignedIn, TicketError> {
        let digest = digest_of(presented)?;
        let id = SessionId::from_uuid(self.guards.ids.next(now));
        let this = self.clone();
        let signed_in: SignedIn = self
            .transact(move |conn| {
                let held = hold(conn, digest, now)?;
                let Some(factors) = this.second(conn, &held, &proof, now)? else {
                    count_wrong(conn, &held)?;
                    return Ok::<_, TicketError>(Err(TicketError::WrongCode));
                };
                diesel::update(tickets::table.find(&held.digest))
                    .set(tickets::spent_at.eq(stored(now)))
                    .execute(conn)
                    .map_err(store_error)?;
                let membership = choose(conn, held.user, held.asked)?.ok_or(TicketError::Ended)?;
                if matches!(proof, SecondProof::SetUp) {
                    let whom = (held.user, membership.network, membership.organisation);
                    tell(conn, &*this.guards.ids, whom, Template::CredentialChanged, now)?;
                } else {
                    stop_resets(conn, held.user, now)?;
                }
                let proof = Proof { factors, proved_at: now, device: held.visit.device };
                let (user, kind) = (held.user, held.visit.kind);
                let opening = Opening { id, user, kind, at_most_until: None, proof, now };
                Ok(Ok(arrive(conn, &*this.guards.ids, &opening, membership)?))
            })
            .await??;
        let (user, session) = (signed_in.session.user, signed_in.session.session);
        tracing::info!(user.id = %user, session.id = %session, "signed in with a second factor");
        Ok(signed_in)
    }

    /// All that is proved now, if the second proof is right.
    fn second(
        &self,
        conn: &mut PgConn,
        held: &Held,
        proof: &SecondProof,
        now: Timestamp,
    ) -> Result<Option<Factors>, StoreError> {
        let (keyring, user) = (&self.guards.keyring, held.user);
        let factor = match proof {
            SecondProof::Code(typed) => {
                check_code(conn, keyring, (user, typed), now)?.then_some(Factor::Totp)
            }
            SecondProof::RecoveryCode(typed) => {
                check_recovery_code(conn, (user, typed), now)?.then_some(Factor::RecoveryCode)
            }
            SecondProof::Passkey { challenge, answer } => {
                let ceremony = Ceremony { user, purpose: SECOND_FACTOR, challenge, answer };
                check_passkey(conn, &self.passkeys, &ceremony, now)?.then_some(Factor::Passkey)
            }
            SecondProof::SetUp => return Ok(Some(held.factors.clone()).filter(Factors::are_strong)),
        };
        Ok(factor.map(|factor| held.factors.clone().and(factor)))
    }

    /// What the holder of a ticket can prove themselves with; for the page that asks.
    pub async fn ways_of_ticket(&self, presented: &str, now: Timestamp) -> Result<Ways, TicketError> {
        let digest = digest_of(presented)?;
        self.transact(move |conn| {
            let held = hold(conn, digest, now)?;
            Ok(Ways::of(conn, held.user)?)
        })
        .await
    }
}
