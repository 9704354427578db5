//! The caseload: open referrals that hold a place, by due time. One statement; the names are opened, and one audit
//! entry names everybody on the page.

use diesel::pg::Pg;
use diesel::prelude::*;
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use serde_json::Value;
use trellis_domain::contact::{ContactResult, NextStep};
use trellis_domain::kernel::{Page, PageRequest, PersonId, ReferralId, StoreError, TypedId, UserId};
use trellis_domain::person::{Channel, Format};
use trellis_domain::policy::{Action, Visibility};
use trellis_domain::referral::workload::Work;
use trellis_domain::referral::{Brief, Need, Risk, StageName};
use uuid::Uuid;

use super::super::error::{inconsistent, store_error};
use super::super::person::PersonKeyRow;
use super::super::time::{instant, instant_option, stored};
use super::super::tx::PgTx;
use super::listed::{TimeKey, coded, counted, whose};
use super::opened::SealedPerson;
use super::views::caseload as c;

#[derive(Debug, Clone, Default)]
pub struct CaseloadFilter {
    /// Empty: all.
    pub stages: Vec<StageName>,
    pub overdue_only: bool,
    /// One colleague's, for those who see the whole team's.
    pub worker: Option<UserId>,
    /// Nobody's yet.
    pub unassigned: bool,
    /// Any of these. Empty: whatever they are.
    pub needs: Vec<Need>,
}

/// One person whom somebody is helping.
#[derive(Debug, Clone)]
pub struct CaseloadRow {
    pub referral: ReferralId,
    pub reference: String,
    pub version: i32,
    pub person: PersonId,
    pub person_name: String,
    pub service_name: String,
    pub stage: StageName,
    pub due: Timestamp,
    pub next_step: Option<NextStep>,
    pub latest_contact: Option<(Timestamp, ContactResult)>,
    pub unread: i32,
    pub worker_name: Option<String>,
    pub needs: Vec<Need>,
    /// How much work it is: see the domain's rule.
    pub weight: u32,
    pub risk: Risk,
    pub reach_by: Channel,
    pub format: Format,
}

impl CaseloadRow {
    pub fn key(&self) -> TimeKey {
        TimeKey { at: self.due, id: self.referral.uuid() }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = c)]
struct Row {
    due_at: Stored,
    referral_id: Uuid,
    reference: String,
    version: i32,
    person_id: Uuid,
    stage: String,
    next_step: Option<String>,
    latest_contact_at: Option<Stored>,
    latest_contact_result: Option<String>,
    unread: i32,
    risk: String,
    service_name: String,
    worker_name: Option<String>,
    sealed_identity: Vec<u8>,
    sealed_preferences: Vec<u8>,
    key_id: String,
    wrapped_key: Vec<u8>,
    brief: Value,
}

impl<M> PgTx<'_, M> {
    /// A page by due time; `count` asks for the total as well.
    pub fn caseload(
        &mut self,
        seen: Visibility,
        filter: &CaseloadFilter,
        page: &PageRequest<TimeKey>,
        count: bool,
    ) -> Result<Page<CaseloadRow>, StoreError> {
        let network = self.network_uuid();
        let now = self.op().now();
        let mut query = chosen(network, seen, filter, now);
        if let Some(after) = page.after() {
            let at = stored(after.at);
            let later = c::due_at.gt(at).or(c::due_at.eq(at).and(c::referral_id.gt(after.id)));
            // The first condition lets the index begin at the page instead of at the list.
            query = query.filter(c::due_at.ge(at)).filter(later);
        }
        let rows: Vec<Row> = query
            .order((c::due_at, c::referral_id))
            .limit(i64::from(page.first()) + 1)
            .select(Row::as_select())
            .load(self.conn)
            .map_err(store_error)?;
        let total = if count {
            Some(chosen(network, seen, filter, now).count().get_result(self.conn).map_err(store_error)?)
        } else {
            None
        };
        let fetched = Page::from_fetched(rows, page.first(), total.map(counted));
        self.audit_page(Action::ListCaseload, fetched.rows.iter().map(|row| row.person_id).collect());
        let rows = fetched.rows.into_iter().map(|row| self.caseload_row(row)).collect::<Result<_, _>>()?;
        Ok(Page { rows, has_more: fetched.has_more, total: fetched.total })
    }

    fn caseload_row(&mut self, row: Row) -> Result<CaseloadRow, StoreError> {
        let key = PersonKeyRow { key_id: row.key_id, wrapped_key: row.wrapped_key };
        let person = SealedPerson { person: row.person_id, identity: row.sealed_identity, key };
        let identity = self.opened_identity(&person)?;
        let preferences = self.opened_preferences(row.person_id, &row.sealed_preferences)?;
        let result = row.latest_contact_result.as_deref();
        let result =
            result.map(|code| coded("referrals", "latest_contact_result", code, ContactResult::from_code));
        let next = row.next_step.as_deref();
        let next = next.map(|code| coded("referrals", "next_step", code, NextStep::from_code));
        let risk = coded("referrals", "risk", &row.risk, Risk::from_code)?;
        let brief: Brief =
            serde_json::from_value(row.brief).map_err(|_| inconsistent("referrals", "brief"))?;
        Ok(CaseloadRow {
            referral: ReferralId::from_uuid(row.referral_id),
            reference: row.reference,
            version: row.version,
            person: PersonId::from_uuid(row.person_id),
            person_name: identity.full_name(),
            service_name: row.service_name,
            stage: coded("referrals", "stage", &row.stage, StageName::from_code)?,
            due: instant(row.due_at),
            next_step: next.transpose()?,
            latest_contact: instant_option(row.latest_contact_at).zip(result.transpose()?),
            unread: row.unread,
            worker_name: row.worker_name,
            weight: Work::of(risk, &brief).weight(),
            needs: brief.needs,
            risk,
            reach_by: preferences.channels.first().copied().unwrap_or(Channel::Visit),
            format: preferences.format,
        })
    }
}

fn chosen(
    network: Uuid,
    seen: Visibility,
    filter: &CaseloadFilter,
    now: Timestamp,
) -> c::BoxedQuery<'static, Pg> {
    let (organisation, only) = whose(seen);
    let mut query = c::table
        .filter(c::network_id.eq(network))
        .filter(c::owner_organisation_id.eq(organisation))
        .into_boxed();
    for worker in [only, filter.worker].into_iter().flatten() {
        query = query.filter(c::worker_id.eq(worker.uuid()));
    }
    if !filter.stages.is_empty() {
        let codes: Vec<&str> = filter.stages.iter().map(|stage| stage.code()).collect();
        query = query.filter(c::stage.eq_any(codes));
    }
    if filter.unassigned {
        query = query.filter(c::worker_id.is_null());
    }
    if !filter.needs.is_empty() {
        let codes: Vec<&str> = filter.needs.iter().map(|need| need.code()).collect();
        query = query.filter(c::brief.retrieve_as_object("needs").has_any_key(codes));
    }
    if filter.overdue_only {
        query = query.filter(c::due_at.lt(stored(now)));
    }
    query
}
