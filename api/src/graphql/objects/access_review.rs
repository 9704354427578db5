//! A review of access as whoever answers for a place sees it.

use async_graphql::{ID, SimpleObject};
use trellis_domain::access_review::{LONG_AGO, ReviewedAccess};
use trellis_domain::kernel::UserId;
use trellis_domain::policy::Action;
use trellis_infra::pg::read::ReviewStanding;

use super::staff::roles_of;
use crate::graphql::enums::Role;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

/// What one member has, and when somebody last said that they need it.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "ReviewedAccess", directive = rule::apply(Rule::By(Action::ListAccessReview).into()))]
pub struct ReviewedAccessObject {
    /// Of the membership.
    pub id: ID,
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    /// To be sent with a confirmation or a change.
    pub version: i32,
    pub organisation_id: Option<ID>,
    pub organisation_name: Option<String>,
    pub joined_at: DateTime,
    /// Null: not in the last 90 days; longer is not kept.
    pub last_seen_at: Option<DateTime>,
    /// That the login has one of its own, and not which.
    pub second_factor: bool,
    /// Null: nobody has looked at these roles yet.
    pub confirmed_at: Option<DateTime>,
    pub confirmed_by: Option<String>,
    /// The one who asks, whichever membership it is: somebody else confirms it.
    pub is_you: bool,
}

impl ReviewedAccessObject {
    pub fn of(row: ReviewedAccess, you: UserId) -> Self {
        let (organisation_id, organisation_name) = row.organisation.unzip();
        let (confirmed_at, confirmed_by) = row.confirmed.unzip();
        Self {
            is_you: row.user == you,
            id: row.membership.to_string().into(),
            name: row.name,
            email: row.email,
            roles: roles_of(&row.roles),
            version: row.version,
            organisation_id: organisation_id.map(|id| id.to_string().into()),
            organisation_name,
            joined_at: row.joined_at.into(),
            last_seen_at: row.last_seen_at.map(Into::into),
            second_factor: row.second_factor,
            confirmed_at: confirmed_at.map(Into::into),
            confirmed_by,
        }
    }
}

/// Where a review stands.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "AccessReviewStanding", directive = rule::apply(Rule::NothingMore.into()))]
pub struct ReviewStandingObject {
    pub people: u64,
    /// Nobody has looked at what they have for so many days as `days` says, or ever.
    pub unconfirmed: u64,
    /// Not seen for so many days, and a member for longer.
    pub unseen: u64,
    pub without_second_factor: u64,
    /// Everybody was looked at since then. Null while somebody was not.
    pub everybody_since: Option<DateTime>,
    pub days: i64,
}

impl From<ReviewStanding> for ReviewStandingObject {
    fn from(standing: ReviewStanding) -> Self {
        Self {
            people: standing.people,
            unconfirmed: standing.unconfirmed,
            unseen: standing.unseen,
            without_second_factor: standing.without_second_factor,
            everybody_since: standing.everybody_since.map(Into::into),
            days: LONG_AGO.as_hours() / 24,
        }
    }
}
