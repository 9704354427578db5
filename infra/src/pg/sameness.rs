//! What an organisation has said of two records: one answer for a pair stands at a time, and all of them stay.

use diesel::prelude::*;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{MatchId, OrganisationId, PersonId, StoreError, TypedId, UserId};
use trellis_domain::sameness::{Same, SamenessWrites, Verdict};
use uuid::Uuid;

use super::error::{inconsistent, store_error};
use super::schema::person_matches as m;
use super::time::{instant, stored};
use super::tx::{PgTx, ReadWrite};

#[derive(Queryable, Selectable)]
#[diesel(table_name = m)]
struct MatchRow {
    match_id: Uuid,
    organisation_id: Uuid,
    person_id: Uuid,
    other_person_id: Uuid,
    verdict: String,
    decided_at: Stored,
    decided_by: Option<Uuid>,
    taken_back_at: Option<Stored>,
}

impl TryFrom<MatchRow> for Same {
    type Error = StoreError;

    fn try_from(row: MatchRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: MatchId::from_uuid(row.match_id),
            organisation: OrganisationId::from_uuid(row.organisation_id),
            pair: (PersonId::from_uuid(row.person_id), PersonId::from_uuid(row.other_person_id)),
            verdict: Verdict::from_code(&row.verdict)
                .ok_or_else(|| inconsistent("person_matches", "verdict"))?,
            decided_at: instant(row.decided_at),
            decided_by: row.decided_by.map(UserId::from_uuid),
            taken_back_at: row.taken_back_at.map(instant),
        })
    }
}

impl<M> PgTx<'_, M> {
    /// What stands of a person's record and others', the latest first.
    pub fn matches_of(&mut self, person: PersonId) -> Result<Vec<Same>, StoreError> {
        let rows: Vec<MatchRow> = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::organisation_id.eq(self.organisation_uuid()))
            .filter(m::person_id.eq(person.uuid()).or(m::other_person_id.eq(person.uuid())))
            .filter(m::taken_back_at.is_null())
            .order(m::match_id.desc())
            .select(MatchRow::as_select())
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(Same::try_from).collect()
    }

    /// Whether it stands or not.
    pub fn person_match(&mut self, id: MatchId) -> Result<Option<Same>, StoreError> {
        let row: Option<MatchRow> = m::table
            .find((self.network_uuid(), id.uuid()))
            .select(MatchRow::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(Same::try_from).transpose()
    }
}

impl SamenessWrites for PgTx<'_, ReadWrite> {
    fn lock_standing(&mut self, (one, two): (PersonId, PersonId)) -> Result<Option<Same>, StoreError> {
        let row: Option<MatchRow> = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::organisation_id.eq(self.organisation_uuid()))
            .filter(m::person_id.eq(one.uuid()))
            .filter(m::other_person_id.eq(two.uuid()))
            .filter(m::taken_back_at.is_null())
            .select(MatchRow::as_select())
            .for_update()
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(Same::try_from).transpose()
    }

    fn lock_match(&mut self, id: MatchId) -> Result<Option<Same>, StoreError> {
        let row: Option<MatchRow> = m::table
            .find((self.network_uuid(), id.uuid()))
            .select(MatchRow::as_select())
            .for_update()
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.map(Same::try_from).transpose()
    }

    fn insert_match(&mut self, same: &Same) -> Result<(), StoreError> {
        let (one, two) = same.pair;
        let rows = diesel::insert_into(m::table)
            .values((
                m::network_id.eq(self.network_uuid()),
                m::match_id.eq(same.id.uuid()),
                m::organisation_id.eq(same.organisation.uuid()),
                m::person_id.eq(one.uuid()),
                m::other_person_id.eq(two.uuid()),
                m::verdict.eq(same.verdict.code()),
                m::decided_at.eq(stored(same.decided_at)),
                m::decided_by.eq(same.decided_by.map(TypedId::uuid)),
            ))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .map_err(store_error)?;
        if rows == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    fn save_taken_back(&mut self, same: &Same) -> Result<(), StoreError> {
        let user = self.op().user().map(TypedId::uuid);
        diesel::update(m::table.find((self.network_uuid(), same.id.uuid())))
            .set((m::taken_back_at.eq(same.taken_back_at.map(stored)), m::taken_back_by.eq(user)))
            .execute(self.conn)
            .map_err(store_error)
            .map(|_| ())
    }
}
