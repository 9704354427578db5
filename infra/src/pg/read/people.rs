//! Finding somebody again, among the people the acting organisation has unended access to and nobody else.
//! What was typed is turned into keyed tokens; it reaches neither the database nor a log.

use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::prelude::*;
use jiff::civil::Date;
use trellis_domain::kernel::{NhsNumber, Page, PageRequest, PersonId, Postcode, StoreError, TypedId, UserId};
use trellis_domain::policy::{Action, Visibility};
use trellis_domain::referral::Reference;
use uuid::Uuid;

use super::super::error::store_error;
use super::super::person::{PersonKeyRow, sealed};
use super::super::schema::{events, person_tokens as t, referrals as r};
use super::super::tx::PgTx;
use super::listed::{counted, whose};
use super::opened::SealedPerson;
use super::views::person_summaries as p;
use crate::seal::{IndexPurpose, Keyring, SealError};

/// Enough to tell one person from another.
#[derive(Debug, Clone)]
pub struct PersonSummary {
    pub id: PersonId,
    pub name: String,
    /// None also where the acting organisation has less than the whole record.
    pub birth_date: Option<Date>,
    pub postcode: Option<String>,
    pub open_referrals: u64,
}

type Row = (Uuid, Vec<u8>, String, Vec<u8>, i64, bool);

impl<M> PgTx<'_, M> {
    /// By name, NHS number, date of birth, postcode or reference. Nothing typed finds nobody.
    pub fn people(
        &mut self,
        seen: Visibility,
        typed: &str,
        page: &PageRequest<Uuid>,
    ) -> Result<Page<PersonSummary>, StoreError> {
        let network = self.network_uuid();
        let Some(mut query) = asked(self.keyring(), network, typed).map_err(sealed)? else {
            return Ok(Page { rows: Vec::new(), has_more: false, total: None });
        };
        if let (_, Some(user)) = whose(seen) {
            query = own(query, network, user);
        }
        if let Some(after) = page.after() {
            query = query.filter(p::person_id.gt(*after));
        }
        let rows: Vec<Row> = query
            .order(p::person_id)
            .limit(i64::from(page.first()) + 1)
            .select((
                p::person_id,
                p::sealed_identity,
                p::key_id,
                p::wrapped_key,
                p::open_referrals,
                p::in_full,
            ))
            .load(self.conn)
            .map_err(store_error)?;
        let fetched = Page::from_fetched(rows, page.first(), None);
        self.audit_page(Action::SearchPeople, fetched.rows.iter().map(|row| row.0).collect());
        let rows = fetched.rows.into_iter().map(|row| self.found(row)).collect::<Result<_, _>>()?;
        Ok(Page { rows, has_more: fetched.has_more, total: None })
    }

    fn found(&mut self, row: Row) -> Result<PersonSummary, StoreError> {
        let (person, identity, key_id, wrapped_key, open_referrals, in_full) = row;
        let key = PersonKeyRow { key_id, wrapped_key };
        let identity = self.opened_identity(&SealedPerson { person, identity, key })?;
        let birth = identity.birth_date.as_ref().filter(|_| in_full);
        Ok(PersonSummary {
            id: PersonId::from_uuid(person),
            name: identity.full_name(),
            birth_date: birth.map(|birth| *birth.reveal()),
            postcode: identity.postcode.as_ref().map(|postcode| postcode.as_str().to_owned()),
            open_referrals: counted(open_referrals),
        })
    }
}

type Query = p::BoxedQuery<'static, Pg>;

/// The question that what was typed asks; None when it asks nothing.
fn asked(keyring: &Keyring, network: Uuid, typed: &str) -> Result<Option<Query>, SealError> {
    let all = || p::table.filter(p::network_id.eq(network)).into_boxed();
    // A reference has six characters, and so have some names: both are looked for.
    let referred = Reference::parse(typed).map(|reference| {
        r::table
            .filter(r::network_id.eq(network))
            .filter(r::reference.eq(reference.as_str().to_owned()))
            .select(r::person_id)
    });
    let (tokens, in_full) = tokens(keyring, network, typed)?;
    if tokens.is_empty() {
        return Ok(referred.map(|referred| all().filter(p::person_id.eq_any(referred))));
    }
    let mut query = all();
    // What a limited agreement does not share is not to be guessed by looking for it either.
    if in_full {
        query = query.filter(p::in_full);
    }
    for token in tokens {
        let named =
            t::table.filter(t::network_id.eq(network)).filter(t::token.eq(token)).select(t::person_id);
        query = query.filter(p::person_id.eq_any(named));
    }
    Ok(Some(match referred {
        Some(referred) => query.or_filter(p::network_id.eq(network).and(p::person_id.eq_any(referred))),
        None => query,
    }))
}

/// All of which a match must have, and whether they are of what only a whole record shows.
fn tokens(keyring: &Keyring, network: Uuid, typed: &str) -> Result<(Vec<Vec<u8>>, bool), SealError> {
    let token =
        |purpose, text: &str| keyring.search_token(network, purpose, text).map(|token| token.to_vec());
    if let Ok(number) = NhsNumber::parse(typed) {
        return Ok((vec![token(IndexPurpose::NhsNumber, number.as_str())?], true));
    }
    if let Ok(postcode) = Postcode::parse(typed) {
        return Ok((vec![token(IndexPurpose::Postcode, postcode.as_str())?], false));
    }
    if let Some(date) = date(typed) {
        return Ok((vec![token(IndexPurpose::BirthDate, &date.to_string())?], true));
    }
    let (dates, names): (Vec<&str>, Vec<&str>) =
        typed.split_whitespace().partition(|word| date(word).is_some());
    let mut tokens: Vec<Vec<u8>> = keyring
        .name_query_tokens(network, &names.join(" "))?
        .into_iter()
        .map(|token| token.to_vec())
        .collect();
    let in_full = !dates.is_empty();
    for date in dates.into_iter().filter_map(date) {
        tokens.push(token(IndexPurpose::BirthDate, &date.to_string())?);
    }
    Ok((tokens, in_full))
}

/// As people write a date of birth.
fn date(typed: &str) -> Option<Date> {
    let typed = typed.trim();
    ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y"]
        .into_iter()
        .find_map(|form| Date::strptime(form, typed).ok())
        .filter(|date| date.year() > 1850)
}

/// Those whom the user registered or referred, and those whose record came over from another organisation: whoever registered
/// them is not there to look for them.
fn own(query: Query, network: Uuid, user: UserId) -> Query {
    // Of each who is found, by the indexes of the person: between two alternatives a list of all would be made first.
    let referred = r::table
        .filter(r::network_id.eq(network))
        .filter(r::person_id.eq(p::person_id))
        .filter(r::from_user_id.eq(user.uuid()));
    let registered = events::name.eq("person.registered").and(events::actor_id.eq(user.uuid()));
    let known = events::table
        .filter(events::network_id.eq(network))
        .filter(events::person_id.eq(p::person_id.nullable()))
        .filter(registered.or(events::name.eq("custody.handed_over")));
    query.filter(exists(referred).or(exists(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_birth_is_read_as_people_write_it() {
        for typed in ["1959-05-04", "04/05/1959", "4/5/1959", "4 May 1959", " 4.5.1959 "] {
            assert_eq!(date(typed), Some(jiff::civil::date(1959, 5, 4)), "{typed}");
        }
        assert_eq!(date("Jo Park"), None);
    }
}
