//! One person as far as the acting organisation may know them, and what belongs to their page.

use diesel::prelude::*;
use trellis_domain::consent::Decision;
use trellis_domain::contact::Contact;
use trellis_domain::kernel::{ContactId, DecisionId, OrganisationId, PersonId, StoreError, TypedId};
use trellis_domain::person::{AccessBasis, AccessLevel, Person};
use trellis_domain::policy::Visibility;
use uuid::Uuid;

use super::super::consent::DecisionRow;
use super::super::contact::ContactRow;
use super::super::error::store_error;
use super::super::person::PersonKeyRow;
use super::super::schema::{decisions as d, organisations as o};
use super::super::tx::PgTx;
use super::listed::coded;
use super::opened::SealedPerson;
use super::organisations::OrganisationCard;
use super::views::{contact_entries as c, visible_persons as v};

/// A person, why they are seen, and who answers for the record.
#[derive(Debug, Clone)]
pub struct PersonView {
    pub person: Person,
    pub basis: AccessBasis,
    pub custodian: OrganisationCard,
}

/// A sharing decision and the name of whom it is for.
#[derive(Debug, Clone)]
pub struct DecisionEntry {
    pub decision: Decision,
    /// Where it is for one organisation.
    pub recipient_name: Option<String>,
}

/// A contact and who made it.
#[derive(Debug, Clone)]
pub struct ContactEntry {
    pub contact: Contact,
    pub worker_name: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = v)]
pub(super) struct PersonRow {
    person_id: Uuid,
    version: i32,
    custodian_organisation_id: Uuid,
    custodian_name: String,
    custodian_kind: String,
    custodian_help_phone: String,
    sealed_identity: Vec<u8>,
    sealed_preferences: Vec<u8>,
    key_id: String,
    wrapped_key: Vec<u8>,
    level: String,
    basis: String,
    granted: Option<String>,
}

type ContactColumns = (
    (
        c::contact_id,
        c::person_id,
        c::referral_id,
        c::organisation_id,
        c::user_id,
        c::at,
        c::channel,
        c::result,
        c::minutes,
        c::sealed_note,
        c::next_step,
        c::next_due_at,
        c::taken_back_at,
    ),
    c::worker_name,
);
const CONTACT: ContactColumns = (
    (
        c::contact_id,
        c::person_id,
        c::referral_id,
        c::organisation_id,
        c::user_id,
        c::at,
        c::channel,
        c::result,
        c::minutes,
        c::sealed_note,
        c::next_step,
        c::next_due_at,
        c::taken_back_at,
    ),
    c::worker_name,
);

impl<M> PgTx<'_, M> {
    pub fn person_view(&mut self, id: PersonId) -> Result<Option<PersonView>, StoreError> {
        let row: Option<PersonRow> = v::table
            .filter(v::network_id.eq(self.network_uuid()))
            .filter(v::person_id.eq(id.uuid()))
            .select(PersonRow::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(|row| self.opened_person(row)).transpose()
    }

    pub(super) fn opened_person(&mut self, row: PersonRow) -> Result<PersonView, StoreError> {
        let key = PersonKeyRow { key_id: row.key_id, wrapped_key: row.wrapped_key };
        let sealed = SealedPerson { person: row.person_id, identity: row.sealed_identity, key };
        let identity = self.opened_identity(&sealed)?;
        let preferences = self.opened_preferences(row.person_id, &row.sealed_preferences)?;
        let words = (row.custodian_name, row.custodian_kind, row.custodian_help_phone);
        Ok(PersonView {
            person: Person {
                id: PersonId::from_uuid(row.person_id),
                custodian: OrganisationId::from_uuid(row.custodian_organisation_id),
                identity,
                preferences,
                level: coded("person_access", "level", &row.level, AccessLevel::from_code)?,
                granted: row
                    .granted
                    .map(|level| coded("person_access", "level", &level, AccessLevel::from_code))
                    .transpose()?,
                version: row.version,
            },
            basis: coded("person_access", "basis", &row.basis, AccessBasis::from_code)?,
            custodian: OrganisationCard::from_columns(row.custodian_organisation_id, words)?,
        })
    }

    /// A person's decisions, newest first, ended ones included. For those who may see the record.
    pub fn person_decisions(&mut self, person: PersonId) -> Result<Vec<DecisionEntry>, StoreError> {
        self.decision_entries(person.uuid(), None)
    }

    pub fn decision_entry(
        &mut self,
        person: PersonId,
        id: DecisionId,
    ) -> Result<Option<DecisionEntry>, StoreError> {
        Ok(self.decision_entries(person.uuid(), Some(id.uuid()))?.pop())
    }

    fn decision_entries(
        &mut self,
        person: Uuid,
        only: Option<Uuid>,
    ) -> Result<Vec<DecisionEntry>, StoreError> {
        let recipient = o::network_id
            .eq(d::network_id)
            .and(o::organisation_id.nullable().eq(d::recipient_organisation_id));
        let mut query = d::table
            .left_join(o::table.on(recipient))
            .filter(d::network_id.eq(self.network_uuid()))
            .filter(d::person_id.eq(person))
            .into_boxed();
        if let Some(id) = only {
            query = query.filter(d::decision_id.eq(id));
        }
        let rows: Vec<(DecisionRow, Option<String>)> = query
            .order((d::given_at.desc(), d::decision_id.desc()))
            .limit(500)
            .select((DecisionRow::as_select(), o::name.nullable()))
            .load(self.conn)
            .map_err(store_error)?;
        let entry =
            |(row, recipient_name)| Ok(DecisionEntry { decision: Decision::try_from(row)?, recipient_name });
        rows.into_iter().map(entry).collect()
    }

    /// The acting organisation's own contacts, newest first.
    pub fn contact_entries(
        &mut self,
        _seen: Visibility,
        person: PersonId,
        most: u16,
    ) -> Result<Vec<ContactEntry>, StoreError> {
        if !self.hold_key(person)? {
            return Ok(Vec::new());
        }
        let rows: Vec<(ContactRow, Option<String>)> = c::table
            .filter(c::network_id.eq(self.network_uuid()))
            .filter(c::organisation_id.eq(self.organisation_uuid()))
            .filter(c::person_id.eq(person.uuid()))
            .order((c::at.desc(), c::contact_id.desc()))
            .limit(i64::from(most))
            .select(CONTACT)
            .load(self.conn)
            .map_err(store_error)?;
        let entry = |(row, worker_name)| Ok(ContactEntry { contact: self.contact_from(row)?, worker_name });
        rows.into_iter().map(entry).collect()
    }

    /// One of them. None also when there is no way to the person any more.
    pub fn contact_entry(
        &mut self,
        _seen: Visibility,
        id: ContactId,
    ) -> Result<Option<ContactEntry>, StoreError> {
        let row: Option<(Uuid, (ContactRow, Option<String>))> = c::table
            .filter(c::network_id.eq(self.network_uuid()))
            .filter(c::organisation_id.eq(self.organisation_uuid()))
            .filter(c::contact_id.eq(id.uuid()))
            .select((c::person_id, CONTACT))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        let Some((person, (row, worker_name))) = row else { return Ok(None) };
        if !self.hold_key(PersonId::from_uuid(person))? {
            return Ok(None);
        }
        Ok(Some(ContactEntry { contact: self.contact_from(row)?, worker_name }))
    }
}
