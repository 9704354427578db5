//! Who could take what an organisation leaves when it closes.

use diesel::dsl::exists;
use diesel::prelude::*;
use trellis_domain::kernel::{OrganisationId, StoreError, TypedId};
use trellis_domain::policy::Role;
use trellis_domain::tenancy::OrganisationKind;

use super::super::closing::WORKERS;
use super::super::error::store_error;
use super::super::schema::{memberships as m, organisations as o};
use super::super::tx::PgTx;
use super::organisations::{CardRow, OrganisationCard};

/// More than a page can offer to choose among.
const MOST: i64 = 200;

impl<M> PgTx<'_, M> {
    /// By name: those that are open, may do all of its work, and have somebody who does.
    pub fn possible_successors(
        &mut self,
        id: OrganisationId,
        kind: OrganisationKind,
    ) -> Result<Vec<OrganisationCard>, StoreError> {
        let kinds = OrganisationKind::ALL.iter().filter(|one| one.may_succeed(kind));
        let kinds: Vec<&str> = kinds.map(|one| one.code()).collect();
        let workers = m::table
            .filter(m::network_id.eq(o::network_id))
            .filter(m::organisation_id.eq(o::organisation_id.nullable()))
            .filter(m::ended_at.is_null())
            .filter(m::roles.overlaps_with(WORKERS.map(Role::code).to_vec()));
        let rows: Vec<CardRow> = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::organisation_id.ne(id.uuid()))
            .filter(o::kind.eq_any(kinds))
            .filter(o::suspended_at.is_null())
            .filter(o::closed_at.is_null())
            .filter(exists(workers))
            .order((o::name, o::organisation_id))
            .limit(MOST)
            .select((o::organisation_id, (o::name, o::kind, o::help_phone)))
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(|(id, words)| OrganisationCard::from_columns(id, words)).collect()
    }
}
