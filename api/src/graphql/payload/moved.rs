//! What is answered where several are done in one request: what became of each.

use async_graphql::{ID, SimpleObject};
use trellis_domain::kernel::ReferralId;

use super::super::refusal::Refusal;
use super::shape::Payload;
use crate::graphql::rules::{Rule, rule};

/// What became of one of them.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct MoveOutcome {
    pub referral_id: ID,
    pub done: bool,
    /// Why not, where it was not.
    pub refusal: Option<Refusal>,
}

impl MoveOutcome {
    pub fn of(referral: ReferralId, refusal: Option<Refusal>) -> Self {
        Self { referral_id: referral.to_string().into(), done: refusal.is_none(), refusal }
    }
}

#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct ReassignedPayload {
    /// In the order in which they were asked for. Each stands for itself: one that is refused leaves the others done.
    pub outcomes: Vec<MoveOutcome>,
    /// Where none was done: why the first was not.
    pub refusal: Option<Refusal>,
}

impl Payload for ReassignedPayload {
    type Done = Vec<MoveOutcome>;

    fn done(outcomes: Vec<MoveOutcome>) -> Self {
        let none = outcomes.iter().all(|outcome| !outcome.done);
        let first = outcomes.first().and_then(|outcome| outcome.refusal.clone());
        Self { refusal: first.filter(|_| none), outcomes }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { outcomes: Vec::new(), refusal: Some(refusal) }
    }
}
