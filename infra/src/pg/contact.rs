//! Contacts: the row, and what every list keeps of it on the referral.

use diesel::prelude::*;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::contact::{Contact, ContactResult, ContactWrites, NextStep};
use trellis_domain::kernel::{
    ContactId, OrganisationId, PersonId, Prose, ReferralId, StoreError, TypedId, UserId,
};
use trellis_domain::person::Channel;
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::person::sealed;
use super::schema::{contacts, referral_marks};
use super::time::{instant, instant_option, stored, stored_option};
use super::tx::{PgTx, ReadWrite};
use crate::seal::Field;

fn note_field(contact: Uuid) -> Field {
    Field::of_row("contacts.note", contact)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = contacts)]
pub(crate) struct ContactRow {
    contact_id: Uuid,
    person_id: Uuid,
    referral_id: Uuid,
    organisation_id: Uuid,
    user_id: Option<Uuid>,
    at: Stored,
    channel: String,
    result: String,
    minutes: i16,
    sealed_note: Option<Vec<u8>>,
    next_step: Option<String>,
    next_due_at: Option<Stored>,
    taken_back_at: Option<Stored>,
}

impl<M> PgTx<'_, M> {
    /// One of the acting organisation's own contacts.
    fn own_contact(&mut self, id: ContactId) -> Result<Option<Contact>, StoreError> {
        use contacts as c;
        let row: Option<ContactRow> = c::table
            .filter(c::network_id.eq(self.network_uuid()))
            .filter(c::organisation_id.eq(self.organisation_uuid()))
            .filter(c::contact_id.eq(id.uuid()))
            .select(ContactRow::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        match row {
            Some(row) if self.hold_key(PersonId::from_uuid(row.person_id))? => {
                self.contact_from(row).map(Some)
            }
            _ => Ok(None),
        }
    }

    pub(crate) fn contact_from(&self, row: ContactRow) -> Result<Contact, StoreError> {
        let wrong = |column| move || inconsistent("contacts", column);
        let person = PersonId::from_uuid(row.person_id);
        let key = self.known_key(person).ok_or(StoreError::Sealed)?;
        let open = |bytes: Vec<u8>| -> Result<Prose, StoreError> {
            let text = key.open_text(note_field(row.contact_id), &bytes).map_err(sealed)?;
            Prose::parse(&text).map_err(|_| inconsistent("contacts", "sealed_note"))
        };
        let next = match row.next_step.zip(row.next_due_at) {
            Some((step, due)) => {
                Some((NextStep::from_code(&step).ok_or_else(wrong("next_step"))?, instant(due)))
            }
            None => None,
        };
        Ok(Contact {
            id: ContactId::from_uuid(row.contact_id),
            person,
            referral: ReferralId::from_uuid(row.referral_id),
            organisation: OrganisationId::from_uuid(row.organisation_id),
            user: row.user_id.map(UserId::from_uuid),
            at: instant(row.at),
            channel: Channel::from_code(&row.channel).ok_or_else(wrong("channel"))?,
            result: ContactResult::from_code(&row.result).ok_or_else(wrong("result"))?,
            minutes: u16::try_from(row.minutes).map_err(|_| inconsistent("contacts", "minutes"))?,
            note: row.sealed_note.map(open).transpose()?,
            next,
            taken_back_at: instant_option(row.taken_back_at),
        })
    }
}

impl ContactWrites for PgTx<'_, ReadWrite> {
    fn insert_contact(&mut self, contact: &Contact) -> Result<(), StoreError> {
        use {contacts as c, referral_marks as m};
        let field = note_field(contact.id.uuid());
        let note =
            contact.note.as_ref().map(|note| self.seal_text(contact.person, field, note)).transpose()?;
        let minutes = i16::try_from(contact.minutes).map_err(|_| inconsistent("contacts", "minutes"))?;
        diesel::insert_into(c::table)
            .values((
                c::network_id.eq(self.network_uuid()),
                c::contact_id.eq(contact.id.uuid()),
                c::person_id.eq(contact.person.uuid()),
                c::referral_id.eq(contact.referral.uuid()),
                c::organisation_id.eq(contact.organisation.uuid()),
                c::user_id.eq(contact.user.map(TypedId::uuid)),
                c::at.eq(stored(contact.at)),
                c::channel.eq(contact.channel.code()),
                c::result.eq(contact.result.code()),
                c::minutes.eq(minutes),
                c::sealed_note.eq(note),
                c::next_step.eq(contact.next.map(|(step, _)| step.code())),
                c::next_due_at.eq(stored_option(contact.next.map(|(_, due)| due))),
            ))
            .execute(self.conn)
            .map_err(store_error)?;
        let this = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::referral_id.eq(contact.referral.uuid()));
        diesel::update(this)
            .set((
                m::latest_contact_at.eq(stored(contact.at)),
                m::latest_contact_result.eq(contact.result.code()),
            ))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }

    fn contact(&mut self, id: ContactId) -> Result<Option<Contact>, StoreError> {
        self.own_contact(id)
    }

    fn save_taken_back(&mut self, contact: &Contact) -> Result<(), StoreError> {
        use {contacts as c, referral_marks as m};
        let network = self.network_uuid();
        diesel::update(c::table)
            .filter(c::network_id.eq(network))
            .filter(c::contact_id.eq(contact.id.uuid()))
            .set(c::taken_back_at.eq(stored_option(contact.taken_back_at)))
            .execute(self.conn)
            .map_err(store_error)?;
        let latest: Option<(Stored, String)> = c::table
            .filter(c::network_id.eq(network))
            .filter(c::referral_id.eq(contact.referral.uuid()))
            .filter(c::taken_back_at.is_null())
            .order((c::at.desc(), c::contact_id.desc()))
            .select((c::at, c::result))
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        let (at, result) = latest.unzip();
        diesel::update(m::table)
            .filter(m::network_id.eq(network))
            .filter(m::referral_id.eq(contact.referral.uuid()))
            .set((m::latest_contact_at.eq(at), m::latest_contact_result.eq(result)))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}
