//! Where else a request could go: services that would take it as it is described, those with room before those with a
//! waiting list, and of each the nearer ones first. No score: people see why each stands where it stands.

use diesel::prelude::*;
use trellis_domain::directory::{CapacityState, SentLately};
use trellis_domain::kernel::{PageRequest, StoreError, TypedId};
use trellis_domain::policy::Visibility;
use trellis_domain::referral::Referral;
use uuid::Uuid;

use super::super::error::store_error;
use super::super::schema::referrals as r;
use super::super::tx::PgTx;
use super::outcodes::middle_of;
use super::services::{Near, ServiceEntry, ServiceFilter};

/// As far as somebody would travel at all.
const WITHIN_KM: f64 = 40.0;
/// More than this many are not looked at: the nearest are what one can go to.
const LOOKED_AT: u16 = 60;

impl<M> PgTx<'_, M> {
    pub fn alternatives(
        &mut self,
        seen: Visibility,
        referral: &Referral,
        most: u16,
    ) -> Result<Vec<ServiceEntry>, StoreError> {
        let near = referral.brief.area.as_ref().and_then(middle_of);
        let near = near.map(|(latitude, longitude)| Near { latitude, longitude, within_km: WITHIN_KM });
        let tried = self.tried(referral)?;
        let mut found = self.taking(seen, (referral, &tried), near)?;
        // What says nothing of where it is may be anywhere, and is better than nothing.
        if near.is_some() && found.len() < usize::from(most) {
            for other in self.taking(seen, (referral, &tried), None)? {
                if found.iter().all(|known| known.service.id != other.service.id) {
                    found.push(other);
                }
            }
        }
        let (mut with_room, to_wait): (Vec<ServiceEntry>, Vec<ServiceEntry>) =
            found.into_iter().partition(has_room);
        with_room.extend(to_wait);
        with_room.truncate(usize::from(most));
        Ok(with_room)
    }

    /// For the first of what is needed, as far as the rules of each let it through.
    fn taking(
        &mut self,
        seen: Visibility,
        (referral, tried): (&Referral, &[Uuid]),
        near: Option<Near>,
    ) -> Result<Vec<ServiceEntry>, StoreError> {
        let brief = &referral.brief;
        let need = brief.needs.first().copied();
        let filter = ServiceFilter { need, near, takes_requests: true, ..ServiceFilter::default() };
        let page = PageRequest::new(LOOKED_AT, None).map_err(|e| StoreError::Fault(Box::new(e)))?;
        let mut found = self.services(seen, &filter, &page, false)?.rows;
        found.retain(|entry| {
            !tried.contains(&entry.service.id.uuid())
                && entry.service.admits(brief, SentLately::default()).is_ok()
        });
        Ok(found)
    }

    /// Where the acting organisation has asked for the person already, whatever became of it: a service that came back once it
    /// has ended would tell that to whoever is to hear nothing.
    fn tried(&mut self, referral: &Referral) -> Result<Vec<Uuid>, StoreError> {
        r::table
            .filter(r::network_id.eq(self.network_uuid()))
            .filter(r::person_id.eq(referral.person.uuid()))
            .filter(
                r::from_organisation_id
                    .eq(self.organisation_uuid())
                    .or(r::referral_id.eq(referral.id.uuid())),
            )
            .select(r::service_id)
            .load(self.conn)
            .map_err(store_error)
    }
}

fn has_room(entry: &ServiceEntry) -> bool {
    let capacity = &entry.service.capacity;
    capacity.state != CapacityState::Waitlist && capacity.free() != Some(0)
}
