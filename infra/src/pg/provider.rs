//! The acting organisation's identity provider. Its secret is sealed before it reaches the row.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use trellis_domain::kernel::{Line, OrganisationId, ProviderId, StoreError, TypedId};
use trellis_domain::sso::{ClientSecret, Issuer, Provider, ProviderReads, ProviderWrites, ShortName, Words};
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::schema::identity_providers as p;
use super::time::stored;
use super::tx::{PgTx, ReadWrite};
use crate::seal::SecretPlace;

pub(super) type Row =
    (Uuid, Uuid, i32, String, String, String, String, (Vec<String>, Vec<String>, Vec<String>), bool);

/// The columns of [`Row`].
macro_rules! provider_columns {
    () => {
        (
            p::provider_id,
            p::organisation_id,
            p::version,
            p::short_name,
            p::name,
            p::issuer,
            p::client_id,
            (p::scopes, p::strong_acr, p::strong_amr),
            p::enabled,
        )
    };
}
pub(super) use provider_columns;

/// Where the secret of a provider stands.
pub(super) const fn secret_of(provider: Uuid) -> SecretPlace {
    SecretPlace { column: "identity_providers.sealed_secret", row: provider }
}

pub(super) fn provider_from(row: Row) -> Result<Provider, StoreError> {
    let (id, organisation, version, short_name, name, issuer, client_id, (scopes, acr, amr), enabled) = row;
    let odd = |column| move || inconsistent("identity_providers", column);
    Ok(Provider {
        id: ProviderId::from_uuid(id),
        organisation: OrganisationId::from_uuid(organisation),
        version,
        short_name: ShortName::parse(&short_name).map_err(|_| odd("short_name")())?,
        name: Line::parse(&name).map_err(|_| odd("name")())?,
        issuer: Issuer::parse(&issuer).map_err(|_| odd("issuer")())?,
        client_id: Line::parse(&client_id).map_err(|_| odd("client_id")())?,
        scopes: Words::stored(scopes),
        strong_acr: Words::stored(acr),
        strong_amr: Words::stored(amr),
        enabled,
    })
}

impl<M> ProviderReads for PgTx<'_, M> {
    fn provider(&mut self) -> Result<Option<Provider>, StoreError> {
        let own = p::table.find((self.network_uuid(), self.organisation_uuid()));
        let row: Option<Row> =
            own.select(provider_columns!()).first(self.conn).optional().map_err(store_error)?;
        row.map(provider_from).transpose()
    }
}

impl ProviderWrites for PgTx<'_, ReadWrite> {
    fn lock_provider(&mut self) -> Result<Option<Provider>, StoreError> {
        let own = p::table.find((self.network_uuid(), self.organisation_uuid()));
        let row: Option<Row> =
            own.select(provider_columns!()).for_update().first(self.conn).optional().map_err(store_error)?;
        row.map(provider_from).transpose()
    }

    fn save_provider(
        &mut self,
        provider: &Provider,
        secret: Option<&ClientSecret>,
    ) -> Result<bool, StoreError> {
        let values = (
            p::provider_id.eq(provider.id.uuid()),
            p::version.eq(provider.version),
            p::short_name.eq(provider.short_name.as_str()),
            p::name.eq(provider.name.as_str()),
            p::issuer.eq(provider.issuer.as_str()),
            p::client_id.eq(provider.client_id.as_str()),
            p::scopes.eq(provider.scopes.as_slice()),
            p::strong_acr.eq(provider.strong_acr.as_slice()),
            p::strong_amr.eq(provider.strong_amr.as_slice()),
            p::enabled.eq(provider.enabled),
            p::changed_at.eq(stored(self.op().now())),
        );
        let key = (self.network_uuid(), self.organisation_uuid());
        let kept = match secret {
            Some(secret) => {
                let place = secret_of(provider.id.uuid());
                let kept = self.keyring().keep_secret(place, secret.reveal().as_str());
                let kept = kept.map_err(|_| StoreError::Sealed)?;
                Some((p::secret_key_id.eq(kept.key_id), p::sealed_secret.eq(kept.bytes)))
            }
            None => None,
        };
        let saved = match kept {
            Some(kept) => diesel::insert_into(p::table)
                .values((p::network_id.eq(key.0), p::organisation_id.eq(key.1), values, kept.clone()))
                .on_conflict((p::network_id, p::organisation_id))
                .do_update()
                .set((values, kept))
                .execute(self.conn),
            None => diesel::update(p::table.find(key)).set(values).execute(self.conn),
        };
        match saved {
            Ok(1) => Ok(true),
            Ok(_) => Err(StoreError::Conflict),
            Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(false),
            Err(error) => Err(store_error(error)),
        }
    }
}
