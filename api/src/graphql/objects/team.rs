//! Who has how much in hand, by a rule that is printed beside it; and how it could be shared out.

use async_graphql::{ID, SimpleObject};
use trellis_domain::policy::Action;
use trellis_domain::referral::workload::{Part, RULE};
use trellis_infra::pg::read;

use crate::graphql::rules::{Rule, rule};

/// What is in hand, in numbers.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct InNumbers {
    open: u64,
    /// Workload by the declared rule. It says how much work there is, and nothing of anybody.
    weight: u64,
    overdue: u64,
    /// Accepted, and nobody has been reached yet.
    waiting: u64,
}

impl From<read::InNumbers> for InNumbers {
    fn from(numbers: read::InNumbers) -> Self {
        let read::InNumbers { open, weight, overdue, waiting } = numbers;
        Self { open, weight, overdue, waiting }
    }
}

#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct TeamWorker {
    user_id: ID,
    name: String,
    /// They work here and can be given more.
    may_take: bool,
    numbers: InNumbers,
}

/// One line of the rule by which work is weighed.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct WeightPart {
    adds: u32,
    words: &'static str,
    because: &'static str,
}

impl From<&Part> for WeightPart {
    fn from(part: &Part) -> Self {
        Self { adds: part.adds, words: part.words, because: part.because }
    }
}

/// The workers of an organisation, with those who have left and not given away all they had.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Team", directive = rule::apply(Rule::By(Action::ListTeam).into()))]
pub struct TeamObject {
    /// By name.
    workers: Vec<TeamWorker>,
    /// What nobody has yet.
    nobodys: InNumbers,
    weight_rule: Vec<WeightPart>,
}

impl TeamObject {
    pub fn of(team: read::Team) -> Self {
        let workers = team.workers.into_iter().map(|worker| TeamWorker {
            user_id: worker.user.to_string().into(),
            name: worker.name,
            may_take: worker.may_take,
            numbers: worker.numbers.into(),
        });
        Self {
            workers: workers.collect(),
            nobodys: team.nobodys.into(),
            weight_rule: RULE.iter().map(WeightPart::from).collect(),
        }
    }
}

/// What one worker would get.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct Share {
    pub user_id: ID,
    pub name: String,
    pub gets: usize,
    pub weight_before: u32,
    pub weight_after: u32,
}

/// One referral and who would get it, as `reassignReferrals` takes it.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct SharedOut {
    pub referral_id: ID,
    pub version: i32,
    pub user_id: ID,
}

#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::By(Action::ListTeam).into()))]
pub struct Spread {
    pub shares: Vec<Share>,
    pub moves: Vec<SharedOut>,
}
