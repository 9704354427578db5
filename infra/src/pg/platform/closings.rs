//! Organisations that have closed and hold something still, across tenants. As with the outbox, a lease and not a lock: a
//! worker that dies leaves them to others.

use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{NetworkId, OrganisationId, StoreError, TypedId};
use uuid::Uuid;

use super::super::error::store_error;
use super::super::schema::closings;
use super::super::time::{instant, stored};
use super::store::PlatformStore;

/// Renewed with every batch; what is done twice changes nothing.
const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// One that nobody else looks at while the lease lasts.
#[derive(Debug, Clone, Copy)]
pub struct ClosingToSettle {
    pub network: NetworkId,
    pub organisation: OrganisationId,
    pub successor: Option<OrganisationId>,
    pub closed_at: Timestamp,
}

impl PlatformStore {
    pub async fn claim_closing(&self, now: Timestamp) -> Result<Option<ClosingToSettle>, StoreError> {
        use closings as c;
        let until = now.checked_add(LEASE).unwrap_or(now);
        self.transact(move |conn| {
            let due: Option<(Uuid, Uuid, Option<Uuid>, Stored)> = c::table
                .filter(c::finished_at.is_null())
                .filter(c::next_try_at.le(stored(now)))
                .order((c::next_try_at, c::organisation_id))
                .select((c::network_id, c::organisation_id, c::successor_id, c::closed_at))
                .for_update()
                .skip_locked()
                .first(conn)
                .optional()
                .map_err(store_error)?;
            let Some((network, organisation, successor, closed_at)) = due else { return Ok(None) };
            diesel::update(c::table.find((network, organisation)))
                .set(c::next_try_at.eq(stored(until)))
                .execute(conn)
                .map_err(store_error)?;
            Ok(Some(ClosingToSettle {
                network: NetworkId::from_uuid(network),
                organisation: OrganisationId::from_uuid(organisation),
                successor: successor.map(OrganisationId::from_uuid),
                closed_at: instant(closed_at),
            }))
        })
        .await
    }

    /// Nobody looks at it before that. What somebody has brought forward meanwhile stays so.
    pub async fn put_off_closing(&self, closing: ClosingToSettle, at: Timestamp) -> Result<(), StoreError> {
        use closings as c;
        self.look(move |conn| {
            diesel::update(c::table.find((closing.network.uuid(), closing.organisation.uuid())))
                .filter(c::finished_at.is_null())
                .filter(c::successor_id.is_not_distinct_from(closing.successor.map(TypedId::uuid)))
                .set(c::next_try_at.eq(stored(at)))
                .execute(conn)
                .map_err(store_error)
                .map(|_| ())
        })
        .await
    }

    /// How many nobody could take. Another successor that was named meanwhile is looked at anew.
    pub async fn tell_waiting(&self, closing: ClosingToSettle, waiting: usize) -> Result<(), StoreError> {
        use closings as c;
        let waiting = i32::try_from(waiting).unwrap_or(i32::MAX);
        self.look(move |conn| {
            diesel::update(c::table.find((closing.network.uuid(), closing.organisation.uuid())))
                .filter(c::successor_id.is_not_distinct_from(closing.successor.map(TypedId::uuid)))
                .set(c::waiting.eq(waiting))
                .execute(conn)
                .map_err(store_error)
                .map(|_| ())
        })
        .await
    }

    pub async fn renew_closing(&self, closing: ClosingToSettle, now: Timestamp) -> Result<(), StoreError> {
        self.put_off_closing(closing, now.checked_add(LEASE).unwrap_or(now)).await
    }
}
