//! The lines of the lists: caseload, worklist, inbox, people. Each says all that its screen shows of it.

use async_graphql::{ID, SimpleObject};
use jiff::Timestamp;
use trellis_domain::kernel::{Outcode, ReferralId, TaskId, TypedId};
use trellis_domain::policy::Action;
use trellis_infra::pg::read;

use crate::graphql::enums::{
    AgeBand, ContactChannel, ContactResult, InformationFormat, Need, NextStep, ReferralStage, Risk, TaskKind,
    WorklistKind,
};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::{Date, DateTime};

#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::By(Action::ListCaseload).into()))]
pub struct CaseloadRow {
    referral_id: ID,
    reference: String,
    version: i32,
    person_id: ID,
    person_name: String,
    service_name: String,
    stage: ReferralStage,
    stage_words: &'static str,
    due_at: DateTime,
    overdue: bool,
    next_step: Option<NextStep>,
    latest_contact_at: Option<DateTime>,
    latest_contact_result: Option<ContactResult>,
    unread: i32,
    worker_name: Option<String>,
    needs: Vec<Need>,
    /// How much work it is, by the declared rule: see `Team.weightRule`.
    weight: u32,
    risk: Risk,
    reach_by: ContactChannel,
    format: InformationFormat,
}

impl CaseloadRow {
    pub fn of(row: read::CaseloadRow, now: Timestamp) -> Self {
        Self {
            referral_id: row.referral.to_string().into(),
            reference: row.reference,
            version: row.version,
            person_id: row.person.to_string().into(),
            person_name: row.person_name,
            service_name: row.service_name,
            stage: row.stage.into(),
            stage_words: row.stage.words(),
            due_at: row.due.into(),
            overdue: row.due < now,
            next_step: row.next_step.map(NextStep::from),
            latest_contact_at: row.latest_contact.map(|(at, _)| at.into()),
            latest_contact_result: row.latest_contact.map(|(_, result)| result.into()),
            unread: row.unread,
            worker_name: row.worker_name,
            needs: row.needs.into_iter().map(Need::from).collect(),
            weight: row.weight,
            risk: row.risk.into(),
            reach_by: row.reach_by.into(),
            format: row.format.into(),
        }
    }
}

/// One thing to do: a referral that is due, or a task.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::By(Action::ListWorklist).into()))]
pub struct WorklistItem {
    id: ID,
    kind: WorklistKind,
    task_kind: Option<TaskKind>,
    words: String,
    due_at: DateTime,
    overdue: bool,
    referral_id: Option<ID>,
    reference: Option<String>,
    stage: Option<ReferralStage>,
    #[graphql(directive = rule::apply(Rule::Access.into()))]
    person_name: Option<String>,
    service_name: Option<String>,
    unread: i32,
}

impl WorklistItem {
    pub fn of(item: read::WorklistItem, now: Timestamp) -> Self {
        let id = match item.task {
            Some(_) => TaskId::from_uuid(item.id).to_string(),
            None => ReferralId::from_uuid(item.id).to_string(),
        };
        Self {
            id: id.into(),
            kind: if item.task.is_some() { WorklistKind::Task } else { WorklistKind::Referral },
            task_kind: item.task.map(TaskKind::from),
            words: item.words.to_owned(),
            due_at: item.due.into(),
            overdue: item.due < now,
            referral_id: item.referral.map(|id| id.to_string().into()),
            reference: item.reference,
            stage: item.stage.map(ReferralStage::from),
            person_name: item.person_name,
            service_name: item.service_name,
            unread: item.unread,
        }
    }
}

#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct WorklistCounts {
    overdue: u64,
    due_today: u64,
    coming_up: u64,
    tasks: u64,
    unread: u64,
    new_requests: u64,
    waiting_on_others: u64,
}

impl From<read::WorklistCounts> for WorklistCounts {
    fn from(counts: read::WorklistCounts) -> Self {
        Self {
            overdue: counts.overdue,
            due_today: counts.due_today,
            coming_up: counts.coming_up,
            tasks: counts.tasks,
            unread: counts.unread,
            new_requests: counts.new_requests,
            waiting_on_others: counts.waiting_on_others,
        }
    }
}

#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::By(Action::ListReferrals).into()))]
pub struct ReferralSummary {
    id: ID,
    reference: String,
    version: i32,
    stage: ReferralStage,
    stage_words: &'static str,
    stage_since: DateTime,
    due_at: Option<DateTime>,
    overdue: bool,
    /// Null until the acting organisation may know who it is.
    #[graphql(directive = rule::apply(Rule::Access.into()))]
    person_name: Option<String>,
    #[graphql(directive = rule::apply(Rule::Access.into()))]
    person_id: Option<ID>,
    needs: Vec<Need>,
    age_band: AgeBand,
    area: Option<String>,
    risk: Risk,
    from_name: String,
    to_name: String,
    service_name: String,
    worker_name: Option<String>,
    /// Also where they work here no longer.
    worker_id: Option<ID>,
    drafted_at: DateTime,
    sent_at: Option<DateTime>,
}

impl ReferralSummary {
    pub fn of(row: read::ReferralSummary, now: Timestamp) -> Self {
        let (person_id, person_name) = row.person.map(|(id, name)| (id.to_string().into(), name)).unzip();
        Self {
            id: row.referral.to_string().into(),
            reference: row.reference,
            version: row.version,
            stage: row.stage.into(),
            stage_words: row.stage_words,
            stage_since: row.stage_since.into(),
            due_at: row.due.map(DateTime),
            overdue: row.due.is_some_and(|due| due < now),
            person_name,
            person_id,
            needs: row.brief.needs.into_iter().map(Need::from).collect(),
            age_band: row.brief.age_band.into(),
            area: row.brief.area.as_ref().map(Outcode::as_str).map(str::to_owned),
            risk: row.risk.into(),
            from_name: row.from_name,
            to_name: row.to_name,
            service_name: row.service_name,
            worker_name: row.worker_name,
            worker_id: row.worker.map(|user| user.to_string().into()),
            drafted_at: row.drafted_at.into(),
            sent_at: row.sent_at.map(DateTime),
        }
    }
}

#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::By(Action::SearchPeople).into()))]
pub struct PersonSummary {
    id: ID,
    name: String,
    #[graphql(directive = rule::apply(Rule::FullAccess.into()))]
    birth_date: Option<Date>,
    postcode: Option<String>,
    open_referrals: u64,
}

impl From<read::PersonSummary> for PersonSummary {
    fn from(row: read::PersonSummary) -> Self {
        Self {
            id: row.id.to_string().into(),
            name: row.name,
            birth_date: row.birth_date.map(Date),
            postcode: row.postcode,
            open_referrals: row.open_referrals,
        }
    }
}
