//! Emergency openings. The record is found and opened by one function of the database, which leaves its row or answers
//! nothing; the reason is sealed with the key of the person whose record it opened.

use diesel::prelude::*;
use diesel::sql_types;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::emergency::{
    EmergencyReads, EmergencyWrites, Find, Found, Opening, Review, ReviewVerdict, Wanted,
};
use trellis_domain::kernel::{
    EmergencyOpeningId, OrganisationId, PersonAccessId, PersonId, StoreError, TypedId, UserId,
};
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::person::{likeness, sealed};
use super::schema::emergency_openings as e;
use super::time::{instant, instant_option, stored, stored_option};
use super::tx::{PgTx, ReadWrite};
use crate::seal::{Field, IndexPurpose};

pub(crate) fn reason_field(opening: Uuid) -> Field {
    Field::of_row("emergency_openings.reason", opening)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = e)]
pub(crate) struct OpeningRow {
    pub(crate) opening_id: Uuid,
    person_id: Uuid,
    custodian_organisation_id: Uuid,
    organisation_id: Uuid,
    user_id: Uuid,
    opened_at: Stored,
    until: Stored,
    closed_at: Option<Stored>,
    reviewed_at: Option<Stored>,
    reviewed_by: Option<Uuid>,
    verdict: Option<String>,
    pub(crate) sealed_reason: Option<Vec<u8>>,
}

impl TryFrom<&OpeningRow> for Opening {
    type Error = StoreError;

    fn try_from(row: &OpeningRow) -> Result<Self, StoreError> {
        let verdict = row.verdict.as_deref().map(|code| {
            ReviewVerdict::from_code(code).ok_or_else(|| inconsistent("emergency_openings", "verdict"))
        });
        let review = instant_option(row.reviewed_at).zip(row.reviewed_by).zip(verdict.transpose()?);
        Ok(Self {
            id: EmergencyOpeningId::from_uuid(row.opening_id),
            person: PersonId::from_uuid(row.person_id),
            custodian: OrganisationId::from_uuid(row.custodian_organisation_id),
            organisation: OrganisationId::from_uuid(row.organisation_id),
            user: UserId::from_uuid(row.user_id),
            opened_at: instant(row.opened_at),
            until: instant(row.until),
            closed_at: instant_option(row.closed_at),
            review: review.map(|((at, by), verdict)| Review { at, by: UserId::from_uuid(by), verdict }),
        })
    }
}

/// Of the NHS number, or of what two records of somebody share.
type Indexes = (Option<Vec<u8>>, Option<Vec<u8>>);

#[derive(QueryableByName)]
struct FoundRow {
    #[diesel(sql_type = sql_types::Uuid)]
    person_id: Uuid,
    #[diesel(sql_type = sql_types::Uuid)]
    custodian_organisation_id: Uuid,
    #[diesel(sql_type = sql_types::Bool)]
    opened: bool,
}

impl<M> PgTx<'_, M> {
    pub(super) fn opening_row(&mut self, id: EmergencyOpeningId) -> Result<Option<OpeningRow>, StoreError> {
        e::table
            .find((self.network_uuid(), id.uuid()))
            .select(OpeningRow::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)
    }
}

impl PgTx<'_, ReadWrite> {
    /// The keyed indexes of the one person meant.
    fn indexes_of(&self, find: &Find) -> Result<Indexes, StoreError> {
        let (keyring, network) = (self.keyring(), self.network_uuid());
        match find {
            Find::NhsNumber(number) => {
                let index = keyring.index(network, IndexPurpose::NhsNumber, number.as_str());
                Ok((Some(index.map_err(sealed)?.to_vec()), None))
            }
            Find::Likeness { family_name, birth_date, postcode } => {
                let like = (family_name.reveal(), *birth_date.reveal(), postcode);
                Ok((None, Some(likeness(keyring, network, like).map_err(sealed)?.to_vec())))
            }
        }
    }

    fn keep_reason(&mut self, wanted: &Wanted<'_>, person: PersonId) -> Result<(), StoreError> {
        if !self.hold_key(person)? {
            return Err(StoreError::Sealed);
        }
        let key = self.known_key(person).ok_or(StoreError::Sealed)?;
        let field = reason_field(wanted.id.uuid());
        let reason = key.seal_text(field, wanted.reason.reveal().as_str()).map_err(sealed)?;
        diesel::update(e::table.find((self.network_uuid(), wanted.id.uuid())))
            .set(e::sealed_reason.eq(reason))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}

impl<M> EmergencyReads for PgTx<'_, M> {
    fn opening(&mut self, id: EmergencyOpeningId) -> Result<Option<Opening>, StoreError> {
        self.opening_row(id)?.as_ref().map(Opening::try_from).transpose()
    }
}

impl EmergencyWrites for PgTx<'_, ReadWrite> {
    fn open_in_emergency(&mut self, wanted: Wanted<'_>) -> Result<Found, StoreError> {
        let (nhs_number, like) = self.indexes_of(wanted.find)?;
        let access: PersonAccessId = self.op().new_id();
        let row: Option<FoundRow> =
            diesel::sql_query("SELECT * FROM open_in_emergency($1, $2, $3, $4, $5, $6)")
                .bind::<sql_types::Uuid, _>(wanted.id.uuid())
                .bind::<sql_types::Uuid, _>(access.uuid())
                .bind::<sql_types::Nullable<sql_types::Binary>, _>(nhs_number)
                .bind::<sql_types::Nullable<sql_types::Binary>, _>(like)
                .bind::<sql_types::Uuid, _>(wanted.user.uuid())
                .bind::<sql_types::Timestamptz, _>(stored(wanted.until))
                .get_result(self.conn)
                .optional()
                .map_err(store_error)?;
        let Some(row) = row else { return Ok(Found::Nobody) };
        let person = PersonId::from_uuid(row.person_id);
        if !row.opened {
            return Ok(Found::OpenAlready(person));
        }
        self.keep_reason(&wanted, person)?;
        let organisation = OrganisationId::from_uuid(self.organisation_uuid());
        Ok(Found::Opened(Opening {
            id: wanted.id,
            person,
            custodian: OrganisationId::from_uuid(row.custodian_organisation_id),
            organisation,
            user: wanted.user,
            opened_at: self.op().now(),
            until: wanted.until,
            closed_at: None,
            review: None,
        }))
    }

    fn lock_opening(&mut self, id: EmergencyOpeningId) -> Result<Option<Opening>, StoreError> {
        let row: Option<OpeningRow> = e::table
            .find((self.network_uuid(), id.uuid()))
            .select(OpeningRow::as_select())
            .for_update()
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.as_ref().map(Opening::try_from).transpose()
    }

    fn save_opening(&mut self, opening: &Opening) -> Result<(), StoreError> {
        let review = opening.review;
        diesel::update(e::table.find((self.network_uuid(), opening.id.uuid())))
            .set((
                e::closed_at.eq(stored_option(opening.closed_at)),
                e::reviewed_at.eq(stored_option(review.map(|review| review.at))),
                e::reviewed_by.eq(review.map(|review| review.by.uuid())),
                e::verdict.eq(review.map(|review| review.verdict.code())),
            ))
            .execute(self.conn)
            .map_err(store_error)?;
        if opening.closed_at.is_none() {
            return Ok(());
        }
        diesel::sql_query("SELECT end_emergency_access($1)")
            .bind::<sql_types::Uuid, _>(opening.id.uuid())
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}
