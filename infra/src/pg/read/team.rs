//! How much each worker of an organisation has in hand, counted anew each time from the facts that the declared rule looks
//! at; and what of it could be shared out. Nobody who is helped is named here.

use std::collections::BTreeMap;

use diesel::dsl::count;
use diesel::prelude::*;
use jiff_diesel::Timestamp as Stored;
use trellis_domain::kernel::{ReferralId, StoreError, TypedId, UserId};
use trellis_domain::policy::{Action, Visibility};
use trellis_domain::referral::Risk;
use trellis_domain::referral::workload::Work;
use uuid::Uuid;

use super::super::error::store_error;
use super::super::schema::memberships as m;
use super::super::time::{instant, stored};
use super::super::tx::PgTx;
use super::listed::{coded, counted, whose};
use super::organisations::roles_from;
use super::views::referral_work as w;

/// What is in hand, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InNumbers {
    pub open: u64,
    pub weight: u64,
    pub overdue: u64,
    /// Accepted, and nobody has been reached yet.
    pub waiting: u64,
}

/// One worker, or whoever was one and has not given away all they had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamWorker {
    pub user: UserId,
    pub name: String,
    /// They work here and can be given more.
    pub may_take: bool,
    pub numbers: InNumbers,
}

/// A whole organisation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Team {
    /// By name.
    pub workers: Vec<TeamWorker>,
    pub nobodys: InNumbers,
}

/// One that could be given to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InHandOf {
    pub referral: ReferralId,
    pub version: i32,
    pub worker: Option<UserId>,
    pub due: jiff::Timestamp,
    pub weight: u32,
}

type Facts = ((Option<Uuid>, String, i32, bool, bool), i64, i64);

#[derive(Queryable, Selectable)]
#[diesel(table_name = w)]
struct WorkRow {
    referral_id: Uuid,
    version: i32,
    worker_id: Option<Uuid>,
    due_at: Stored,
    risk: String,
    needs: i32,
    interpreter: bool,
}

impl<M> PgTx<'_, M> {
    pub fn team(&mut self, seen: Visibility) -> Result<Team, StoreError> {
        let (organisation, _) = whose(seen);
        let mut by_worker = self.numbers(organisation)?;
        let members: Vec<(Uuid, String, Vec<String>, Option<Stored>)> = m::table
            .filter(m::network_id.eq(self.network_uuid()))
            .filter(m::organisation_id.eq(organisation))
            .order((m::ended_at.desc().nulls_first(), m::name, m::user_id))
            .select((m::user_id, m::name, m::roles, m::ended_at))
            .load(self.conn)
            .map_err(store_error)?;
        let mut workers: Vec<TeamWorker> = Vec::new();
        for (id, name, roles, ended_at) in members {
            let user = UserId::from_uuid(id);
            let may_take = ended_at.is_none() && Action::StartReferral.is_for(&roles_from(&roles)?);
            let numbers = by_worker.remove(&Some(user));
            if may_take || numbers.is_some() {
                workers.push(TeamWorker { user, name, may_take, numbers: numbers.unwrap_or_default() });
            }
        }
        workers.sort_by(|a, b| (&a.name, a.user).cmp(&(&b.name, b.user)));
        Ok(Team { workers, nobodys: by_worker.remove(&None).unwrap_or_default() })
    }

    /// Few rows: as many as there are workers and ways of being work.
    fn numbers(&mut self, organisation: Uuid) -> Result<BTreeMap<Option<UserId>, InNumbers>, StoreError> {
        let overdue = w::due_at.lt(stored(self.op().now()));
        let rows: Vec<Facts> = w::table
            .filter(w::network_id.eq(self.network_uuid()))
            .filter(w::owner_organisation_id.eq(organisation))
            .group_by((w::worker_id, w::risk, w::needs, w::interpreter, w::waiting))
            .select((
                (w::worker_id, w::risk, w::needs, w::interpreter, w::waiting),
                count(w::risk),
                count(w::risk).aggregate_filter(overdue),
            ))
            .load(self.conn)
            .map_err(store_error)?;
        let mut by_worker: BTreeMap<Option<UserId>, InNumbers> = BTreeMap::new();
        for ((worker, risk, needs, interpreter, waiting), open, overdue) in rows {
            let work = work(&risk, needs, interpreter)?;
            let numbers = by_worker.entry(worker.map(UserId::from_uuid)).or_default();
            numbers.open += counted(open);
            numbers.weight += counted(open) * u64::from(work.weight());
            numbers.overdue += counted(overdue);
            numbers.waiting += if waiting { counted(open) } else { 0 };
        }
        Ok(by_worker)
    }

    /// Those of these that the organisation helps with. What is somebody else's, or is not there, is left out.
    pub fn in_hand(&mut self, seen: Visibility, only: &[ReferralId]) -> Result<Vec<InHandOf>, StoreError> {
        let (organisation, _) = whose(seen);
        let rows: Vec<WorkRow> = w::table
            .filter(w::network_id.eq(self.network_uuid()))
            .filter(w::owner_organisation_id.eq(organisation))
            .filter(w::referral_id.eq_any(only.iter().map(|id| id.uuid()).collect::<Vec<_>>()))
            .order((w::due_at, w::referral_id))
            .select(WorkRow::as_select())
            .load(self.conn)
            .map_err(store_error)?;
        rows.into_iter().map(InHandOf::try_from).collect()
    }
}

impl TryFrom<WorkRow> for InHandOf {
    type Error = StoreError;

    fn try_from(row: WorkRow) -> Result<Self, StoreError> {
        Ok(Self {
            referral: ReferralId::from_uuid(row.referral_id),
            version: row.version,
            worker: row.worker_id.map(UserId::from_uuid),
            due: instant(row.due_at),
            weight: work(&row.risk, row.needs, row.interpreter)?.weight(),
        })
    }
}

fn work(risk: &str, needs: i32, interpreter: bool) -> Result<Work, StoreError> {
    let risk = coded("referrals", "risk", risk, Risk::from_code)?;
    Ok(Work { risk, needs: usize::try_from(needs).unwrap_or_default(), interpreter })
}
