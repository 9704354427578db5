//! Organisations, members and working days of the tenant's network.

use diesel::prelude::*;
use jiff::tz::TimeZone;
use jiff_diesel::Date as StoredDate;
use trellis_domain::kernel::{NetworkId, OrganisationId, StoreError, TypedId, UserId, WorkingCalendar};
use trellis_domain::policy::Roles;
use trellis_domain::tenancy::{Organisation, OrganisationKind, OrganisationReads};
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::lanes::PgConn;
use super::read::organisations::roles_from;
use super::schema::{bank_holidays, memberships, networks, organisations};
use super::tx::PgTx;

type OrganisationRow = (Uuid, String, String, String, Option<String>, bool);

fn organisation_from(row: OrganisationRow) -> Result<Organisation, StoreError> {
    let (id, name, kind, help_phone, email, suspended) = row;
    let kind = OrganisationKind::from_code(&kind).ok_or_else(|| inconsistent("organisations", "kind"))?;
    Ok(Organisation { id: OrganisationId::from_uuid(id), name, kind, help_phone, email, suspended })
}

impl<M> PgTx<'_, M> {
    pub(crate) fn organisation_that_is(
        &mut self,
        id: OrganisationId,
        closed: bool,
    ) -> Result<Option<Organisation>, StoreError> {
        use organisations as o;
        let row: Option<OrganisationRow> = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::organisation_id.eq(id.uuid()))
            .filter(o::closed_at.is_not_null().eq(closed))
            .select((
                o::organisation_id,
                o::name,
                o::kind,
                o::help_phone,
                o::email,
                o::suspended_at.is_not_null(),
            ))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(organisation_from).transpose()
    }
}

impl<M> OrganisationReads for PgTx<'_, M> {
    fn organisation(&mut self, id: OrganisationId) -> Result<Option<Organisation>, StoreError> {
        self.organisation_that_is(id, false)
    }

    fn roles_of(&mut self, user: UserId) -> Result<Roles, StoreError> {
        use memberships as m;
        let held: Option<Vec<String>> = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::organisation_id.eq(self.organisation_uuid()))
            .filter(m::user_id.eq(user.uuid()))
            .filter(m::ended_at.is_null())
            .select(m::roles)
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        roles_from(&held.unwrap_or_default())
    }
}

/// The network's zone and holidays. Runs inside a transaction that has its tenant.
pub(crate) fn read_calendar(conn: &mut PgConn, network: NetworkId) -> Result<WorkingCalendar, StoreError> {
    let (zone, jurisdiction): (String, String) = networks::table
        .filter(networks::network_id.eq(network.uuid()))
        .select((networks::zone, networks::jurisdiction))
        .first(conn)
        .map_err(store_error)?;
    let days: Vec<StoredDate> = bank_holidays::table
        .filter(bank_holidays::jurisdiction.eq(jurisdiction))
        .select(bank_holidays::day)
        .load(conn)
        .map_err(store_error)?;
    let zone = TimeZone::get(&zone).map_err(|_| inconsistent("networks", "zone"))?;
    Ok(WorkingCalendar::new(zone, days.into_iter().map(StoredDate::to_jiff)))
}
