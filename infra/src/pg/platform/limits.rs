//! How long one session lasts yet, as it was granted: for the page that warns before it locks.

use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{SessionId, StoreError, TypedId};

use super::super::error::store_error;
use super::super::schema::sessions;
use super::super::time::instant;
use super::store::PlatformStore;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without a sign of life for so long it locks.
    pub idle: SignedDuration,
    /// Then it ends whatever happens.
    pub ends_at: Timestamp,
}

impl PlatformStore {
    /// None for a session that is gone.
    pub async fn limits_of(&self, session: SessionId) -> Result<Option<SessionLimits>, StoreError> {
        self.look(move |conn| {
            let row: Option<(Stored, Stored, Stored)> = sessions::table
                .find(session.uuid())
                .select((sessions::last_seen_at, sessions::idle_ends_at, sessions::ends_at))
                .first(conn)
                .optional()
                .map_err(store_error)?;
            Ok(row.map(|(seen, idle_ends, ends)| SessionLimits {
                // What was settled when it was last seen; a change since then holds from its next sign of life.
                idle: instant(idle_ends).duration_since(instant(seen)),
                ends_at: instant(ends),
            }))
        })
        .await
    }
}
