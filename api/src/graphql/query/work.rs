//! The lists of work: worklist, caseload, inbox; each one statement, and one audit entry for whom it showed.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use trellis_domain::kernel::page::MAX_PAGE;
use trellis_domain::kernel::{ReferralId, UserId};
use trellis_domain::policy::Action;
use trellis_domain::referral::Reference;
use trellis_infra::pg::read;

use super::page::{List, PageInfo, Placed, connection};
use crate::graphql::context::gql;
use crate::graphql::enums::{Need, ReferralSide, ReferralStage};
use crate::graphql::error::{Answer, Fault};
use crate::graphql::node_id::parse_id;
use crate::graphql::objects::look::look;
use crate::graphql::objects::rows::{CaseloadRow, ReferralSummary, WorklistCounts, WorklistItem};
use crate::graphql::objects::wanted::asks;
use crate::graphql::rules::{Rule, rule};

connection!(CaseloadConnection, CaseloadEdge of CaseloadRow, total);
connection!(ReferralSummaryConnection, ReferralSummaryEdge of ReferralSummary, total);

#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct WorklistEdge {
    node: WorklistItem,
    cursor: String,
}

#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct WorklistConnection {
    edges: Vec<WorklistEdge>,
    page_info: PageInfo,
    counts: WorklistCounts,
}

#[derive(Debug, Clone, Default, InputObject)]
pub struct CaseloadFilter {
    stages: Option<Vec<ReferralStage>>,
    overdue_only: Option<bool>,
    worker_id: Option<ID>,
    whole_team: Option<bool>,
    /// Those that nobody has yet.
    unassigned: Option<bool>,
    /// Any of these.
    needs: Option<Vec<Need>>,
}

#[derive(Debug, Clone, InputObject)]
pub struct ReferralFilter {
    side: ReferralSide,
    stages: Option<Vec<ReferralStage>>,
    unassigned: Option<bool>,
    reference: Option<String>,
    /// Only these, 100 at most.
    ids: Option<Vec<ID>>,
}

#[derive(Default, Debug)]
pub struct WorkQuery;

#[Object]
impl WorkQuery {
    /// What is to do, by due time.
    #[graphql(directive = rule::apply(Rule::By(Action::ListWorklist).into()))]
    async fn worklist(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
    ) -> Answer<WorklistConnection> {
        let gql = gql(ctx)?;
        let list = List::of("worklist", gql.session()?);
        let page = list.page(first, after.as_deref())?;
        let counted = asks(ctx, &["counts"]);
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::ListWorklist)?;
            let counts = if counted { tx.worklist_counts(seen)? } else { read::WorklistCounts::default() };
            Ok((tx.worklist(seen, &page)?, counts))
        });
        let (page, counts) = read.await?;
        let cursors: Vec<String> = page.rows.iter().map(|item| list.cursor(&item.key())).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let now = gql.now();
        let edges = page.rows.into_iter().zip(cursors);
        let edges = edges.map(|(item, cursor)| WorklistEdge { node: WorklistItem::of(item, now), cursor });
        Ok(WorklistConnection { edges: edges.collect(), page_info, counts: counts.into() })
    }

    /// The inbox, or what we sent; newest first.
    #[graphql(directive = rule::apply(Rule::By(Action::ListReferrals).into()))]
    async fn referrals(
        &self,
        ctx: &Context<'_>,
        filter: ReferralFilter,
        first: i32,
        after: Option<String>,
    ) -> Answer<ReferralSummaryConnection> {
        let gql = gql(ctx)?;
        let list = List::of("referrals", gql.session()?);
        let page = list.page(first, after.as_deref())?;
        let count = asks(ctx, &["totalCount"]);
        let Some(filter) = filter.parsed()? else {
            let nothing = list.info(&[], after.as_deref(), false);
            return Ok(ReferralSummaryConnection::new(Vec::new(), nothing, Some(0)));
        };
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::ListReferrals)?;
            Ok(tx.referrals(seen, &filter, &page, count)?)
        });
        let page = read.await?;
        let cursors: Vec<String> = page.rows.iter().map(|row| list.cursor(&row.key())).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let now = gql.now();
        let rows = page.rows.into_iter().zip(cursors);
        let rows = rows.map(|(row, cursor)| Placed { node: ReferralSummary::of(row, now), cursor });
        Ok(ReferralSummaryConnection::new(rows.collect(), page_info, page.total))
    }

    /// People who are being helped, by due time.
    #[graphql(directive = rule::apply(Rule::By(Action::ListCaseload).into()))]
    async fn caseload(
        &self,
        ctx: &Context<'_>,
        filter: Option<CaseloadFilter>,
        first: i32,
        after: Option<String>,
    ) -> Answer<CaseloadConnection> {
        let gql = gql(ctx)?;
        let session = gql.session()?;
        let list = List::of("caseload", session);
        let page = list.page(first, after.as_deref())?;
        let filter = filter.unwrap_or_default().parsed(session.user)?;
        let count = asks(ctx, &["totalCount"]);
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::ListCaseload)?;
            Ok(tx.caseload(seen, &filter, &page, count)?)
        });
        let page = read.await?;
        let cursors: Vec<String> = page.rows.iter().map(|row| list.cursor(&row.key())).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let now = gql.now();
        let rows = page.rows.into_iter().zip(cursors);
        let rows = rows.map(|(row, cursor)| Placed { node: CaseloadRow::of(row, now), cursor });
        Ok(CaseloadConnection::new(rows.collect(), page_info, page.total))
    }
}

fn stages(asked: Option<Vec<ReferralStage>>) -> Vec<trellis_domain::referral::StageName> {
    asked.unwrap_or_default().into_iter().map(Into::into).collect()
}

/// As many as a page holds.
pub fn referrals_named(argument: &str, ids: &[ID]) -> Answer<Vec<ReferralId>> {
    if ids.len() > usize::from(MAX_PAGE) {
        return Err(Fault::bad_input(format!("{argument} may hold {MAX_PAGE} at most")));
    }
    let ids = ids.iter().map(parse_id::<ReferralId>).collect::<Result<_, _>>();
    ids.map_err(|_| Fault::bad_input(format!("{argument} must be the ids of referrals")))
}

impl CaseloadFilter {
    /// `wholeTeam: false` narrows to the one's own; saying nothing shows as far as the role reaches.
    fn parsed(self, own: UserId) -> Answer<read::CaseloadFilter> {
        let named = self.worker_id.as_ref().map(parse_id::<UserId>).transpose();
        let named = named.map_err(|_| Fault::bad_input("filter.workerId must be the id of a user"))?;
        let only_own = self.whole_team == Some(false);
        Ok(read::CaseloadFilter {
            stages: stages(self.stages),
            overdue_only: self.overdue_only.unwrap_or_default(),
            worker: named.or(only_own.then_some(own)),
            unassigned: self.unassigned.unwrap_or_default(),
            needs: self.needs.unwrap_or_default().into_iter().map(Into::into).collect(),
        })
    }
}

impl ReferralFilter {
    /// None for a reference that cannot exist: it finds nothing, like any that does not.
    fn parsed(self) -> Answer<Option<read::ReferralFilter>> {
        let only = self.ids.as_deref().map(|ids| referrals_named("filter.ids", ids)).transpose()?;
        let reference = match self.reference.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(typed) => match Reference::parse(typed) {
                Some(reference) => Some(reference),
                None => return Ok(None),
            },
        };
        Ok(Some(read::ReferralFilter {
            side: match self.side {
                ReferralSide::Received => read::ReferralSide::Received,
                ReferralSide::SentByUs => read::ReferralSide::SentByUs,
            },
            stages: stages(self.stages),
            unassigned: self.unassigned.unwrap_or_default(),
            reference,
            only,
        }))
    }
}
