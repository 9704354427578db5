//! Those worth comparing with somebody, found by keyed tokens: what was typed reaches neither the database nor a log. Comparing
//! by letters and by sound happens on what was opened, so that the index says no more of a name than a search needs.

use diesel::prelude::*;
use trellis_domain::kernel::{PersonId, StoreError, TypedId};
use trellis_domain::person::{AccessLevel, Candidate, Identity, turned};
use uuid::Uuid;

use super::error::store_error;
use super::person::{IDENTITY, PersonKeyRow, sealed};
use super::read::views::person_summaries as p;
use super::schema::person_tokens as t;
use super::tx::PgTx;
use crate::seal::{IndexPurpose, Keyring, SealError};

diesel::alias! {
    const OTHERS: Alias<Others> = t as others;
}

/// More than share a birth date or live at one postcode, and few enough to be opened while somebody waits.
const COMPARED: usize = 200;

type Token = Vec<u8>;
type Row = (Uuid, Vec<u8>, String, Vec<u8>, bool);

/// What to look for, as tokens.
struct Sought {
    /// Each finds by itself.
    certain: Vec<Token>,
    first: Vec<Token>,
    last: Vec<Token>,
    postcode: Vec<Token>,
    beginnings: Vec<Token>,
}

impl Sought {
    fn of(keyring: &Keyring, network: Uuid, identity: &Identity) -> Result<Self, SealError> {
        let (given, family) = (identity.given_name.reveal().as_str(), identity.family_name.reveal().as_str());
        let births = identity.birth_date.as_ref().map(|birth| *birth.reveal());
        let births = births.into_iter().flat_map(|birth| [Some(birth), turned(birth)]).flatten();
        let birth = |birth: jiff::civil::Date| {
            keyring.search_token(network, IndexPurpose::BirthDate, &birth.to_string()).map(Into::into)
        };
        let number = identity.nhs_number.as_ref().map(|number| {
            keyring.search_token(network, IndexPurpose::NhsNumber, number.as_str()).map(Into::into)
        });
        let postcode = identity.postcode.as_ref().filter(|postcode| !postcode.is_pseudo());
        let postcode =
            postcode.map(|code| keyring.search_token(network, IndexPurpose::Postcode, code.as_str()));
        let of_name = |name: &str| {
            let tokens = keyring.name_query_tokens(network, name)?;
            Ok::<Vec<Token>, SealError>(tokens.into_iter().map(Into::into).collect())
        };
        let beginnings = keyring.name_beginnings(network, &identity.full_name())?;
        Ok(Self {
            certain: births.map(birth).chain(number).collect::<Result<_, _>>()?,
            first: of_name(given)?,
            last: of_name(family)?,
            postcode: postcode.transpose()?.map(Into::into).into_iter().collect(),
            beginnings: beginnings.into_iter().map(Into::into).collect(),
        })
    }
}

/// Those who have one of the first tokens and one of the second.
#[diesel::dsl::auto_type(no_type_alias)]
fn holders(network: Uuid, (one, two): (Vec<Token>, Vec<Token>)) -> _ {
    let too = OTHERS
        .filter(OTHERS.field(t::network_id).eq(network))
        .filter(OTHERS.field(t::token).eq_any(two))
        .select(OTHERS.field(t::person_id));
    t::table
        .filter(t::network_id.eq(network))
        .filter(t::token.eq_any(one))
        .filter(t::person_id.eq_any(too))
        .select(t::person_id)
}

impl<M> PgTx<'_, M> {
    /// See `PersonReads::candidates`.
    pub(super) fn worth_comparing(&mut self, identity: &Identity) -> Result<Vec<Candidate>, StoreError> {
        let sought = Sought::of(self.keyring(), self.network_uuid(), identity).map_err(sealed)?;
        let ids = self.found_by(sought)?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<Row> = p::table
            .filter(p::network_id.eq(self.network_uuid()))
            .filter(p::person_id.eq_any(ids))
            .order(p::person_id)
            .select((p::person_id, p::sealed_identity, p::key_id, p::wrapped_key, p::in_full))
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(|row| self.candidate(row)).collect()
    }

    fn candidate(&mut self, row: Row) -> Result<Candidate, StoreError> {
        let (id, identity, key_id, wrapped_key, in_full) = row;
        let id = PersonId::from_uuid(id);
        let key = self.unwrapped(id, &PersonKeyRow { key_id, wrapped_key })?;
        let identity: Identity = key.open_json(IDENTITY, &identity).map_err(sealed)?;
        let level = if in_full { AccessLevel::Full } else { AccessLevel::Identity };
        Ok(Candidate { id, identity: identity.as_seen_with(level) })
    }

    fn found_by(&mut self, sought: Sought) -> Result<Vec<Uuid>, StoreError> {
        let network = self.network_uuid();
        let Sought { certain, first, last, postcode, beginnings } = sought;
        let by_itself = (certain.clone(), certain);
        let mut ids: Vec<Uuid> = holders(network, by_itself)
            .union(holders(network, (first, last)))
            .union(holders(network, (postcode, beginnings)))
            .load(self.conn)
            .map_err(store_error)?;
        ids.sort_unstable();
        ids.truncate(COMPARED);
        Ok(ids)
    }
}
