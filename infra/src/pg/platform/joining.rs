//! Where somebody without a login begins: which network an address names, whether it takes applications, and whose a link is.

use diesel::prelude::*;
use jiff::Timestamp;
use trellis_domain::kernel::op_context::VerifiedApplicant;
use trellis_domain::kernel::{ApplicationId, NetworkId, StoreError, TypedId};
use uuid::Uuid;

use super::super::application::application_of;
use super::super::error::store_error;
use super::super::schema::{applications as a, joining as j, networks as n};
use super::store::PlatformStore;

/// A network that takes applications, as everybody may know it.
#[derive(Debug, Clone)]
pub struct JoinableNetwork {
    pub network: NetworkId,
    pub name: String,
    pub help_phone: Option<String>,
    pub agreement: String,
}

impl PlatformStore {
    /// None for one that takes none, and for one that does not exist.
    pub async fn joinable(&self, slug: &str) -> Result<Option<JoinableNetwork>, StoreError> {
        let slug = slug.to_owned();
        self.look(move |conn| {
            let row: Option<(Uuid, String, Option<String>, String)> = n::table
                .inner_join(j::table.on(j::network_id.eq(n::network_id)))
                .filter(n::slug.eq(slug))
                .filter(j::open)
                .filter(n::suspended_at.is_null())
                .select((n::network_id, n::name, n::help_phone, j::agreement))
                .first(conn)
                .optional()
                .map_err(store_error)?;
            Ok(row.map(|(network, name, help_phone, agreement)| JoinableNetwork {
                network: NetworkId::from_uuid(network),
                name,
                help_phone,
                agreement,
            }))
        })
        .await
    }

    /// Somebody who applies, before there is anything of theirs.
    pub fn new_applicant(&self, network: NetworkId, now: Timestamp) -> VerifiedApplicant {
        let application = ApplicationId::from_uuid(self.guards.ids.next(now));
        VerifiedApplicant { application, network }
    }

    /// Whose a link is. None for one that we did not make, and for one whose application is gone.
    pub async fn applicant(&self, token: &str) -> Result<Option<VerifiedApplicant>, StoreError> {
        let Some(application) = application_of(&self.guards.keyring, token) else { return Ok(None) };
        self.look(move |conn| {
            let network: Option<Uuid> = a::table
                .filter(a::application_id.eq(application.uuid()))
                .select(a::network_id)
                .first(conn)
                .optional()
                .map_err(store_error)?;
            let network = network.map(NetworkId::from_uuid);
            Ok(network.map(|network| VerifiedApplicant { application, network }))
        })
        .await
    }
}
