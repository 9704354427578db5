//! One after the other, where two at once would each miss what the other is about to write. The lock goes with the transaction.

use diesel::prelude::*;
use diesel::sql_types::Text;
use trellis_domain::kernel::{StoreError, TypedId};
use uuid::Uuid;

use super::error::store_error;
use super::tx::{PgTx, ReadWrite};

impl PgTx<'_, ReadWrite> {
    /// Waits for whoever does the same in the acting organisation about the same thing.
    pub(super) fn in_turn(&mut self, what: &'static str, about: Uuid) -> Result<(), StoreError> {
        let organisation = self.op().organisation().map(TypedId::uuid).unwrap_or_default();
        diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind::<Text, _>(format!("{what} {organisation} {about}"))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}
