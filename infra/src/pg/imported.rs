//! What an import has to know before it adds anything: entries of a source, and organisations by name.
//! Names of organisations and entries of the directory are known to their whole network.

use std::collections::BTreeMap;

use diesel::prelude::*;
use trellis_domain::kernel::{OrganisationId, ServiceId, StoreError, TypedId};
use uuid::Uuid;

use super::error::store_error;
use super::schema::{organisations, services};
use super::tx::PgTx;

impl<M> PgTx<'_, M> {
    /// Services of a source, by their id there.
    pub fn services_from(&mut self, source: &str) -> Result<BTreeMap<String, ServiceId>, StoreError> {
        use services as s;
        let rows: Vec<(Option<String>, Uuid)> = s::table
            .filter(s::network_id.eq(self.network_uuid()))
            .filter(s::source.eq(source))
            .select((s::source_id, s::service_id))
            .load(self.conn)
            .map_err(store_error)?;
        Ok(rows.into_iter().filter_map(|(id, uuid)| Some((id?, ServiceId::from_uuid(uuid)))).collect())
    }

    pub fn organisations_by_name(&mut self) -> Result<BTreeMap<String, OrganisationId>, StoreError> {
        use organisations as o;
        let rows: Vec<(String, Uuid)> = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::closed_at.is_null())
            .select((o::name, o::organisation_id))
            .load(self.conn)
            .map_err(store_error)?;
        Ok(rows.into_iter().map(|(name, id)| (name, OrganisationId::from_uuid(id))).collect())
    }
}
