//! Memberships, as a tenant writes them. Users and sessions are the platform's.

use diesel::prelude::*;
use trellis_domain::identity::{IdentityWrites, Membership};
use trellis_domain::kernel::{OrganisationId, StoreError, TypedId};

use super::error::store_error;
use super::schema::memberships;
use super::time::stored;
use super::tx::{PgTx, ReadWrite};

impl IdentityWrites for PgTx<'_, ReadWrite> {
    fn insert_membership(&mut self, membership: &Membership) -> Result<(), StoreError> {
        use memberships as m;
        let roles: Vec<&str> = membership.roles.iter().map(trellis_domain::policy::Role::code).collect();
        diesel::insert_into(m::table)
            .values((
                m::network_id.eq(membership.network.uuid()),
                m::membership_id.eq(membership.id.uuid()),
                m::user_id.eq(membership.user.uuid()),
                m::organisation_id.eq(membership.organisation.map(OrganisationId::uuid)),
                m::roles.eq(roles),
                m::name.eq(&membership.name),
                m::email.eq(membership.email.as_str()),
                m::created_at.eq(stored(self.op().now())),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}
