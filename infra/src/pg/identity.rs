//! Memberships, as a tenant writes them. Users and sessions are the platform's.

use diesel::prelude::*;
use trellis_domain::identity::{Held, IdentityWrites, Membership, ResetTimes, RoleHolders};
use trellis_domain::kernel::{
    EmailAddress, LoginLinkId, MembershipId, NetworkId, OrganisationId, StoreError, TypedId, UserId,
};
use trellis_domain::policy::{Role, Roles};
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::read::organisations::roles_from;
use super::schema::memberships;
use super::time::stored;
use super::tx::{PgTx, ReadWrite};

diesel::define_sql_function! {
    /// See the migration `invitations`.
    fn end_sessions_of(the_membership: diesel::sql_types::Uuid, at: diesel::sql_types::Timestamptz)
        -> diesel::sql_types::Integer;
}

/// See the migration `factor_reset`.
#[derive(QueryableByName)]
struct Begun {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    begun: bool,
}

type HeldRow = (Uuid, Uuid, Uuid, Option<Uuid>, Vec<String>, String, String, i32);

fn held_from(row: HeldRow) -> Result<Held, StoreError> {
    let (id, network, user, organisation, roles, name, email, version) = row;
    let email = EmailAddress::parse(&email).map_err(|_| inconsistent("memberships", "email"))?;
    let membership = Membership {
        id: MembershipId::from_uuid(id),
        user: UserId::from_uuid(user),
        network: NetworkId::from_uuid(network),
        organisation: organisation.map(OrganisationId::from_uuid),
        roles: roles_from(&roles)?,
        name,
        email,
    };
    Ok(Held { membership, version })
}

pub(super) fn codes(roles: &Roles) -> Vec<&'static str> {
    roles.iter().map(Role::code).collect()
}

/// The unended memberships of the acting organisation, or of the whole network for a role in it, with what a `Held` is
/// made of. Those of other organisations are not there at all.
macro_rules! held {
    ($tx:expr) => {
        memberships::table
            .filter(memberships::network_id.eq($tx.network_uuid()))
            .filter(memberships::ended_at.is_null())
            .filter(
                memberships::organisation_id
                    .is_not_distinct_from($tx.op().organisation().map(TypedId::uuid))
                    .or($tx.op().organisation().is_none().into_sql::<diesel::sql_types::Bool>()),
            )
            .select((
                memberships::membership_id,
                memberships::network_id,
                memberships::user_id,
                memberships::organisation_id,
                memberships::roles,
                memberships::name,
                memberships::email,
                memberships::version,
            ))
    };
}

impl<M> RoleHolders for PgTx<'_, M> {
    fn holders(&mut self, role: Role, organisation: OrganisationId) -> Result<Vec<UserId>, StoreError> {
        use memberships as m;
        let holders: Vec<Uuid> = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::organisation_id.eq(organisation.uuid()))
            .filter(m::ended_at.is_null())
            .filter(m::roles.contains(vec![role.code()]))
            .order(m::user_id)
            .select(m::user_id)
            .load(self.conn)
            .map_err(store_error)?;
        Ok(holders.into_iter().map(UserId::from_uuid).collect())
    }
}

impl IdentityWrites for PgTx<'_, ReadWrite> {
    fn insert_membership(&mut self, membership: &Membership) -> Result<(), StoreError> {
        use memberships as m;
        diesel::insert_into(m::table)
            .values((
                m::network_id.eq(membership.network.uuid()),
                m::membership_id.eq(membership.id.uuid()),
                m::user_id.eq(membership.user.uuid()),
                m::organisation_id.eq(membership.organisation.map(OrganisationId::uuid)),
                m::roles.eq(codes(&membership.roles)),
                m::name.eq(&membership.name),
                m::email.eq(membership.email.as_str()),
                m::created_at.eq(stored(self.op().now())),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
    fn member(&mut self, id: MembershipId) -> Result<Option<Held>, StoreError> {
        let query = held!(self).filter(memberships::membership_id.eq(id.uuid()));
        let row: Option<HeldRow> = query.first(self.conn).optional().map_err(store_error)?;
        row.map(held_from).transpose()
    }

    fn lock_member(&mut self, id: MembershipId) -> Result<Option<Held>, StoreError> {
        let query = held!(self).filter(memberships::membership_id.eq(id.uuid())).for_update();
        let row: Option<HeldRow> = query.first(self.conn).optional().map_err(store_error)?;
        row.map(held_from).transpose()
    }

    fn member_of(
        &mut self,
        organisation: Option<OrganisationId>,
        user: UserId,
    ) -> Result<Option<Held>, StoreError> {
        let query = held!(self)
            .filter(memberships::organisation_id.is_not_distinct_from(organisation.map(TypedId::uuid)))
            .filter(memberships::user_id.eq(user.uuid()))
            .for_update();
        let row: Option<HeldRow> = query.first(self.conn).optional().map_err(store_error)?;
        row.map(held_from).transpose()
    }

    fn roles_held(
        &mut self,
        organisation: Option<OrganisationId>,
        user: UserId,
    ) -> Result<Roles, StoreError> {
        let held: Option<Vec<String>> = memberships::table
            .filter(memberships::network_id.eq(self.network_uuid()))
            .filter(memberships::organisation_id.is_not_distinct_from(organisation.map(TypedId::uuid)))
            .filter(memberships::user_id.eq(user.uuid()))
            .filter(memberships::ended_at.is_null())
            .select(memberships::roles)
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        roles_from(&held.unwrap_or_default())
    }

    fn lock_administrators(
        &mut self,
        organisation: Option<OrganisationId>,
    ) -> Result<Vec<MembershipId>, StoreError> {
        let role = match organisation {
            Some(_) => Role::OrganisationAdmin,
            None => Role::NetworkCoordinator,
        };
        let ids: Vec<Uuid> = memberships::table
            .filter(memberships::network_id.eq(self.network_uuid()))
            .filter(memberships::organisation_id.is_not_distinct_from(organisation.map(TypedId::uuid)))
            .filter(memberships::ended_at.is_null())
            .filter(memberships::roles.contains(vec![role.code()]))
            .order(memberships::membership_id)
            .select(memberships::membership_id)
            .for_update()
            .load(self.conn)
            .map_err(store_error)?;
        Ok(ids.into_iter().map(MembershipId::from_uuid).collect())
    }

    fn save_roles(&mut self, id: MembershipId, version: i32, roles: &Roles) -> Result<(), StoreError> {
        use memberships as m;
        let saved = diesel::update(m::table)
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::membership_id.eq(id.uuid()))
            .filter(m::version.eq(version))
            .filter(m::ended_at.is_null())
            .set((m::roles.eq(codes(roles)), m::version.eq(m::version + 1)))
            .execute(self.conn)
            .map_err(store_error)?;
        if saved == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    fn end_membership(&mut self, id: MembershipId, version: i32) -> Result<(), StoreError> {
        use memberships as m;
        let now = stored(self.op().now());
        let ended = diesel::update(m::table)
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::membership_id.eq(id.uuid()))
            .filter(m::version.eq(version))
            .filter(m::ended_at.is_null())
            .set((m::ended_at.eq(now), m::version.eq(m::version + 1)))
            .execute(self.conn)
            .map_err(store_error)?;
        if ended == 1 { self.end_sessions_of(id) } else { Err(StoreError::Conflict) }
    }

    fn end_sessions_of(&mut self, id: MembershipId) -> Result<(), StoreError> {
        let now = stored(self.op().now());
        let ended: i32 =
            diesel::select(end_sessions_of(id.uuid(), now)).get_result(self.conn).map_err(store_error)?;
        tracing::info!(membership.id = %id, ended, "sessions were ended by whoever answers for the place");
        Ok(())
    }

    fn begin_factor_reset(
        &mut self,
        id: MembershipId,
        link: LoginLinkId,
        times: ResetTimes,
    ) -> Result<bool, StoreError> {
        use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
        let ResetTimes { soon_ends, later, later_ends } = times;
        let row: Begun = diesel::sql_query("SELECT begin_factor_reset($1, $2, $3, $4, $5, $6) AS begun")
            .bind::<SqlUuid, _>(id.uuid())
            .bind::<SqlUuid, _>(link.uuid())
            .bind::<Timestamptz, _>(stored(self.op().now()))
            .bind::<Timestamptz, _>(stored(soon_ends))
            .bind::<Timestamptz, _>(stored(later))
            .bind::<Timestamptz, _>(stored(later_ends))
            .get_result(self.conn)
            .map_err(store_error)?;
        Ok(row.begun)
    }
}
