//! The inbox and the list of what we sent, newest first. A name is there only with access to the person, and a stage
//! only as far as the acting organisation hears of it.

use diesel::pg::Pg;
use diesel::prelude::*;
use jiff::Timestamp;
use jiff_diesel::Timestamp as Stored;
use serde_json::Value;
use trellis_domain::kernel::{Page, PageRequest, PersonId, ReferralId, StoreError, TypedId, UserId};
use trellis_domain::policy::{Action, Visibility};
use trellis_domain::referral::{Brief, FeedbackChoice, Reference, Risk, StageName};
use uuid::Uuid;

use super::super::error::{inconsistent, store_error};
use super::super::time::{instant, instant_option, stored};
use super::super::tx::PgTx;
use super::listed::{TimeKey, coded, counted, whose};
use super::opened::whole;
use super::views::referral_summaries as s;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferralSide {
    Received,
    SentByUs,
}

#[derive(Debug, Clone)]
pub struct ReferralFilter {
    pub side: ReferralSide,
    /// Empty: all.
    pub stages: Vec<StageName>,
    pub unassigned: bool,
    pub reference: Option<Reference>,
    /// Only these.
    pub only: Option<Vec<ReferralId>>,
}

/// One line of an inbox.
#[derive(Debug, Clone)]
pub struct ReferralSummary {
    pub referral: ReferralId,
    pub reference: String,
    pub version: i32,
    pub stage: StageName,
    pub stage_words: &'static str,
    pub stage_since: Timestamp,
    pub due: Option<Timestamp>,
    pub person: Option<(PersonId, String)>,
    pub brief: Brief,
    pub risk: Risk,
    pub from_name: String,
    pub to_name: String,
    pub service_name: String,
    pub worker_name: Option<String>,
    pub worker: Option<UserId>,
    pub drafted_at: Timestamp,
    pub sent_at: Option<Timestamp>,
}

impl ReferralSummary {
    pub fn key(&self) -> TimeKey {
        TimeKey { at: self.drafted_at, id: self.referral.uuid() }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = s)]
struct Row {
    drafted_at: Stored,
    referral_id: Uuid,
    reference: String,
    version: i32,
    hears: String,
    stage: String,
    stage_since: Stored,
    due_at: Option<Stored>,
    brief: Value,
    risk: String,
    sent_at: Option<Stored>,
    from_name: String,
    to_name: String,
    service_name: String,
    worker_name: Option<String>,
    worker_id: Option<Uuid>,
    person_id: Option<Uuid>,
    sealed_identity: Option<Vec<u8>>,
    key_id: Option<String>,
    wrapped_key: Option<Vec<u8>>,
}

impl<M> PgTx<'_, M> {
    pub fn referrals(
        &mut self,
        seen: Visibility,
        filter: &ReferralFilter,
        page: &PageRequest<TimeKey>,
        count: bool,
    ) -> Result<Page<ReferralSummary>, StoreError> {
        let network = self.network_uuid();
        let mut query = chosen(network, seen, filter);
        if let Some(after) = page.after() {
            let at = stored(after.at);
            let earlier = s::drafted_at.lt(at).or(s::drafted_at.eq(at).and(s::referral_id.gt(after.id)));
            query = query.filter(s::drafted_at.le(at)).filter(earlier);
        }
        let rows: Vec<Row> = query
            .order((s::drafted_at.desc(), s::referral_id))
            .limit(i64::from(page.first()) + 1)
            .select(Row::as_select())
            .load(self.conn)
            .map_err(store_error)?;
        let total = if count {
            Some(chosen(network, seen, filter).count().get_result(self.conn).map_err(store_error)?)
        } else {
            None
        };
        let fetched = Page::from_fetched(rows, page.first(), total.map(counted));
        let persons = fetched.rows.iter().filter_map(|row| row.person_id).collect();
        self.audit_page(Action::ListReferrals, persons);
        let rows = fetched.rows.into_iter().map(|row| self.summary(row)).collect::<Result<_, _>>()?;
        Ok(Page { rows, has_more: fetched.has_more, total: fetched.total })
    }

    fn summary(&mut self, row: Row) -> Result<ReferralSummary, StoreError> {
        let hears = coded("referrals", "feedback", &row.hears, FeedbackChoice::from_code)?;
        let stage = coded("referrals", "stage", &row.stage, StageName::from_code)?;
        // As on the referral's page: a request that waits looks like one that was taken up.
        let kept_back = hears == FeedbackChoice::Nothing && stage == StageName::Sent;
        let since = if kept_back { row.sent_at.unwrap_or(row.stage_since) } else { row.stage_since };
        let person = whole(row.person_id, row.sealed_identity, row.key_id, row.wrapped_key);
        let person = person.map(|person| {
            let name = self.opened_identity(&person)?.full_name();
            Ok::<_, StoreError>((PersonId::from_uuid(person.person), name))
        });
        Ok(ReferralSummary {
            referral: ReferralId::from_uuid(row.referral_id),
            reference: row.reference,
            version: stage.version_heard(hears, row.version),
            stage,
            stage_words: stage.words_for(hears),
            stage_since: instant(since),
            due: instant_option(row.due_at).filter(|_| !kept_back),
            person: person.transpose()?,
            brief: serde_json::from_value(row.brief).map_err(|_| inconsistent("referrals", "brief"))?,
            risk: coded("referrals", "risk", &row.risk, Risk::from_code)?,
            from_name: row.from_name,
            to_name: row.to_name,
            service_name: row.service_name,
            worker_name: row.worker_name,
            worker: row.worker_id.map(UserId::from_uuid),
            drafted_at: instant(row.drafted_at),
            sent_at: instant_option(row.sent_at),
        })
    }
}

fn chosen(network: Uuid, seen: Visibility, filter: &ReferralFilter) -> s::BoxedQuery<'static, Pg> {
    let (organisation, only) = whose(seen);
    let mut query = s::table.filter(s::network_id.eq(network)).into_boxed();
    query = match filter.side {
        ReferralSide::Received => {
            query.filter(s::to_organisation_id.eq(organisation)).filter(s::sent_at.is_not_null())
        }
        ReferralSide::SentByUs => query.filter(s::from_organisation_id.eq(organisation)),
    };
    if let Some(user) = only {
        query = query.filter(s::from_user_id.eq(user.uuid()).or(s::worker_id.eq(user.uuid())));
    }
    if !filter.stages.is_empty() {
        let codes: Vec<&str> = filter.stages.iter().map(|stage| stage.code()).collect();
        query = query.filter(s::stage.eq_any(codes));
    }
    if filter.unassigned {
        query = query.filter(s::worker_id.is_null()).filter(s::due_at.is_not_null());
    }
    if let Some(only) = &filter.only {
        query = query.filter(s::referral_id.eq_any(only.iter().map(|id| id.uuid()).collect::<Vec<_>>()));
    }
    if let Some(reference) = &filter.reference {
        query = query.filter(s::reference.eq(reference.as_str().to_owned()));
    }
    query
}
