//! Emergency openings as two sides see them: whoever opened, and whoever keeps the record and has to review it. The
//! reason and the name are opened for whoever has a way to the person at that moment, and the look is recorded.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types;
use trellis_domain::emergency::Opening;
use trellis_domain::kernel::{OrganisationId, Page, PageRequest, PersonId, StoreError, TypedId};
use trellis_domain::policy::{Action, Visibility};
use trellis_domain::referral::{Risk, StageName};
use uuid::Uuid;

use super::super::emergency::{OpeningRow, reason_field};
use super::super::error::{inconsistent, store_error};
use super::super::person::sealed;
use super::super::schema::{emergency_openings as e, memberships as m, organisations as o};
use super::super::time::stored;
use super::super::tx::PgTx;
use super::listed::{TimeKey, coded, whose};

/// One line of the list.
#[derive(Debug, Clone)]
pub struct EmergencyEntry {
    pub opening: Opening,
    /// None for whoever has no way to the person any more.
    pub person_name: Option<String>,
    pub reason: Option<String>,
    pub opened_by: Option<String>,
    pub organisation_name: String,
    pub custodian_name: String,
}

impl EmergencyEntry {
    pub fn key(&self) -> TimeKey {
        TimeKey { at: self.opening.opened_at, id: self.opening.id.uuid() }
    }
}

/// Somebody who helps the person, for whoever has opened the record in an emergency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Helping {
    pub organisation_name: String,
    pub help_phone: String,
    pub service_name: String,
    pub stage: StageName,
    pub risk: Risk,
}

#[derive(QueryableByName)]
struct HelpingRow {
    #[diesel(sql_type = sql_types::Text)]
    organisation_name: String,
    #[diesel(sql_type = sql_types::Text)]
    help_phone: String,
    #[diesel(sql_type = sql_types::Text)]
    service_name: String,
    #[diesel(sql_type = sql_types::Text)]
    stage: String,
    #[diesel(sql_type = sql_types::Text)]
    risk: String,
}

impl<M> PgTx<'_, M> {
    /// Newest first. `waiting`: only those whose review the acting organisation owes.
    pub fn emergencies(
        &mut self,
        seen: Visibility,
        waiting: bool,
        page: &PageRequest<TimeKey>,
    ) -> Result<Page<EmergencyEntry>, StoreError> {
        let (organisation, user) = whose(seen);
        let mut query = e::table.filter(e::network_id.eq(self.network_uuid())).into_boxed();
        query = match user {
            Some(user) => query.filter(e::organisation_id.eq(organisation).and(e::user_id.eq(user.uuid()))),
            None => query.filter(
                e::organisation_id.eq(organisation).or(e::custodian_organisation_id.eq(organisation)),
            ),
        };
        if waiting {
            query = query.filter(e::custodian_organisation_id.eq(organisation).and(e::reviewed_at.is_null()));
        }
        if let Some(after) = page.after() {
            let at = stored(after.at);
            query = query.filter(e::opened_at.lt(at).or(e::opened_at.eq(at).and(e::opening_id.lt(after.id))));
        }
        let rows: Vec<OpeningRow> = query
            .order((e::opened_at.desc(), e::opening_id.desc()))
            .limit(i64::from(page.first()) + 1)
            .select(OpeningRow::as_select())
            .load(self.conn)
            .map_err(store_error)?;
        let fetched = Page::from_fetched(rows, page.first(), None);
        let names = self.names_in(&fetched.rows)?;
        let entries: Vec<EmergencyEntry> = fetched
            .rows
            .into_iter()
            .map(|row| self.emergency_entry(row, &names))
            .collect::<Result<_, _>>()?;
        let shown = entries.iter().filter(|entry| entry.person_name.is_some());
        let persons = shown.map(|entry| entry.opening.person.uuid()).collect();
        self.audit_page(Action::ListEmergencies, persons);
        Ok(Page { rows: entries, has_more: fetched.has_more, total: None })
    }

    /// Who helps the person now. Nobody unless the acting organisation has opened the record in an emergency.
    pub fn helping_in_emergency(&mut self, person: PersonId) -> Result<Vec<Helping>, StoreError> {
        let rows: Vec<HelpingRow> = diesel::sql_query("SELECT * FROM helping_in_emergency($1)")
            .bind::<sql_types::Uuid, _>(person.uuid())
            .load(self.conn)
            .map_err(store_error)?;
        let line = |row: HelpingRow| {
            Ok(Helping {
                stage: coded("referrals", "stage", &row.stage, StageName::from_code)?,
                risk: coded("referrals", "risk", &row.risk, Risk::from_code)?,
                organisation_name: row.organisation_name,
                help_phone: row.help_phone,
                service_name: row.service_name,
            })
        };
        rows.into_iter().map(line).collect()
    }

    pub fn emergency_entry_of(&mut self, opening: &Opening) -> Result<Option<EmergencyEntry>, StoreError> {
        let Some(row) = self.opening_row(opening.id)? else { return Ok(None) };
        let names = self.names_in(std::slice::from_ref(&row))?;
        self.emergency_entry(row, &names).map(Some)
    }

    /// The opening of the person's record that is under way for whoever acts.
    pub fn emergency_of(&mut self, person: PersonId) -> Result<Option<Opening>, StoreError> {
        let now = stored(self.op().now());
        let Some(user) = self.op().user() else { return Ok(None) };
        let row: Option<OpeningRow> = e::table
            .filter(e::network_id.eq(self.network_uuid()))
            .filter(e::organisation_id.eq(self.organisation_uuid()))
            .filter(e::user_id.eq(user.uuid()))
            .filter(e::person_id.eq(person.uuid()))
            .filter(e::closed_at.is_null().and(e::until.gt(now)))
            .order(e::opened_at.desc())
            .select(OpeningRow::as_select())
            .first(self.conn)
            .optional()
            .map_err(store_error)?;
        row.as_ref().map(Opening::try_from).transpose()
    }

    fn emergency_entry(&mut self, row: OpeningRow, names: &Names) -> Result<EmergencyEntry, StoreError> {
        let opening = Opening::try_from(&row)?;
        let view = self.person_view(opening.person)?;
        let reason = match (&view, row.sealed_reason) {
            (Some(_), Some(reason)) => {
                let key = self.known_key(opening.person).ok_or(StoreError::Sealed)?;
                Some(key.open_text(reason_field(row.opening_id), &reason).map_err(sealed)?)
            }
            _ => None,
        };
        Ok(EmergencyEntry {
            person_name: view.map(|view| view.person.identity.full_name()),
            reason,
            opened_by: names.people.get(&(opening.organisation.uuid(), opening.user.uuid())).cloned(),
            organisation_name: names.of(opening.organisation)?,
            custodian_name: names.of(opening.custodian)?,
            opening,
        })
    }

    /// For a page at once: two statements, however many lines it has.
    fn names_in(&mut self, rows: &[OpeningRow]) -> Result<Names, StoreError> {
        let openings = rows.iter().map(Opening::try_from).collect::<Result<Vec<_>, _>>()?;
        let users = openings.iter().map(|opening| opening.user.uuid());
        let places = openings.iter().flat_map(|opening| [opening.organisation, opening.custodian]);
        // Somebody who came back has two rows: the one written last is collected last.
        let people: Vec<((Uuid, Uuid), String)> = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::user_id.eq_any(users))
            .filter(m::organisation_id.is_not_null())
            .order(m::created_at)
            .select(((m::organisation_id.assume_not_null(), m::user_id), m::name))
            .load(self.conn)
            .map_err(store_error)?;
        let organisations: Vec<(Uuid, String)> = o::table
            .filter(o::network_id.eq(self.network_uuid()))
            .filter(o::organisation_id.eq_any(places.map(TypedId::uuid)))
            .select((o::organisation_id, o::name))
            .load(self.conn)
            .map_err(store_error)?;
        Ok(Names { people: people.into_iter().collect(), organisations: organisations.into_iter().collect() })
    }
}

/// Of whoever opened, by organisation and login; and of organisations.
struct Names {
    people: HashMap<(Uuid, Uuid), String>,
    organisations: HashMap<Uuid, String>,
}

impl Names {
    fn of(&self, organisation: OrganisationId) -> Result<String, StoreError> {
        let known = self.organisations.get(&organisation.uuid()).cloned();
        known.ok_or_else(|| inconsistent("emergency_openings", "organisation_id"))
    }
}
