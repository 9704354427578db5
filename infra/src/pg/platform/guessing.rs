//! How often a password may be guessed: few wrong tries for one account from one source, more from one source whatever
//! the accounts, many for one account from all sources, so that guessing is slow and nobody can be locked out on
//! purpose. A right password costs nothing. A try is counted before the password is looked at, so that a burst counts
//! as what it is.
//!
//! Many people may share one source: a practice behind one address. Its limit therefore stops whoever tries one
//! password on every account, and fills again by one try every two seconds: a colleague who is refused because of
//! somebody else's guesses waits for seconds, and nobody waits once the guessing has stopped for a minute.

use std::time::Duration;

use aws_lc_rs::digest;
use diesel::prelude::*;
use diesel::upsert::excluded;
use jiff::{SignedDuration, Timestamp};
use trellis_domain::kernel::StoreError;

use super::super::error::store_error;
use super::super::schema::sign_in_attempts as attempts;
use super::super::time::stored;
use super::store::PlatformStore;
use crate::redis::{Limit, LimitKey, Verdict};

/// Five at once and five more a minute: never more than ten in any minute.
const FROM_ONE_SOURCE: Limit = Limit::per_minute(5);
/// Over all accounts.
const FROM_ONE_ADDRESS: Limit = Limit::per_minute(30);
const FOR_ONE_ACCOUNT: Limit = Limit::per_hour(1_800);
/// The same for fixed minutes in PostgreSQL: two of them touch any minute.
const STORED_A_MINUTE: i32 = 5;
const STORED_FROM_ONE_ADDRESS: i32 = 30;
const STORED_WINDOW: SignedDuration = SignedDuration::from_mins(1);

/// The tries counted for one attempt, to be given back when it was right.
#[derive(Debug)]
pub(super) struct Guesses {
    counted: Vec<(LimitKey, Limit)>,
    stored: Vec<LimitKey>,
    now: Timestamp,
}

impl PlatformStore {
    /// Counts one try, or says how long to wait. What has one account and one source in it comes first: somebody who
    /// keeps guessing there uses up nobody else's tries.
    pub(super) async fn count_try(
        &self,
        account: &str,
        source: &str,
        now: Timestamp,
    ) -> Result<Result<Guesses, Duration>, StoreError> {
        let from_source = LimitKey::new("sign-in", &[account, source]);
        let from_address = LimitKey::new("sign-in-source", &[source]);
        let counted = vec![
            (from_source.clone(), FROM_ONE_SOURCE),
            (from_address.clone(), FROM_ONE_ADDRESS),
            (LimitKey::new("sign-in-account", &[account]), FOR_ONE_ACCOUNT),
        ];
        let shared = [(from_source, STORED_A_MINUTE), (from_address, STORED_FROM_ONE_ADDRESS)];
        self.count(counted, shared, now).await
    }

    /// `shared`: what the database counts where Redis does not, and how much of it in a minute.
    pub(super) async fn count(
        &self,
        counted: Vec<(LimitKey, Limit)>,
        shared: impl IntoIterator<Item = (LimitKey, i32)>,
        now: Timestamp,
    ) -> Result<Result<Guesses, Duration>, StoreError> {
        let limiter = &self.guards.limiter;
        for (key, limit) in &counted {
            if let Verdict::Limited { retry_after } = limiter.check(key, *limit, now).await {
                return Ok(Err(retry_after));
            }
        }
        let mut stored = Vec::new();
        // Without Redis each process counts alone, so what they share is counted in the database.
        if limiter.counts_alone() {
            for (key, most) in shared {
                if let Some(wait) = self.count_stored((&key, most), now).await? {
                    return Ok(Err(wait));
                }
                stored.push(key);
            }
        }
        Ok(Ok(Guesses { counted, stored, now }))
    }

    /// It was the right password.
    pub(super) async fn give_back(&self, guesses: Guesses) -> Result<(), StoreError> {
        for (key, limit) in &guesses.counted {
            self.guards.limiter.give_back(key, *limit).await;
        }
        if guesses.stored.is_empty() {
            return Ok(());
        }
        let subjects: Vec<Vec<u8>> = guesses.stored.iter().map(subject).collect();
        let window = window(guesses.now);
        self.look(move |conn| {
            diesel::update(attempts::table)
                .filter(attempts::subject.eq_any(subjects))
                .filter(attempts::window_starts_at.eq(stored(window)))
                .filter(attempts::failures.gt(0))
                .set(attempts::failures.eq(attempts::failures - 1))
                .execute(conn)
                .map_err(store_error)
                .map(|_| ())
        })
        .await
    }

    async fn count_stored(
        &self,
        (key, most): (&LimitKey, i32),
        now: Timestamp,
    ) -> Result<Option<Duration>, StoreError> {
        let (subject, window) = (subject(key), window(now));
        let failures: i32 = self
            .look(move |conn| {
                diesel::insert_into(attempts::table)
                    .values((
                        attempts::subject.eq(subject),
                        attempts::window_starts_at.eq(stored(window)),
                        attempts::failures.eq(1),
                    ))
                    .on_conflict((attempts::subject, attempts::window_starts_at))
                    .do_update()
                    .set(attempts::failures.eq(attempts::failures + excluded(attempts::failures)))
                    .returning(attempts::failures)
                    .get_result(conn)
                    .map_err(store_error)
            })
            .await?;
        if failures <= most {
            return Ok(None);
        }
        let left = window.checked_add(STORED_WINDOW).unwrap_or(now).duration_since(now);
        Ok(Some(Duration::try_from(left).unwrap_or_default()))
    }
}

fn subject(key: &LimitKey) -> Vec<u8> {
    digest::digest(&digest::SHA256, key.as_str().as_bytes()).as_ref().to_vec()
}

/// The start of the minute.
fn window(now: Timestamp) -> Timestamp {
    let second = now.as_second();
    Timestamp::from_second(second - second.rem_euclid(STORED_WINDOW.as_secs())).unwrap_or(now)
}
