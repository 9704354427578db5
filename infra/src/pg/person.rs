//! People: sealed on the way in, opened on the way out, found by keyed indexes only.

use diesel::dsl::exists;
use diesel::prelude::*;
use jiff::civil::Date;
use trellis_domain::kernel::{
    Line, NhsNumber, OrganisationId, PersonId, Postcode, ReferralId, StoreError, TypedId,
};
use trellis_domain::person::{
    AccessBasis, AccessLevel, Candidate, Identity, Person, PersonAccess, PersonReads, PersonWrites,
};
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::schema::{person_access, person_keys, person_tokens, persons};
use super::time::stored;
use super::tx::{PgTx, ReadWrite};
use crate::seal::{Field, IndexPurpose, Keyring, SealError, WrappedKey};

pub(crate) const IDENTITY: Field = Field::column("persons.identity");
pub(crate) const PREFERENCES: Field = Field::column("persons.preferences");

/// The wrapped key as it stands in its row.
#[derive(Debug, Clone)]
pub struct PersonKeyRow {
    pub key_id: String,
    pub wrapped_key: Vec<u8>,
}

impl PersonKeyRow {
    pub(crate) fn wrapped(&self) -> WrappedKey {
        WrappedKey { key_id: self.key_id.clone(), bytes: self.wrapped_key.clone() }
    }
}

pub(crate) fn sealed(_: SealError) -> StoreError {
    StoreError::Sealed
}

type PersonRow = (Uuid, i32, Vec<u8>, Vec<u8>, String, Vec<u8>);

impl<M> PgTx<'_, M> {
    /// The key of a person the acting organisation may see.
    pub(crate) fn key_row(&mut self, person: PersonId) -> Result<Option<PersonKeyRow>, StoreError> {
        use person_keys as k;
        let row: Option<(String, Vec<u8>)> = k::table
            .filter(k::network_id.eq(self.network_uuid()))
            .filter(k::person_id.eq(person.uuid()))
            .select((k::key_id, k::wrapped_key))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        Ok(row.map(|(key_id, wrapped_key)| PersonKeyRow { key_id, wrapped_key }))
    }

    /// Makes sure the person's key is unwrapped in this transaction. False when there is no way to it.
    pub(crate) fn hold_key(&mut self, person: PersonId) -> Result<bool, StoreError> {
        if self.known_key(person).is_some() {
            return Ok(true);
        }
        let Some(row) = self.key_row(person)? else { return Ok(false) };
        self.unwrapped(person, &row)?;
        Ok(true)
    }

    /// The most that is open to the acting organisation, and the most without an emergency.
    fn access_level(
        &mut self,
        person: PersonId,
    ) -> Result<Option<(AccessLevel, Option<AccessLevel>)>, StoreError> {
        use person_access as a;
        let rows: Vec<(String, bool)> = a::table
            .filter(a::network_id.eq(self.network_uuid()))
            .filter(a::organisation_id.eq(self.organisation_uuid()))
            .filter(a::person_id.eq(person.uuid()))
            .filter(a::ended_at.is_null())
            .select((a::level, a::basis.eq(AccessBasis::BreakGlass.code())))
            .load(self.conn)
            .map_err(store_error)?;
        let levels = rows
            .iter()
            .filter_map(|(level, emergency)| AccessLevel::from_code(level).map(|level| (level, *emergency)));
        let granted = levels.clone().filter(|(_, emergency)| !emergency).map(|(level, _)| level).max();
        Ok(levels.map(|(level, _)| level).max().map(|level| (level, granted)))
    }
}

impl<M> PersonReads for PgTx<'_, M> {
    fn person(&mut self, id: PersonId) -> Result<Option<Person>, StoreError> {
        use {person_keys as k, persons as p};
        let Some((level, granted)) = self.access_level(id)? else { return Ok(None) };
        let row: Option<PersonRow> = p::table
            .inner_join(k::table.on(k::network_id.eq(p::network_id).and(k::person_id.eq(p::person_id))))
            .filter(p::network_id.eq(self.network_uuid()))
            .filter(p::person_id.eq(id.uuid()))
            .select((
                p::custodian_organisation_id,
                p::version,
                p::sealed_identity,
                p::sealed_preferences,
                k::key_id,
                k::wrapped_key,
            ))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        let Some((custodian, version, identity, preferences, key_id, wrapped_key)) = row else {
            return Ok(None);
        };
        let key = self.unwrapped(id, &PersonKeyRow { key_id, wrapped_key })?;
        Ok(Some(Person {
            id,
            custodian: OrganisationId::from_uuid(custodian),
            identity: key.open_json(IDENTITY, &identity).map_err(sealed)?,
            preferences: key.open_json(PREFERENCES, &preferences).map_err(sealed)?,
            level,
            granted,
            version,
        }))
    }

    fn person_by_nhs_number(&mut self, number: &NhsNumber) -> Result<Option<PersonId>, StoreError> {
        use {person_access as a, persons as p};
        let network = self.network_uuid();
        let in_full = a::table
            .filter(a::network_id.eq(network))
            .filter(a::person_id.eq(p::person_id))
            .filter(a::organisation_id.eq(self.organisation_uuid()))
            .filter(a::level.eq(AccessLevel::Full.code()))
            .filter(a::ended_at.is_null());
        let index =
            self.keyring().index(network, IndexPurpose::NhsNumber, number.as_str()).map_err(sealed)?;
        let id: Option<Uuid> = p::table
            .filter(p::network_id.eq(network))
            .filter(p::nhs_number_index.eq(index.as_slice()))
            .filter(exists(in_full))
            .select(p::person_id)
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        Ok(id.map(PersonId::from_uuid))
    }

    fn candidates(&mut self, identity: &Identity) -> Result<Vec<Candidate>, StoreError> {
        self.worth_comparing(identity)
    }
}

/// What finds a person again without saying who it is.
struct Indexes {
    nhs_number: Option<Vec<u8>>,
    likeness: Option<Vec<u8>>,
    tokens: Vec<Vec<u8>>,
}

/// What two records of the same person probably share.
pub(crate) fn likeness(
    keyring: &Keyring,
    network: Uuid,
    (family_name, birth_date, postcode): (&Line, Date, &Postcode),
) -> Result<[u8; 32], SealError> {
    let family = family_name.as_str().to_lowercase();
    let text = format!("{family}|{birth_date}|{}", postcode.as_str());
    keyring.index(network, IndexPurpose::Likeness, &text)
}

fn indexes(keyring: &Keyring, network: Uuid, identity: &Identity) -> Result<Indexes, SealError> {
    let nhs_number = identity.nhs_number.as_ref();
    let nhs_number =
        nhs_number.map(|number| keyring.index(network, IndexPurpose::NhsNumber, number.as_str()));
    let likeness = identity.birth_date.as_ref().zip(identity.postcode.as_ref()).map(|(birth, postcode)| {
        likeness(keyring, network, (identity.family_name.reveal(), *birth.reveal(), postcode))
    });
    let mut tokens: Vec<Vec<u8>> = keyring
        .name_tokens(network, &identity.full_name())?
        .into_iter()
        .map(|token| token.to_vec())
        .collect();
    if let Some(birth) = &identity.birth_date {
        tokens.push(
            keyring.search_token(network, IndexPurpose::BirthDate, &birth.reveal().to_string())?.to_vec(),
        );
    }
    if let Some(postcode) = &identity.postcode {
        tokens.push(keyring.search_token(network, IndexPurpose::Postcode, postcode.as_str())?.to_vec());
    }
    if let Some(number) = &identity.nhs_number {
        tokens.push(keyring.search_token(network, IndexPurpose::NhsNumber, number.as_str())?.to_vec());
    }
    Ok(Indexes {
        nhs_number: nhs_number.transpose()?.map(|index| index.to_vec()),
        likeness: likeness.transpose()?.map(|index| index.to_vec()),
        tokens,
    })
}

impl PersonWrites for PgTx<'_, ReadWrite> {
    fn register_in_turn(&mut self) -> Result<(), StoreError> {
        let organisation = self.organisation_uuid();
        self.in_turn("register", organisation)
    }

    fn insert_person(&mut self, person: &Person, access: &PersonAccess) -> Result<(), StoreError> {
        use {person_keys as k, persons as p};
        let network = self.network_uuid();
        let (key, wrapped) = self.keyring().new_person_key(network, person.id.uuid()).map_err(sealed)?;
        let indexes = indexes(self.keyring(), network, &person.identity).map_err(sealed)?;
        diesel::insert_into(p::table)
            .values((
                p::network_id.eq(network),
                p::person_id.eq(person.id.uuid()),
                p::custodian_organisation_id.eq(person.custodian.uuid()),
                p::version.eq(person.version),
                p::sealed_identity.eq(key.seal_json(IDENTITY, &person.identity).map_err(sealed)?),
                p::sealed_preferences.eq(key.seal_json(PREFERENCES, &person.preferences).map_err(sealed)?),
                p::nhs_number_index.eq(&indexes.nhs_number),
                p::match_index.eq(&indexes.likeness),
                p::created_at.eq(stored(self.op().now())),
            ))
            .execute(self.conn)
            .map_err(store_error)?;
        self.insert_access(access, person.custodian)?;
        diesel::insert_into(k::table)
            .values((
                k::network_id.eq(network),
                k::person_id.eq(person.id.uuid()),
                k::key_id.eq(wrapped.key_id),
                k::wrapped_key.eq(wrapped.bytes),
            ))
            .execute(self.conn)
            .map_err(store_error)?;
        self.insert_tokens(person.id, &indexes.tokens)?;
        self.remember_key(person.id, key);
        Ok(())
    }

    fn save_person(&mut self, person: &Person) -> Result<Person, StoreError> {
        use persons as p;
        let network = self.network_uuid();
        if !self.hold_key(person.id)? {
            return Err(StoreError::Sealed);
        }
        let key = self.known_key(person.id).ok_or(StoreError::Sealed)?;
        let identity = key.seal_json(IDENTITY, &person.identity).map_err(sealed)?;
        let preferences = key.seal_json(PREFERENCES, &person.preferences).map_err(sealed)?;
        let rows = diesel::update(p::table)
            .filter(p::network_id.eq(network))
            .filter(p::person_id.eq(person.id.uuid()))
            .filter(p::version.eq(person.version))
            .set((
                p::sealed_identity.eq(identity),
                p::sealed_preferences.eq(preferences),
                p::version.eq(person.version + 1),
            ))
            .execute(self.conn)
            .map_err(store_error)?;
        if rows == 1 {
            Ok(Person { version: person.version + 1, ..person.clone() })
        } else {
            Err(StoreError::Conflict)
        }
    }

    fn open_access(&mut self, access: &PersonAccess) -> Result<(), StoreError> {
        let referral = access.referral.ok_or_else(|| inconsistent("person_access", "referral_id"))?;
        let custodian: Option<Uuid> =
            diesel::select(custodian_of(referral.uuid())).get_result(self.conn).map_err(store_error)?;
        let custodian = custodian.ok_or_else(|| inconsistent("persons", "custodian_organisation_id"))?;
        self.insert_access(access, OrganisationId::from_uuid(custodian))
    }

    fn end_referral_access(
        &mut self,
        referral: ReferralId,
        reason: &'static str,
    ) -> Result<bool, StoreError> {
        use person_access as a;
        let ended = diesel::update(a::table)
            .filter(a::network_id.eq(self.network_uuid()))
            .filter(a::referral_id.eq(referral.uuid()))
            .filter(a::ended_at.is_null())
            .set((a::ended_at.eq(stored(self.op().now())), a::end_reason.eq(reason)))
            .execute(self.conn)
            .map_err(store_error)?;
        Ok(ended > 0)
    }

    fn end_access_under_referrals(
        &mut self,
        person: PersonId,
        reason: &'static str,
    ) -> Result<(), StoreError> {
        use person_access as a;
        diesel::update(a::table)
            .filter(a::network_id.eq(self.network_uuid()))
            .filter(a::person_id.eq(person.uuid()))
            .filter(a::organisation_id.eq(self.organisation_uuid()))
            .filter(a::referral_id.is_not_null())
            .filter(a::ended_at.is_null())
            .set((a::ended_at.eq(stored(self.op().now())), a::end_reason.eq(reason)))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn end_origin_access(&mut self, referral: ReferralId, reason: &'static str) -> Result<(), StoreError> {
        let end = stored(self.op().now());
        diesel::select(end_origin_access(referral.uuid(), end, reason))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}

diesel::define_sql_function! {
    /// See the migration `transfer`.
    fn end_origin_access(referral: diesel::sql_types::Uuid, end: diesel::sql_types::Timestamptz, reason: diesel::sql_types::Text);
}

diesel::define_sql_function! {
    /// See the migration `referral`.
    fn custodian_of(referral: diesel::sql_types::Uuid) -> diesel::sql_types::Nullable<diesel::sql_types::Uuid>;
}

impl PgTx<'_, ReadWrite> {
    fn insert_access(&mut self, access: &PersonAccess, custodian: OrganisationId) -> Result<(), StoreError> {
        use person_access as a;
        diesel::insert_into(a::table)
            .values((
                a::network_id.eq(self.network_uuid()),
                a::access_id.eq(access.id.uuid()),
                a::person_id.eq(access.person.uuid()),
                a::organisation_id.eq(access.organisation.uuid()),
                a::custodian_organisation_id.eq(custodian.uuid()),
                a::basis.eq(access.basis.code()),
                a::level.eq(access.level.code()),
                a::referral_id.eq(access.referral.map(TypedId::uuid)),
                a::began_at.eq(stored(self.op().now())),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn insert_tokens(&mut self, person: PersonId, tokens: &[Vec<u8>]) -> Result<(), StoreError> {
        use person_tokens as t;
        let network = self.network_uuid();
        let rows: Vec<_> = tokens
            .iter()
            .map(|token| (t::network_id.eq(network), t::token.eq(token), t::person_id.eq(person.uuid())))
            .collect();
        diesel::insert_into(t::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}
