//! A request for access, as whoever asked and whoever answers see it.

use async_graphql::{ID, SimpleObject};
use trellis_domain::access_request::AccessRequest;
use trellis_domain::policy::Action;
use trellis_infra::pg::read::AccessRequestEntry;

use crate::graphql::enums::AccessAnswer;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "AccessRequest", directive = rule::apply(Rule::NothingMore.into()))]
pub struct AccessRequestObject {
    id: ID,
    membership_id: ID,
    /// The address of the page.
    wanted: String,
    asked_at: DateTime,
    answer: Option<AccessAnswer>,
    /// In the list only.
    #[graphql(directive = rule::apply(Rule::By(Action::ListAccessRequests).into()))]
    asked_by: Option<String>,
    /// In the list only.
    #[graphql(directive = rule::apply(Rule::By(Action::ListAccessRequests).into()))]
    why: Option<String>,
}

impl AccessRequestObject {
    pub fn new(request: AccessRequest) -> Self {
        Self {
            id: request.id.to_string().into(),
            membership_id: request.membership.to_string().into(),
            wanted: request.wanted.as_str().to_owned(),
            asked_at: request.asked_at.into(),
            answer: request.answer.map(AccessAnswer::from),
            asked_by: None,
            why: None,
        }
    }

    pub fn of(entry: AccessRequestEntry) -> Self {
        Self { asked_by: Some(entry.asked_by), why: Some(entry.why), ..Self::new(entry.request) }
    }
}
