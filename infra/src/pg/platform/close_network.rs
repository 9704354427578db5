//! A network that closes for good. Whoever operates the installation decides it, after everybody in it has wound up.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use jiff::Timestamp;
use trellis_domain::kernel::{NetworkId, StoreError, TypedId};

use super::super::error::store_error;
use super::super::schema::networks as n;
use super::super::time::stored;
use super::store::PlatformStore;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkEnd {
    Closed,
    ClosedAlready,
    /// Somebody may still act there.
    NotSuspended,
    /// So many organisations are open, or have closed and hold something still.
    StillNeeded {
        open: u64,
        unsettled: u64,
    },
}

#[derive(QueryableByName)]
struct Left {
    #[diesel(sql_type = BigInt)]
    open: i64,
    #[diesel(sql_type = BigInt)]
    unsettled: i64,
}

const LEFT: &str = "SELECT
  (SELECT count(*) FROM organisations WHERE network_id = $1 AND closed_at IS NULL) AS open,
  (SELECT count(*) FROM closings WHERE network_id = $1 AND finished_at IS NULL) AS unsettled";

impl PlatformStore {
    pub async fn network_has_closed(&self, network: NetworkId) -> Result<bool, StoreError> {
        self.look(move |conn| {
            n::table.find(network.uuid()).select(n::closed_at.is_not_null()).first(conn).map_err(store_error)
        })
        .await
    }

    /// `dry`: what would become of it.
    pub async fn close_network(
        &self,
        network: NetworkId,
        now: Timestamp,
        dry: bool,
    ) -> Result<NetworkEnd, StoreError> {
        self.transact(move |conn| {
            let (suspended, closed): (bool, bool) = n::table
                .find(network.uuid())
                .select((n::suspended_at.is_not_null(), n::closed_at.is_not_null()))
                .for_update()
                .first(conn)
                .map_err(store_error)?;
            if closed {
                return Ok(NetworkEnd::ClosedAlready);
            }
            // Nobody acts where it stands still, so what is counted now stays so.
            if !suspended {
                return Ok(NetworkEnd::NotSuspended);
            }
            let left: Left = diesel::sql_query(LEFT)
                .bind::<SqlUuid, _>(network.uuid())
                .get_result(conn)
                .map_err(store_error)?;
            let counted = |count: i64| u64::try_from(count).unwrap_or_default();
            if left.open + left.unsettled > 0 {
                let (open, unsettled) = (counted(left.open), counted(left.unsettled));
                return Ok(NetworkEnd::StillNeeded { open, unsettled });
            }
            if !dry {
                diesel::update(n::table.find(network.uuid()))
                    .set(n::closed_at.eq(stored(now)))
                    .execute(conn)
                    .map_err(store_error)?;
            }
            Ok(NetworkEnd::Closed)
        })
        .await
    }
}
