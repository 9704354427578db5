//! Who has what where, for whoever answers for it.

use async_graphql::{Context, ID, InputObject, Object};
use trellis_domain::access_review::ReviewedAccess;
use trellis_domain::kernel::{OrganisationId, Page};
use trellis_domain::policy::Action;
use trellis_infra::pg::read::{AccessReviewFilter, review_key};

use super::page::{List, Placed, connection};
use crate::graphql::context::gql;
use crate::graphql::error::Answer;
use crate::graphql::node_id::parse_id;
use crate::graphql::objects::look::look;
use crate::graphql::objects::{ReviewStandingObject, ReviewedAccessObject};
use crate::graphql::rules::{Rule, rule};

connection!(AccessReviewConnection, AccessReviewEdge of ReviewedAccessObject);

#[derive(InputObject, Clone, Debug, Default)]
#[graphql(name = "AccessReviewFilter")]
pub struct AccessReviewFilterInput {
    /// For a role in the network: of this organisation only.
    organisation_id: Option<ID>,
    /// Those at whom nobody has looked for 90 days, or whose roles nobody has looked at yet.
    #[graphql(default)]
    unconfirmed: bool,
    /// Those who were not seen for 90 days, and have been members for longer.
    #[graphql(default)]
    unseen: bool,
    #[graphql(default)]
    without_second_factor: bool,
}

#[derive(Default, Debug)]
pub struct AccessReviewQuery;

#[Object]
impl AccessReviewQuery {
    /// Everybody with what they have, whoever has waited longest for somebody to look at it first.
    #[graphql(directive = rule::apply(Rule::By(Action::ListAccessReview).into()))]
    async fn access_review(
        &self,
        ctx: &Context<'_>,
        filter: Option<AccessReviewFilterInput>,
        first: i32,
        after: Option<String>,
    ) -> Answer<AccessReviewConnection> {
        let gql = gql(ctx)?;
        let session = gql.session()?;
        let (list, you) = (List::of("access-review", session), session.user);
        let page = list.page(first, after.as_deref())?;
        let asked = filter.unwrap_or_default();
        let organisation = asked.organisation_id.as_ref().map(parse_id::<OrganisationId>).transpose();
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::ListAccessReview)?;
            let Ok(organisation) = organisation else { return Ok(nobody()) };
            let filter = AccessReviewFilter {
                organisation,
                unconfirmed: asked.unconfirmed,
                unseen: asked.unseen,
                without_second_factor: asked.without_second_factor,
            };
            Ok(tx.access_review(seen, filter, &page)?)
        });
        let page = read.await?;
        let cursors: Vec<String> = page.rows.iter().map(|row| list.cursor(&review_key(row))).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let rows = page.rows.into_iter().zip(cursors);
        let rows = rows.map(|(row, cursor)| Placed { node: ReviewedAccessObject::of(row, you), cursor });
        Ok(AccessReviewConnection::new(rows.collect(), page_info))
    }

    /// How many of them, and whether everybody was looked at. Of the acting place, or of one organisation of the network.
    #[graphql(directive = rule::apply(Rule::By(Action::ListAccessReview).into()))]
    async fn access_review_standing(
        &self,
        ctx: &Context<'_>,
        organisation_id: Option<ID>,
    ) -> Answer<ReviewStandingObject> {
        // What is no id is counted like one of nothing.
        let organisation = organisation_id.map(|id| parse_id(&id).unwrap_or_else(|_| nowhere()));
        let read = look(gql(ctx)?, move |tx, op| {
            let seen = op.visibility(Action::ListAccessReview)?;
            Ok(tx.review_standing(seen, organisation)?)
        });
        Ok(read.await?.into())
    }
}

fn nowhere() -> OrganisationId {
    trellis_domain::kernel::TypedId::from_uuid(uuid::Uuid::nil())
}

fn nobody() -> Page<ReviewedAccess> {
    Page { rows: Vec::new(), has_more: false, total: None }
}
