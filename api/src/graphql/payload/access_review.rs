//! What confirming and exporting access answer.

use async_graphql::{ID, SimpleObject};
use trellis_domain::access_review::{Confirmed, ReviewedAccess};
use trellis_domain::kernel::UserId;

use super::super::objects::ReviewedAccessObject;
use super::super::refusal::Refusal;
use super::Payload;
use crate::graphql::rules::{Rule, rule};

#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct ConfirmAccessPayload {
    /// The memberships that were confirmed.
    pub confirmed: Option<Vec<ID>>,
    pub refusal: Option<Refusal>,
}

impl Payload for ConfirmAccessPayload {
    type Done = Confirmed;

    fn done(confirmed: Confirmed) -> Self {
        let ids = confirmed.memberships.into_iter().map(|id| id.to_string().into());
        Self { confirmed: Some(ids.collect()), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { confirmed: None, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct AccessReviewExportPayload {
    #[graphql(directive = rule::apply(Rule::NothingMore.into()))]
    pub rows: Option<Vec<ReviewedAccessObject>>,
    pub refusal: Option<Refusal>,
}

impl Payload for AccessReviewExportPayload {
    type Done = (Vec<ReviewedAccess>, UserId);

    fn done((rows, you): (Vec<ReviewedAccess>, UserId)) -> Self {
        let rows = rows.into_iter().map(|row| ReviewedAccessObject::of(row, you));
        Self { rows: Some(rows.collect()), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { rows: None, refusal: Some(refusal) }
    }
}
