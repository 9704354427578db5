//! Offers of records that both sides have signed, across tenants: which there are to carry out, and nothing of anybody. As
//! with closings, a lease and not a lock: a worker that dies leaves them to others.

use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use trellis_domain::kernel::{CustodyOfferId, NetworkId, OrganisationId, StoreError, TypedId};
use uuid::Uuid;

use super::super::error::store_error;
use super::super::schema::custody_offers as c;
use super::super::time::stored;
use super::store::PlatformStore;

/// Renewed with every batch; what is done twice changes nothing.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
const MOVING: &str = "moving";

/// One that nobody else looks at while the lease lasts.
#[derive(Debug, Clone, Copy)]
pub struct CustodyToCarryOut {
    pub network: NetworkId,
    pub offer: CustodyOfferId,
    /// Whoever answers for the records until they move.
    pub from: OrganisationId,
}

impl PlatformStore {
    pub async fn claim_custody(&self, now: Timestamp) -> Result<Option<CustodyToCarryOut>, StoreError> {
        let until = now.checked_add(LEASE).unwrap_or(now);
        self.transact(move |conn| {
            let due: Option<(Uuid, Uuid, Uuid)> = c::table
                .filter(c::stage.eq(MOVING))
                .filter(c::next_try_at.le(stored(now)))
                .order((c::next_try_at, c::offer_id))
                .select((c::network_id, c::offer_id, c::from_organisation_id))
                .for_update()
                .skip_locked()
                .first(conn)
                .optional()
                .map_err(store_error)?;
            let Some((network, offer, from)) = due else { return Ok(None) };
            diesel::update(c::table.find((network, offer)))
                .set(c::next_try_at.eq(stored(until)))
                .execute(conn)
                .map_err(store_error)?;
            Ok(Some(CustodyToCarryOut {
                network: NetworkId::from_uuid(network),
                offer: CustodyOfferId::from_uuid(offer),
                from: OrganisationId::from_uuid(from),
            }))
        })
        .await
    }

    /// Nobody looks at it before that.
    pub async fn put_off_custody(&self, custody: CustodyToCarryOut, at: Timestamp) -> Result<(), StoreError> {
        self.look(move |conn| {
            diesel::update(c::table.find((custody.network.uuid(), custody.offer.uuid())))
                .filter(c::stage.eq(MOVING))
                .set(c::next_try_at.eq(stored(at)))
                .execute(conn)
                .map_err(store_error)
                .map(|_| ())
        })
        .await
    }

    pub async fn renew_custody(&self, custody: CustodyToCarryOut, now: Timestamp) -> Result<(), StoreError> {
        self.put_off_custody(custody, now.checked_add(LEASE).unwrap_or(now)).await
    }
}
