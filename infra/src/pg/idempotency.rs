//! At most once for a client's key, within the membership that the client acts under. The key is claimed in the
//! transaction of the act, so a crash leaves both or neither, and two at the same time come one after the other.

use diesel::prelude::*;
use trellis_domain::kernel::op_context::IdempotencyKey;
use trellis_domain::kernel::{Actor, OpContext, StoreError, TypedId};
use uuid::Uuid;

use super::error::store_error;
use super::schema::idempotency_keys as keys;
use super::time::stored;
use super::tx::{PgTx, ReadWrite};
use crate::auth::request_digest;

pub(crate) enum Claim {
    First,
    /// The same request was done; this is what it was done to.
    Repeat(Uuid),
}

/// Whose key it is. The same user in another organisation makes another promise.
fn actor(op: &OpContext) -> (Uuid, Uuid) {
    match op.actor() {
        Actor::User { user, membership } => (user.uuid(), membership.uuid()),
        Actor::Link { .. } | Actor::Invitee { .. } | Actor::Applicant { .. } | Actor::Job { .. } => {
            (Uuid::nil(), Uuid::nil())
        }
    }
}

pub(crate) fn claim(tx: &mut PgTx<'_, ReadWrite>, op: &OpContext) -> Result<Claim, StoreError> {
    match op.idempotency() {
        Some(key) => claim_key(tx, op, key),
        None => Ok(Claim::First),
    }
}

/// The key of a part, and the key of the whole with it: another request under the key of the whole is refused from the
/// first part that was done on.
pub(crate) fn claim_part(
    tx: &mut PgTx<'_, ReadWrite>,
    op: &OpContext,
    part: &IdempotencyKey,
) -> Result<Claim, StoreError> {
    if matches!(claim(tx, op)?, Claim::First) {
        settle(tx, op, op.network().uuid())?;
    }
    claim_key(tx, op, part)
}

/// The same request has the same parts.
pub(crate) fn part_of(whole: &IdempotencyKey, part: Uuid) -> IdempotencyKey {
    let digest = request_digest(&whole.key, part.as_bytes());
    let key = digest.iter().fold(String::from("part-"), |key, byte| format!("{key}{byte:02x}"));
    IdempotencyKey { key, request_hash: whole.request_hash }
}

fn claim_key(
    tx: &mut PgTx<'_, ReadWrite>,
    op: &OpContext,
    key: &IdempotencyKey,
) -> Result<Claim, StoreError> {
    let (user, membership) = actor(op);
    let claimed = diesel::insert_into(keys::table)
        .values((
            keys::network_id.eq(op.network().uuid()),
            keys::actor_id.eq(user),
            keys::membership_id.eq(membership),
            keys::key.eq(&key.key),
            keys::request_hash.eq(key.request_hash.as_slice()),
            keys::created_at.eq(stored(op.now())),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn)
        .map_err(store_error)?;
    if claimed == 1 {
        return Ok(Claim::First);
    }
    let (hash, subject): (Vec<u8>, Option<Uuid>) = keys::table
        .filter(keys::network_id.eq(op.network().uuid()))
        .filter(keys::actor_id.eq(user))
        .filter(keys::membership_id.eq(membership))
        .filter(keys::key.eq(&key.key))
        .select((keys::request_hash, keys::subject_id))
        .first(tx.conn)
        .map_err(store_error)?;
    match subject {
        Some(subject) if hash == key.request_hash => Ok(Claim::Repeat(subject)),
        _ => Err(StoreError::KeyReused),
    }
}

pub(crate) fn settle(tx: &mut PgTx<'_, ReadWrite>, op: &OpContext, subject: Uuid) -> Result<(), StoreError> {
    match op.idempotency() {
        Some(key) => settle_key(tx, op, key, subject),
        None => Ok(()),
    }
}

pub(crate) fn settle_key(
    tx: &mut PgTx<'_, ReadWrite>,
    op: &OpContext,
    key: &IdempotencyKey,
    subject: Uuid,
) -> Result<(), StoreError> {
    let (user, membership) = actor(op);
    diesel::update(keys::table)
        .filter(keys::network_id.eq(op.network().uuid()))
        .filter(keys::actor_id.eq(user))
        .filter(keys::membership_id.eq(membership))
        .filter(keys::key.eq(&key.key))
        .set(keys::subject_id.eq(subject))
        .execute(tx.conn)
        .map_err(store_error)
        .map(|_| ())
}
