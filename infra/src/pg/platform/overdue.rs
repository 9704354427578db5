//! Which referrals are overdue and somebody has still to hear of it, across tenants: ids, and nothing of anybody. No lease:
//! each is looked at again under its own lock, and told of once however many workers find it.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Timestamptz, Uuid as SqlUuid};
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{NetworkId, OrganisationId, ReferralId, StoreError, TypedId};
use uuid::Uuid;

use super::super::error::store_error;
use super::super::time::{instant, stored, stored_option};
use super::store::PlatformStore;

/// One that has fallen due at whoever has it.
#[derive(Debug, Clone, Copy)]
pub struct OverdueReferral {
    pub network: NetworkId,
    pub referral: ReferralId,
    pub owner: OrganisationId,
    pub due: Timestamp,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    network_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    referral_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    owner_organisation_id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    due_at: Stored,
}

impl PlatformStore {
    /// In the order in which they fell due, after one. See the migration `chases`.
    pub async fn overdue_referrals(
        &self,
        now: Timestamp,
        after: Option<OverdueReferral>,
        most: i32,
    ) -> Result<Vec<OverdueReferral>, StoreError> {
        self.look(move |conn| {
            let rows: Vec<Row> = diesel::sql_query("SELECT * FROM overdue_referrals($1, $2, $3, $4)")
                .bind::<Timestamptz, _>(stored(now))
                .bind::<Nullable<Timestamptz>, _>(stored_option(after.map(|after| after.due)))
                .bind::<Nullable<SqlUuid>, _>(after.map(|after| after.referral.uuid()))
                .bind::<Integer, _>(most)
                .load(conn)
                .map_err(store_error)?;
            Ok(rows.into_iter().map(OverdueReferral::from).collect())
        })
        .await
    }
}

impl From<Row> for OverdueReferral {
    fn from(row: Row) -> Self {
        Self {
            network: NetworkId::from_uuid(row.network_id),
            referral: ReferralId::from_uuid(row.referral_id),
            owner: OrganisationId::from_uuid(row.owner_organisation_id),
            due: instant(row.due_at),
        }
    }
}
