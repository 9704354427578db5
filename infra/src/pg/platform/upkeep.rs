//! What has run out, removed by its age: idempotency keys, devices, counted guesses, old sessions.
//! Sessions that fell idle are ended here too, so that an access token of theirs is refused soon after.

use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use trellis_domain::kernel::StoreError;

use super::super::error::store_error;
use super::super::schema::{
    applications, idempotency_keys, link_devices, login_links, passkey_challenges, sessions,
    sign_in_attempts, sign_in_ceremonies, sign_in_tickets,
};
use super::super::time::stored;
use super::store::PlatformStore;

const KEYS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);
const GUESSES_KEPT: SignedDuration = SignedDuration::from_hours(1);
/// An address that nobody has proved.
const UNPROVED_KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);
/// What whoever applied has typed, after the last word; and where they were asked and said nothing.
const ANSWERED_KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);
/// The same, where the network says nothing.
const WAITING_KEPT: SignedDuration = SignedDuration::from_hours(24 * 180);
/// So long one can see when somebody signed in.
const SESSIONS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

impl PlatformStore {
    /// How many rows were removed or ended.
    pub async fn upkeep(&self, now: Timestamp) -> Result<usize, StoreError> {
        let before = |age: SignedDuration| stored(now.checked_sub(age).unwrap_or(Timestamp::MIN));
        let (keys, guesses, old) = (before(KEYS_KEPT), before(GUESSES_KEPT), before(SESSIONS_KEPT));
        let (unproved, answered) = (before(UNPROVED_KEPT), before(ANSWERED_KEPT));
        let waiting = before(WAITING_KEPT);
        self.look(move |conn| {
            let now = stored(now);
            let removed = [
                diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(keys)))
                    .execute(conn),
                diesel::delete(sign_in_ceremonies::table.filter(sign_in_ceremonies::expires_at.le(now)))
                    .execute(conn),
                diesel::delete(link_devices::table.filter(link_devices::expires_at.le(now))).execute(conn),
                diesel::delete(
                    sign_in_attempts::table.filter(sign_in_attempts::window_starts_at.lt(guesses)),
                )
                .execute(conn),
                diesel::delete(passkey_challenges::table.filter(passkey_challenges::expires_at.lt(guesses)))
                    .execute(conn),
                // Kept for the hour in which the wrong codes of an account are counted.
                diesel::delete(sign_in_tickets::table.filter(sign_in_tickets::created_at.lt(guesses)))
                    .execute(conn),
                diesel::delete(login_links::table.filter(login_links::expires_at.lt(guesses))).execute(conn),
                diesel::delete(applications::table.filter(applications::stage.eq("unconfirmed")))
                    .filter(applications::changed_at.lt(unproved))
                    .execute(conn),
                diesel::delete(applications::table)
                    .filter(applications::stage.eq_any(["asked", "approved", "declined"]))
                    .filter(applications::changed_at.lt(answered))
                    .execute(conn),
                diesel::delete(applications::table.filter(applications::stage.eq("waiting")))
                    .filter(applications::changed_at.lt(waiting))
                    .execute(conn),
                diesel::delete(sessions::table.filter(sessions::ends_at.lt(old))).execute(conn),
                diesel::update(sessions::table)
                    .filter(sessions::ended_at.is_null())
                    .filter(sessions::idle_ends_at.le(now).or(sessions::ends_at.le(now)))
                    .set((sessions::ended_at.eq(now), sessions::end_reason.eq("expired")))
                    .execute(conn),
            ];
            removed.into_iter().sum::<QueryResult<usize>>().map_err(store_error)
        })
        .await
    }
}
