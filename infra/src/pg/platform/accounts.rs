//! Networks and logins, as the command line and the demo make them. Memberships are the tenant's.

use diesel::prelude::*;
use jiff::Timestamp;
use trellis_domain::identity::User;
use trellis_domain::kernel::{NetworkId, StoreError, TypedId, UserId};
use trellis_domain::tenancy::Network;
use uuid::Uuid;

use super::super::error::store_error;
use super::super::lanes::PgConn;
use super::super::schema::{networks, users};
use super::super::time::stored;
use super::store::PlatformStore;

/// A disabled login is refused wherever a proof would otherwise be taken.
pub(super) fn is_enabled(conn: &mut PgConn, user: UserId) -> Result<bool, StoreError> {
    let enabled = users::table.find(user.uuid()).filter(users::disabled_at.is_null());
    diesel::select(diesel::dsl::exists(enabled)).get_result(conn).map_err(store_error)
}

impl PlatformStore {
    /// `Conflict` when the id or the short name is taken.
    pub async fn create_network(&self, network: Network) -> Result<Network, StoreError> {
        self.look(move |conn| {
            diesel::insert_into(networks::table)
                .values((
                    networks::network_id.eq(network.id.uuid()),
                    networks::name.eq(&network.name),
                    networks::slug.eq(&network.slug),
                    networks::zone.eq(&network.zone),
                    networks::jurisdiction.eq(&network.jurisdiction),
                ))
                .execute(conn)
                .map_err(store_error)?;
            Ok(network)
        })
        .await
    }

    /// `password_hash` in PHC form, from [`crate::auth::Passwords::hash`]. `Conflict` when the address is taken.
    pub async fn create_user(
        &self,
        user: User,
        password_hash: String,
        now: Timestamp,
    ) -> Result<User, StoreError> {
        self.look(move |conn| {
            diesel::insert_into(users::table)
                .values((
                    users::user_id.eq(user.id.uuid()),
                    users::email.eq(user.email.as_str()),
                    users::name.eq(&user.name),
                    users::password_hash.eq(password_hash),
                    users::created_at.eq(stored(now)),
                ))
                .execute(conn)
                .map_err(store_error)?;
            Ok(user)
        })
        .await
    }

    /// From now on the login opens nothing: its sessions are refused on their next request.
    pub async fn disable_user(&self, user: UserId, now: Timestamp) -> Result<(), StoreError> {
        self.look(move |conn| {
            diesel::update(users::table.find(user.uuid()))
                .set(users::disabled_at.eq(stored(now)))
                .execute(conn)
                .map_err(store_error)
                .map(|_| ())
        })
        .await
    }

    pub async fn network_with_slug(&self, slug: &str) -> Result<Option<NetworkId>, StoreError> {
        let slug = slug.to_owned();
        self.look(move |conn| {
            let id: Option<Uuid> = networks::table
                .filter(networks::slug.eq(slug))
                .select(networks::network_id)
                .first(conn)
                .optional()
                .map_err(store_error)?;
            Ok(id.map(NetworkId::from_uuid))
        })
        .await
    }

    /// Is there a network yet? An empty installation is set up before it serves.
    pub async fn has_networks(&self) -> Result<bool, StoreError> {
        self.look(|conn| {
            diesel::select(diesel::dsl::exists(networks::table.select(networks::network_id)))
                .get_result(conn)
                .map_err(store_error)
        })
        .await
    }
}
