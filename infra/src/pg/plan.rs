//! Plans: every version is a row, sealed with the person's key and bound to that row.

use diesel::prelude::*;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{OrganisationId, PersonId, PlanId, StoreError, TypedId, UserId};
use trellis_domain::plan::{Plan, PlanReads, PlanWrites};
use uuid::Uuid;

use super::error::store_error;
use super::person::sealed;
use super::schema::plan_versions;
use super::time::{instant, stored};
use super::tx::{PgTx, ReadWrite};
use crate::seal::Field;

fn content_field(plan: Uuid) -> Field {
    Field::of_row("plan_versions.content", plan)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = plan_versions)]
pub(crate) struct PlanRow {
    plan_id: Uuid,
    person_id: Uuid,
    version: i32,
    organisation_id: Uuid,
    user_id: Uuid,
    saved_at: Stored,
    sealed_content: Vec<u8>,
}

impl<M> PgTx<'_, M> {
    /// One version.
    pub fn plan_version(&mut self, id: PlanId) -> Result<Option<Plan>, StoreError> {
        let row: Option<PlanRow> = plan_versions::table
            .find((self.network_uuid(), id.uuid()))
            .select(PlanRow::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(|row| self.plan_from(row)).transpose()
    }

    pub(crate) fn plan_from(&mut self, row: PlanRow) -> Result<Plan, StoreError> {
        let person = PersonId::from_uuid(row.person_id);
        if !self.hold_key(person)? {
            return Err(StoreError::Sealed);
        }
        let key = self.known_key(person).ok_or(StoreError::Sealed)?;
        Ok(Plan {
            id: PlanId::from_uuid(row.plan_id),
            person,
            version: row.version,
            content: key.open_json(content_field(row.plan_id), &row.sealed_content).map_err(sealed)?,
            organisation: OrganisationId::from_uuid(row.organisation_id),
            user: UserId::from_uuid(row.user_id),
            saved_at: instant(row.saved_at),
        })
    }
}

impl<M> PlanReads for PgTx<'_, M> {
    fn plan(&mut self, person: PersonId) -> Result<Option<Plan>, StoreError> {
        use plan_versions as v;
        let row: Option<PlanRow> = v::table
            .filter(v::network_id.eq(self.network_uuid()))
            .filter(v::person_id.eq(person.uuid()))
            .order(v::version.desc())
            .select(PlanRow::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(|row| self.plan_from(row)).transpose()
    }
}

impl PlanWrites for PgTx<'_, ReadWrite> {
    fn insert_plan(&mut self, plan: &Plan) -> Result<(), StoreError> {
        use plan_versions as v;
        if !self.hold_key(plan.person)? {
            return Err(StoreError::Sealed);
        }
        let key = self.known_key(plan.person).ok_or(StoreError::Sealed)?;
        let content = key.seal_json(content_field(plan.id.uuid()), &plan.content).map_err(sealed)?;
        diesel::insert_into(v::table)
            .values((
                v::network_id.eq(self.network_uuid()),
                v::plan_id.eq(plan.id.uuid()),
                v::person_id.eq(plan.person.uuid()),
                v::version.eq(plan.version),
                v::organisation_id.eq(plan.organisation.uuid()),
                v::user_id.eq(plan.user.uuid()),
                v::saved_at.eq(stored(plan.saved_at)),
                v::sealed_content.eq(content),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}
