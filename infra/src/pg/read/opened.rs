//! Opens what a list row carries sealed. The key of each person is unwrapped once a transaction.

use trellis_domain::kernel::{PersonId, StoreError, TypedId};
use trellis_domain::person::{Identity, Preferences};
use uuid::Uuid;

use super::super::person::{IDENTITY, PREFERENCES, PersonKeyRow, sealed};
use super::super::tx::PgTx;

/// The columns of a person that no list can do without.
#[derive(Debug)]
pub(super) struct SealedPerson {
    pub(super) person: Uuid,
    pub(super) identity: Vec<u8>,
    pub(super) key: PersonKeyRow,
}

/// The same where access may be missing: then all of it is missing.
pub(super) fn whole(
    person: Option<Uuid>,
    identity: Option<Vec<u8>>,
    key_id: Option<String>,
    wrapped_key: Option<Vec<u8>>,
) -> Option<SealedPerson> {
    let key = PersonKeyRow { key_id: key_id?, wrapped_key: wrapped_key? };
    Some(SealedPerson { person: person?, identity: identity?, key })
}

impl<M> PgTx<'_, M> {
    pub(super) fn opened_identity(&mut self, row: &SealedPerson) -> Result<Identity, StoreError> {
        let key = self.unwrapped(PersonId::from_uuid(row.person), &row.key)?;
        key.open_json(IDENTITY, &row.identity).map_err(sealed)
    }

    /// After the identity was opened, the key is known.
    pub(super) fn opened_preferences(&self, person: Uuid, bytes: &[u8]) -> Result<Preferences, StoreError> {
        let key = self.known_key(PersonId::from_uuid(person)).ok_or(StoreError::Sealed)?;
        key.open_json(PREFERENCES, bytes).map_err(sealed)
    }
}
