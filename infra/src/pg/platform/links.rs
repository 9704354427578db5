//! Which link a token belongs to. Nobody is signed in yet, so the platform looks it up; what is done with it then
//! happens inside the tenant.

use diesel::prelude::*;
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::op_context::VerifiedLink;
use trellis_domain::kernel::{NetworkId, ReferralId, StoreError, TypedId};
use uuid::Uuid;

use super::super::error::store_error;
use super::super::link::{link_from, link_of};
use super::super::schema::{links, networks};
use super::store::PlatformStore;

/// A link whose token was verified. Looking at it spends nothing.
#[derive(Debug, Clone, Copy)]
pub struct LinkFacts {
    /// For [`trellis_domain::kernel::OpContext::for_link`].
    pub link: VerifiedLink,
    pub referral: ReferralId,
    pub expires_at: Timestamp,
    pub spent_at: Option<Timestamp>,
}

impl LinkFacts {
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }
}

#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Malformed, forged, unknown, or of a network that stands still: the same answer.
    #[error("there is no such link")]
    Unknown,
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Row = (Uuid, (Uuid, Uuid, Uuid, Stored, Option<Stored>));

impl PlatformStore {
    pub async fn link(&self, token: &str) -> Result<LinkFacts, LinkError> {
        let id = link_of(&self.guards.keyring, token).ok_or(LinkError::Unknown)?;
        self.look(move |conn| {
            use links as l;
            let row: Option<Row> = l::table
                .inner_join(networks::table.on(networks::network_id.eq(l::network_id)))
                .filter(l::link_id.eq(id.uuid()))
                .filter(networks::suspended_at.is_null())
                .select((
                    l::network_id,
                    (l::link_id, l::organisation_id, l::referral_id, l::expires_at, l::spent_at),
                ))
                .first(conn)
                .optional()
                .map_err(store_error)?;
            let (network, row) = row.ok_or(LinkError::Unknown)?;
            let link = link_from(row);
            let verified = VerifiedLink {
                link: link.id,
                network: NetworkId::from_uuid(network),
                organisation: link.organisation,
            };
            Ok(LinkFacts {
                link: verified,
                referral: link.referral,
                expires_at: link.expires_at,
                spent_at: link.spent_at,
            })
        })
        .await
    }
}
