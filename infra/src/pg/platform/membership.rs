//! For what a login may act: its unended memberships in networks and organisations that are neither suspended nor closed.

use diesel::prelude::*;
use jiff::Timestamp;
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{
    MembershipId, NetworkId, OrganisationId, SessionId, StoreError, TypedId, UserId,
};
use trellis_domain::policy::{Role, Roles};
use uuid::Uuid;

use super::super::error::{inconsistent, store_error};
use super::super::lanes::PgConn;
use super::super::schema::{memberships, networks, organisations, sessions};
use super::store::PlatformStore;

/// One thing the same login can act for, with the words to choose it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewerMembership {
    pub membership: MembershipId,
    pub network: NetworkId,
    pub network_name: String,
    pub organisation: Option<OrganisationId>,
    pub organisation_name: Option<String>,
    pub roles: Roles,
    pub version: i32,
}

type Row = (Uuid, Uuid, String, Option<Uuid>, Option<String>, Vec<String>, i32);

impl PlatformStore {
    /// By name of network and organisation.
    pub async fn memberships_of(&self, user: UserId) -> Result<Vec<ViewerMembership>, StoreError> {
        self.look(move |conn| live(conn, user)).await
    }
}

pub(super) fn live(conn: &mut PgConn, user: UserId) -> Result<Vec<ViewerMembership>, StoreError> {
    use {memberships as m, organisations as o};
    let here = o::network_id.eq(m::network_id).and(o::organisation_id.nullable().eq(m::organisation_id));
    let rows: Vec<Row> = m::table
        .inner_join(networks::table.on(networks::network_id.eq(m::network_id)))
        .left_join(o::table.on(here))
        .filter(m::user_id.eq(user.uuid()))
        .filter(m::ended_at.is_null())
        .filter(networks::suspended_at.is_null())
        .filter(o::suspended_at.is_null())
        .filter(o::closed_at.is_null())
        .order((networks::name, o::name.nullable(), m::membership_id))
        .select((
            m::membership_id,
            m::network_id,
            networks::name,
            m::organisation_id,
            o::name.nullable(),
            m::roles,
            m::version,
        ))
        .load(conn)
        .map_err(store_error)?;
    rows.into_iter().map(ViewerMembership::try_from).collect()
}

/// The one that was asked for; else the one acted for last; else the oldest.
pub(super) fn choose(
    conn: &mut PgConn,
    user: UserId,
    asked: Option<MembershipId>,
) -> Result<Option<ViewerMembership>, StoreError> {
    let live = live(conn, user)?;
    if let Some(asked) = asked {
        return Ok(live.into_iter().find(|one| one.membership == asked));
    }
    let last: Option<Uuid> = sessions::table
        .filter(sessions::user_id.eq(user.uuid()))
        .order((sessions::created_at.desc(), sessions::session_id.desc()))
        .select(sessions::membership_id)
        .first(conn)
        .optional()
        .map_err(store_error)?;
    let recent = live.iter().find(|one| Some(one.membership.uuid()) == last).cloned();
    Ok(recent.or_else(|| live.into_iter().min_by_key(|one| one.membership)))
}

impl ViewerMembership {
    /// A session that acts for it.
    pub(super) fn session(self, session: SessionId, user: UserId, proved_at: Timestamp) -> VerifiedSession {
        VerifiedSession {
            session,
            user,
            membership: self.membership,
            membership_version: self.version,
            network: self.network,
            organisation: self.organisation,
            roles: self.roles,
            proved_at,
        }
    }
}

impl TryFrom<Row> for ViewerMembership {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let (id, network, network_name, organisation, organisation_name, roles, version) = row;
        Ok(Self {
            membership: MembershipId::from_uuid(id),
            network: NetworkId::from_uuid(network),
            network_name,
            organisation: organisation.map(OrganisationId::from_uuid),
            organisation_name,
            roles: roles_from(&roles)?,
            version,
        })
    }
}

pub(super) fn roles_from(codes: &[String]) -> Result<Roles, StoreError> {
    let known = codes.iter().map(|code| Role::from_code(code).filter(|role| role.is_for_people()));
    known.collect::<Option<Roles>>().ok_or_else(|| inconsistent("memberships", "roles"))
}
