//! The worklist: due referrals that are ours to move, and open tasks, in one order; and the numbers beside it.

use diesel::dsl::count;
use diesel::pg::Pg;
use diesel::prelude::*;
use jiff::{Timestamp, ToSpan};
use jiff_diesel::Timestamp as Stored;
use trellis_domain::contact::NextStep;
use trellis_domain::kernel::{Page, PageRequest, ReferralId, StoreError, TypedId};
use trellis_domain::message::TaskKind;
use trellis_domain::policy::{Action, Visibility};
use trellis_domain::referral::StageName;
use trellis_domain::tenancy::Calendars;
use uuid::Uuid;

use super::super::error::store_error;
use super::super::time::{instant, stored};
use super::super::tx::PgTx;
use super::listed::{TimeKey, coded, counted, whose};
use super::opened::whole;
use super::views::{worklist_items as i, worklist_marks as k};

/// One thing to do.
#[derive(Debug, Clone)]
pub struct WorklistItem {
    /// The task's id, or the referral's.
    pub id: Uuid,
    /// None for a referral that is due.
    pub task: Option<TaskKind>,
    pub words: &'static str,
    pub due: Timestamp,
    pub referral: Option<ReferralId>,
    pub reference: Option<String>,
    pub stage: Option<StageName>,
    /// Only with access to the person.
    pub person_name: Option<String>,
    pub service_name: Option<String>,
    pub unread: i32,
}

impl WorklistItem {
    pub fn key(&self) -> TimeKey {
        TimeKey { at: self.due, id: self.id }
    }
}

/// How much there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WorklistCounts {
    pub overdue: u64,
    pub due_today: u64,
    pub coming_up: u64,
    pub tasks: u64,
    pub unread: u64,
    pub new_requests: u64,
    pub waiting_on_others: u64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = i)]
struct Row {
    due_at: Stored,
    item_id: Uuid,
    task_kind: Option<String>,
    referral_id: Option<Uuid>,
    reference: Option<String>,
    stage: Option<String>,
    next_step: Option<String>,
    unread: Option<i32>,
    person_id: Option<Uuid>,
    service_name: Option<String>,
    sealed_identity: Option<Vec<u8>>,
    key_id: Option<String>,
    wrapped_key: Option<Vec<u8>>,
}

impl<M> PgTx<'_, M> {
    pub fn worklist(
        &mut self,
        seen: Visibility,
        page: &PageRequest<TimeKey>,
    ) -> Result<Page<WorklistItem>, StoreError> {
        let (organisation, only) = whose(seen);
        let mut query: i::BoxedQuery<'_, Pg> = i::table
            .filter(i::network_id.eq(self.network_uuid()))
            .filter(i::organisation_id.eq(organisation))
            .into_boxed();
        if let Some(user) = only {
            query = query.filter(i::assignee_id.eq(user.uuid()).or(i::assignee_id.is_null()));
        }
        if let Some(after) = page.after() {
            let at = stored(after.at);
            let later = i::due_at.gt(at).or(i::due_at.eq(at).and(i::item_id.gt(after.id)));
            query = query.filter(i::due_at.ge(at)).filter(later);
        }
        let rows: Vec<Row> = query
            .order((i::due_at, i::item_id))
            .limit(i64::from(page.first()) + 1)
            .select(Row::as_select())
            .load(self.conn)
            .map_err(store_error)?;
        let fetched = Page::from_fetched(rows, page.first(), None);
        let shown = fetched.rows.iter().filter(|row| row.sealed_identity.is_some());
        self.audit_page(Action::ListWorklist, shown.filter_map(|row| row.person_id).collect());
        let rows = fetched.rows.into_iter().map(|row| self.worklist_item(row)).collect::<Result<_, _>>()?;
        Ok(Page { rows, has_more: fetched.has_more, total: None })
    }

    fn worklist_item(&mut self, row: Row) -> Result<WorklistItem, StoreError> {
        let task = row.task_kind.as_deref().map(|code| coded("tasks", "kind", code, TaskKind::from_code));
        let stage = row.stage.as_deref().map(|code| coded("referrals", "stage", code, StageName::from_code));
        let step =
            row.next_step.as_deref().map(|code| coded("referrals", "next_step", code, NextStep::from_code));
        let (task, stage, step) = (task.transpose()?, stage.transpose()?, step.transpose()?);
        let person = whole(row.person_id, row.sealed_identity, row.key_id, row.wrapped_key);
        let name = person.map(|person| self.opened_identity(&person).map(|who| who.full_name()));
        Ok(WorklistItem {
            id: row.item_id,
            task,
            words: words(task, step, stage),
            due: instant(row.due_at),
            referral: row.referral_id.map(ReferralId::from_uuid),
            reference: row.reference,
            stage,
            person_name: name.transpose()?,
            service_name: row.service_name,
            unread: row.unread.unwrap_or_default(),
        })
    }

    /// Counted anew each time: nothing here can drift.
    pub fn worklist_counts(&mut self, seen: Visibility) -> Result<WorklistCounts, StoreError> {
        let (organisation, only) = whose(seen);
        let now = stored(self.op().now());
        let tonight = stored(self.end_of_day());
        let mut query: k::BoxedQuery<'_, Pg> = k::table
            .filter(k::network_id.eq(self.network_uuid()))
            .filter(k::organisation_id.eq(organisation))
            .into_boxed();
        if let Some(user) = only {
            query = query.filter(k::assignee_id.eq(user.uuid()).or(k::assignee_id.is_null()));
        }
        let ours = || k::mark.eq_any(["referral", "request", "task"]);
        let due = || k::due_at.assume_not_null();
        let row: (i64, i64, i64, i64, i64, i64, i64) = query
            .select((
                count(k::mark).aggregate_filter(ours().and(due().lt(now))),
                count(k::mark).aggregate_filter(ours().and(due().ge(now)).and(due().lt(tonight))),
                count(k::mark).aggregate_filter(ours().and(due().ge(tonight))),
                count(k::mark).aggregate_filter(k::mark.eq("task")),
                count(k::mark).aggregate_filter(k::mark.eq("news")),
                count(k::mark).aggregate_filter(k::mark.eq("request")),
                count(k::mark).aggregate_filter(k::mark.eq("waiting")),
            ))
            .first(self.conn)
            .map_err(store_error)?;
        Ok(WorklistCounts {
            overdue: counted(row.0),
            due_today: counted(row.1),
            coming_up: counted(row.2),
            tasks: counted(row.3),
            unread: counted(row.4),
            new_requests: counted(row.5),
            waiting_on_others: counted(row.6),
        })
    }

    /// Midnight at the end of the network's own day.
    fn end_of_day(&self) -> Timestamp {
        let today = self.op().now().to_zoned(self.calendar().zone().clone());
        today
            .start_of_day()
            .and_then(|start| start.checked_add(1.day()))
            .map_or(Timestamp::MAX, |end| end.timestamp())
    }
}

/// The next step if one was agreed; else what the stage asks for.
fn words(task: Option<TaskKind>, step: Option<NextStep>, stage: Option<StageName>) -> &'static str {
    match (task, step, stage) {
        (Some(task), _, _) => task.words(),
        (None, Some(step), _) => step.words(),
        (None, None, Some(stage)) => match stage {
            StageName::Draft => "Finish and send",
            StageName::Sent => "Answer the request",
            StageName::Waitlisted => "Look at the waiting list",
            StageName::Returned => "Answer, or choose again",
            StageName::Accepted => "Make the first contact",
            StageName::OnHold => "The pause is over: go on",
            _ => "Review how it is going",
        },
        (None, None, None) => "Look at this",
    }
}
