//! What matters to a person, their goals, and what will be done. A version shows what it changed of the one before.

use async_graphql::{Context, ID, Object, SimpleObject};
use jiff::civil;
use tokio::sync::OnceCell;
use trellis_domain::kernel::{Line, OpContext, Prose};
use trellis_domain::person::{Person, PersonReads};
use trellis_domain::plan as domain;
use trellis_domain::plan::Plan;
use trellis_domain::policy::Action;
use trellis_infra::pg::read::PlanEntry;

use super::look::{Tx, look};
use crate::graphql::context::gql;
use crate::graphql::enums::{PlanActionBy, PlanActionKind, PlanChangeKind};
use crate::graphql::error::{Answer, Fault, FaultCode, ReadError};
use crate::graphql::query::page::connection;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::{Date, DateTime};

connection!(PlanConnection, PlanEdge of PlanObject);

/// One version of somebody's plan.
#[derive(Debug, Clone)]
pub struct PlanObject {
    plan: Plan,
    entry: OnceCell<PlanEntry>,
}

impl PlanObject {
    pub fn new(plan: Plan) -> Self {
        Self { plan, entry: OnceCell::new() }
    }

    pub fn from_entry(entry: PlanEntry) -> Self {
        Self { plan: entry.plan.clone(), entry: OnceCell::new_with(Some(entry)) }
    }

    async fn entry(&self, ctx: &Context<'_>) -> Answer<&PlanEntry> {
        let (gql, id, of) = (gql(ctx)?, self.plan.id, self.plan.person);
        let read = || async move {
            let entry = look(gql, move |tx, op| {
                let Some(person) = tx.person(of)? else { return Ok(None) };
                tx.audit_read(op.authorize(Action::ViewPlan, &person)?);
                Ok(tx.plan_entry_of(of, id)?)
            });
            entry.await?.ok_or_else(|| Fault::new(FaultCode::NotFound, "there is no such plan any more"))
        };
        self.entry.get_or_try_init(read).await
    }
}

/// For whoever has the whole record open, in a role that reads plans; for others there is nothing, not an error.
pub fn plan_of(
    tx: &mut Tx<'_>,
    op: &OpContext,
    (person, version): (&Person, Option<i32>),
) -> Result<Option<PlanEntry>, ReadError> {
    match op.authorize(Action::ViewPlan, person) {
        Ok(permit) => {
            tx.audit_read(permit);
            Ok(tx.plan_entry(person.id, version)?)
        }
        Err(_) => Ok(None),
    }
}

#[Object(name = "Plan", directive = rule::apply(Rule::By(Action::ViewPlan).into()))]
impl PlanObject {
    async fn id(&self) -> ID {
        self.plan.id.to_string().into()
    }

    /// To be sent with what is saved over it.
    async fn version(&self) -> i32 {
        self.plan.version
    }

    async fn saved_at(&self) -> DateTime {
        self.plan.saved_at.into()
    }

    /// Who wrote this version down. Null for somebody who is not known any more.
    async fn saved_by(&self, ctx: &Context<'_>) -> Answer<Option<&str>> {
        Ok(self.entry(ctx).await?.writer_name.as_deref())
    }

    /// For whom they acted.
    async fn organisation_name(&self, ctx: &Context<'_>) -> Answer<&str> {
        Ok(&self.entry(ctx).await?.organisation_name)
    }

    /// In the person's own words.
    async fn what_matters(&self) -> Option<&str> {
        self.plan.content.matters.as_ref().map(Prose::as_str)
    }

    async fn goals(&self, ctx: &Context<'_>) -> Answer<Vec<PlanGoal>> {
        let today = self.entry(ctx).await?.today;
        Ok(self.plan.content.goals.iter().map(|goal| PlanGoal::of(goal, today)).collect())
    }

    /// Three are usual. More are possible: it is said, and nothing is refused.
    async fn has_more_goals_than_usual(&self) -> bool {
        self.plan.content.has_more_goals_than_usual()
    }

    /// What this version changed of the one before; of the first, all that it says.
    async fn changes(&self, ctx: &Context<'_>) -> Answer<Vec<PlanChange>> {
        let before = self.entry(ctx).await?.before.as_ref();
        Ok(self.plan.content.changes_since(before).into_iter().map(PlanChange::of).collect())
    }
}

#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct PlanGoal {
    /// The same in every version.
    id: ID,
    /// In the person's own words.
    words: String,
    /// How far the person says that they are, the earliest first.
    ratings: Vec<GoalRating>,
    actions: Vec<PlanActionObject>,
}

/// From 0, not at all, to 10, all the way there.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct GoalRating {
    score: i32,
    on: Date,
}

#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "PlanAction", directive = rule::apply(Rule::NothingMore.into()))]
pub struct PlanActionObject {
    /// The same in every version.
    id: ID,
    kind: PlanActionKind,
    words: String,
    by: PlanActionBy,
    /// Who that is.
    by_name: Option<String>,
    due_on: Option<Date>,
    done_on: Option<Date>,
    /// It is not done, and its day has passed.
    overdue: bool,
}

/// Before and after are as people said them; of a day they are ISO 8601, of a rating its number.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct PlanChange {
    kind: PlanChangeKind,
    /// Of which goal.
    goal: Option<String>,
    /// Of which action.
    action: Option<String>,
    before: Option<String>,
    after: Option<String>,
}

impl PlanGoal {
    fn of(goal: &domain::Goal, today: civil::Date) -> Self {
        let rating =
            |rating: &domain::Rating| GoalRating { score: rating.score.value().into(), on: rating.on.into() };
        Self {
            id: goal.id.to_string().into(),
            words: goal.words.as_str().to_owned(),
            ratings: goal.ratings.iter().map(rating).collect(),
            actions: goal.actions.iter().map(|action| PlanActionObject::of(action, today)).collect(),
        }
    }
}

impl PlanActionObject {
    fn of(action: &domain::PlanAction, today: civil::Date) -> Self {
        Self {
            id: action.id.to_string().into(),
            kind: action.kind.into(),
            words: action.words.as_str().to_owned(),
            by: action.by.into(),
            by_name: action.by_name.as_ref().map(Line::as_str).map(str::to_owned),
            due_on: action.due_on.map(Into::into),
            done_on: action.done_on.map(Into::into),
            overdue: action.is_overdue(today),
        }
    }
}

impl PlanChange {
    fn of(change: domain::Change) -> Self {
        let domain::Change { kind, goal, action, before, after } = change;
        Self { kind: kind.into(), goal, action, before, after }
    }
}
