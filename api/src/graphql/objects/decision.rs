//! A sharing decision.

use async_graphql::{ID, Object};
use trellis_domain::consent::Decision;

/// A sharing decision.
#[derive(Debug, Clone)]
pub struct DecisionObject {
    decision: Decision,
}

impl DecisionObject {
    pub fn new(decision: Decision) -> Self {
        Self { decision }
    }
}

#[Object(name = "Decision")]
impl DecisionObject {
    async fn id(&self) -> ID {
        self.decision.id.to_string().into()
    }
}
