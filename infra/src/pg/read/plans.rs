//! The versions of somebody's plan, with who wrote each and what it changed.

use diesel::prelude::*;
use jiff::civil::Date;
use trellis_domain::kernel::{Page, PageRequest, PersonId, PlanId, StoreError, TypedId};
use trellis_domain::plan::{Content, Plan};
use trellis_domain::tenancy::Calendars;

use super::super::error::store_error;
use super::super::plan::PlanRow;
use super::super::tx::PgTx;
use super::views::plan_entries as v;

/// One version.
#[derive(Debug, Clone)]
pub struct PlanEntry {
    pub plan: Plan,
    /// What the version before said.
    pub before: Option<Content>,
    pub organisation_name: String,
    pub writer_name: Option<String>,
    /// The day it is where the network is: what is overdue, is so then.
    pub today: Date,
}

/// The plan, whoever wrote it, and for whom.
type Row = (PlanRow, String, Option<String>);

type Columns = (
    (v::plan_id, v::person_id, v::version, v::organisation_id, v::user_id, v::saved_at, v::sealed_content),
    v::organisation_name,
    v::writer_name,
);
const COLUMNS: Columns = (
    (v::plan_id, v::person_id, v::version, v::organisation_id, v::user_id, v::saved_at, v::sealed_content),
    v::organisation_name,
    v::writer_name,
);

impl<M> PgTx<'_, M> {
    /// The newest version, or the one asked for.
    pub fn plan_entry(
        &mut self,
        person: PersonId,
        version: Option<i32>,
    ) -> Result<Option<PlanEntry>, StoreError> {
        let rows = self.plan_rows(person, version.unwrap_or(i32::MAX), 2)?;
        let entry = self.plan_entries_of(rows)?.into_iter().next();
        Ok(entry.filter(|entry| version.is_none_or(|asked| entry.plan.version == asked)))
    }

    /// The same of one that was just saved.
    pub fn plan_entry_of(&mut self, person: PersonId, id: PlanId) -> Result<Option<PlanEntry>, StoreError> {
        let Some(plan) = self.plan_version(id)? else { return Ok(None) };
        self.plan_entry(person, Some(plan.version))
    }

    /// The newest first.
    pub fn plan_versions(
        &mut self,
        person: PersonId,
        page: &PageRequest<i32>,
    ) -> Result<Page<PlanEntry>, StoreError> {
        let newest = page.after().map_or(i32::MAX, |after| after.saturating_sub(1));
        // The row that says that more follow is what the last of the page came from.
        let rows = self.plan_rows(person, newest, i64::from(page.first()) + 1)?;
        Ok(Page::from_fetched(self.plan_entries_of(rows)?, page.first(), None))
    }

    fn plan_rows(&mut self, person: PersonId, newest: i32, most: i64) -> Result<Vec<Row>, StoreError> {
        v::table
            .filter(v::network_id.eq(self.network_uuid()))
            .filter(v::person_id.eq(person.uuid()))
            .filter(v::version.le(newest))
            .order(v::version.desc())
            .limit(most)
            .select(COLUMNS)
            .load(self.conn)
            .map_err(store_error)
    }

    fn plan_entries_of(&mut self, rows: Vec<Row>) -> Result<Vec<PlanEntry>, StoreError> {
        let today = self.op().now().to_zoned(self.calendar().zone().clone()).date();
        let mut entries: Vec<PlanEntry> = Vec::with_capacity(rows.len());
        for (row, organisation_name, writer_name) in rows {
            let plan = self.plan_from(row)?;
            if let Some(later) = entries.last_mut() {
                later.before = Some(plan.content.clone());
            }
            entries.push(PlanEntry { plan, before: None, organisation_name, writer_name, today });
        }
        Ok(entries)
    }
}
