//! Confirmations of access: one row a member, with what they had when somebody looked.

use diesel::prelude::*;
use trellis_domain::access_review::{
    AccessReviewReads, AccessReviewWrites, Confirmation, Confirmed, ReviewedAccess, ReviewedPlace,
};
use trellis_domain::kernel::{ConfirmationId, MembershipId, StoreError, TypedId};
use uuid::Uuid;

use super::error::store_error;
use super::identity::codes;
use super::schema::access_confirmations as c;
use super::time::stored;
use super::tx::{PgTx, ReadWrite};

impl AccessReviewReads for PgTx<'_, ReadWrite> {
    fn reviewed_accesses(&mut self, place: ReviewedPlace) -> Result<Vec<ReviewedAccess>, StoreError> {
        self.all_accesses(place.organisation)
    }
}

impl AccessReviewWrites for PgTx<'_, ReadWrite> {
    fn insert_confirmation(&mut self, confirmation: &Confirmation) -> Result<(), StoreError> {
        diesel::insert_into(c::table)
            .values((
                c::network_id.eq(self.network_uuid()),
                c::confirmation_id.eq(confirmation.id.uuid()),
                c::membership_id.eq(confirmation.membership.uuid()),
                c::organisation_id.eq(confirmation.organisation.map(TypedId::uuid)),
                c::membership_version.eq(confirmation.version),
                c::roles.eq(codes(&confirmation.roles)),
                c::confirmed_at.eq(stored(confirmation.at)),
                c::confirmed_by.eq(confirmation.by.uuid()),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn confirmed(&mut self, id: ConfirmationId) -> Result<Option<Confirmed>, StoreError> {
        let members: Vec<Uuid> = c::table
            .filter(c::network_id.eq(self.network_uuid()))
            .filter(c::confirmation_id.eq(id.uuid()))
            .order(c::membership_id)
            .select(c::membership_id)
            .load(self.conn)
            .map_err(store_error)?;
        let memberships = members.into_iter().map(MembershipId::from_uuid).collect::<Vec<_>>();
        Ok((!memberships.is_empty()).then_some(Confirmed { id, memberships }))
    }
}
