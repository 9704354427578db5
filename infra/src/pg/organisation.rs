//! Organisations of the network, as whoever coordinates it sets them up, shuts them out and closes them.

use diesel::prelude::*;
use jiff::civil::Date;
use jiff_diesel::Date as StoredDate;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::directory::CapacityState;
use trellis_domain::kernel::{AgreementId, OrganisationId, Postcode, StoreError, TypedId};
use trellis_domain::tenancy::{Agreement, Organisation, OrganisationReads, OrganisationWrites};
use uuid::Uuid;

use super::error::store_error;
use super::identity::end_sessions_of;
use super::schema::{agreements, invitations, memberships, organisations, services};
use super::time::stored;
use super::tx::{PgTx, ReadWrite};

/// One organisation of the network, to be changed.
macro_rules! changing {
    ($tx:expr, $id:expr) => {
        diesel::update(organisations::table)
            .filter(organisations::network_id.eq($tx.network_uuid()))
            .filter(organisations::organisation_id.eq($id.uuid()))
            .filter(organisations::closed_at.is_null())
    };
}

fn one(changed: QueryResult<usize>) -> Result<(), StoreError> {
    if changed.map_err(store_error)? == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

impl OrganisationWrites for PgTx<'_, ReadWrite> {
    fn insert_organisation(&mut self, organisation: &Organisation) -> Result<(), StoreError> {
        use organisations as o;
        diesel::insert_into(o::table)
            .values((
                o::network_id.eq(self.network_uuid()),
                o::organisation_id.eq(organisation.id.uuid()),
                o::name.eq(&organisation.name),
                o::kind.eq(organisation.kind.code()),
                o::help_phone.eq(&organisation.help_phone),
                o::email.eq(&organisation.email),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn lock_organisation(&mut self, id: OrganisationId) -> Result<Option<Organisation>, StoreError> {
        use organisations as o;
        let locked: Option<Uuid> = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::organisation_id.eq(id.uuid()))
            .filter(o::closed_at.is_null())
            .select(o::organisation_id)
            .for_update()
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        if locked.is_some() { self.organisation(id) } else { Ok(None) }
    }

    fn save_organisation(&mut self, organisation: &Organisation) -> Result<(), StoreError> {
        use organisations as o;
        let values = (
            o::name.eq(&organisation.name),
            o::help_phone.eq(&organisation.help_phone),
            o::email.eq(&organisation.email),
        );
        one(changing!(self, organisation.id).set(values).execute(self.conn))
    }

    fn save_postcode(&mut self, id: OrganisationId, postcode: &Postcode) -> Result<(), StoreError> {
        one(changing!(self, id).set(organisations::postcode.eq(postcode.as_str())).execute(self.conn))
    }

    fn save_suspended(&mut self, id: OrganisationId, suspended: bool) -> Result<(), StoreError> {
        let since: Option<Stored> = suspended.then(|| stored(self.op().now()));
        one(changing!(self, id).set(organisations::suspended_at.eq(since)).execute(self.conn))
    }

    fn insert_agreement(
        &mut self,
        id: AgreementId,
        of: OrganisationId,
        agreement: &Agreement,
    ) -> Result<(), StoreError> {
        use agreements as a;
        diesel::insert_into(a::table)
            .values((
                a::network_id.eq(self.network_uuid()),
                a::agreement_id.eq(id.uuid()),
                a::organisation_id.eq(of.uuid()),
                a::kind.eq(agreement.kind.code()),
                a::version.eq(agreement.version.as_str()),
                a::agreed_on.eq(kept_date(agreement.agreed_on)),
                a::ends_on.eq(agreement.ends_on.map(kept_date)),
                a::kept_at.eq(stored(self.op().now())),
                a::kept_by.eq(self.op().user().map(TypedId::uuid)),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn closed_organisation(&mut self, id: OrganisationId) -> Result<Option<Organisation>, StoreError> {
        self.organisation_that_is(id, true)
    }

    fn close_organisation(&mut self, id: OrganisationId) -> Result<(), StoreError> {
        use {invitations as i, memberships as m, services as s};
        let (network, now) = (self.network_uuid(), stored(self.op().now()));
        diesel::update(s::table)
            .filter(s::network_id.eq(network))
            .filter(s::organisation_id.eq(id.uuid()))
            .set((s::capacity_state.eq(CapacityState::Closed.code()), s::status.eq("inactive")))
            .execute(self.conn)
            .map_err(store_error)?;
        diesel::update(i::table)
            .filter(i::network_id.eq(network))
            .filter(i::organisation_id.eq(id.uuid()))
            .filter(i::accepted_at.is_null())
            .filter(i::withdrawn_at.is_null())
            .set(i::withdrawn_at.eq(now))
            .execute(self.conn)
            .map_err(store_error)?;
        let members: Vec<Uuid> = diesel::update(m::table)
            .filter(m::network_id.eq(network))
            .filter(m::organisation_id.eq(id.uuid()))
            .filter(m::ended_at.is_null())
            .set((m::ended_at.eq(now), m::version.eq(m::version + 1)))
            .returning(m::membership_id)
            .get_results(self.conn)
            .map_err(store_error)?;
        for member in members {
            let _: i32 =
                diesel::select(end_sessions_of(member, now)).get_result(self.conn).map_err(store_error)?;
        }
        one(changing!(self, id).set(organisations::closed_at.eq(now)).execute(self.conn))
    }
}

fn kept_date(date: Date) -> StoredDate {
    jiff_diesel::ToDiesel::to_diesel(date)
}
