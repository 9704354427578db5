//! How often a password may be guessed: few wrong tries from one source, many for one account from all sources,
//! so that guessing is slow and nobody can be locked out on purpose. A right password costs nothing.
//! A try is counted before the password is looked at, so that a burst counts as what it is.

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
const FOR_ONE_ACCOUNT: Limit = Limit::per_hour(1_800);
/// The same for fixed minutes in PostgreSQL: two of them touch any minute.
const STORED_A_MINUTE: i32 = 5;
const STORED_WINDOW: SignedDuration = SignedDuration::from_mins(1);

/// The tries counted for one attempt, to be given back when it was right.
#[derive(Debug)]
pub(super) struct Guesses {
    source: LimitKey,
    account: LimitKey,
    stored: bool,
    now: Timestamp,
}

impl PlatformStore {
    /// Counts one try, or says how long to wait.
    pub(super) async fn count_try(
        &self,
        account: &str,
        source: &str,
        now: Timestamp,
    ) -> Result<Result<Guesses, Duration>, StoreError> {
        let limiter = &self.guards.limiter;
        let from_source = LimitKey::new("sign-in", &[account, source]);
        let for_account = LimitKey::new("sign-in-account", &[account]);
        if let Verdict::Limited { retry_after } = limiter.check(&from_source, FROM_ONE_SOURCE, now).await {
            return Ok(Err(retry_after));
        }
        if let Verdict::Limited { retry_after } = limiter.check(&for_account, FOR_ONE_ACCOUNT, now).await {
            return Ok(Err(retry_after));
        }
        // Without Redis each process counts alone, so what they share is counted in the database.
        let stored = limiter.counts_alone();
        if stored && let Some(wait) = self.count_stored(&from_source, now).await? {
            return Ok(Err(wait));
        }
        Ok(Ok(Guesses { source: from_source, account: for_account, stored, now }))
    }

    /// It was the right password.
    pub(super) async fn give_back(&self, guesses: Guesses) -> Result<(), StoreError> {
        let limiter = &self.guards.limiter;
        limiter.give_back(&guesses.source, FROM_ONE_SOURCE).await;
        limiter.give_back(&guesses.account, FOR_ONE_ACCOUNT).await;
        if !guesses.stored {
            return Ok(());
        }
        let (subject, window) = (subject(&guesses.source), window(guesses.now));
        self.look(move |conn| {
            diesel::update(attempts::table.find((subject, stored(window))))
                .filter(attempts::failures.gt(0))
                .set(attempts::failures.eq(attempts::failures - 1))
                .execute(conn)
                .map_err(store_error)
                .map(|_| ())
        })
        .await
    }

    async fn count_stored(&self, key: &LimitKey, now: Timestamp) -> Result<Option<Duration>, StoreError> {
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
        if failures <= STORED_A_MINUTE {
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
