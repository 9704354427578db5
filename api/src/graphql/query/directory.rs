//! Services, organisations and colleagues.

use async_graphql::{Context, ID, InputObject, Object};
use trellis_domain::kernel::{Outcode, ServiceId};
use trellis_domain::policy::Action;
use trellis_infra::pg::read::{self, Near, outcodes};

use super::page::{List, Placed, connection};
use crate::graphql::context::{GqlContext, gql};
use crate::graphql::enums::{Need, OrganisationKind};
use crate::graphql::error::{Answer, Fault};
use crate::graphql::node_id::parse_id;
use crate::graphql::objects::look::look;
use crate::graphql::objects::wanted::asks;
use crate::graphql::objects::{MemberObject, OrganisationObject, ServiceObject};
use crate::graphql::rules::{Rule, rule};

connection!(ServiceConnection, ServiceEdge of ServiceObject, total);
connection!(OrganisationConnection, OrganisationEdge of OrganisationObject);

/// When no distance is asked for.
const USUAL_KM: f64 = 10.0;
/// Farther than this is not near.
const FARTHEST_KM: f64 = 200.0;
const LONGEST_WORDS: usize = 200;

#[derive(Debug, Clone, Default, InputObject)]
pub struct ServiceFilter {
    words: Option<String>,
    need: Option<Need>,
    near_outcode: Option<String>,
    within_km: Option<f64>,
    step_free: Option<bool>,
    free: Option<bool>,
    online: Option<bool>,
    takes_requests: Option<bool>,
    organisation_kind: Option<OrganisationKind>,
}

#[derive(Default, Debug)]
pub struct DirectoryQuery;

#[Object]
impl DirectoryQuery {
    #[graphql(directive = rule::apply(Rule::By(Action::ViewDirectory).into()))]
    async fn service(&self, ctx: &Context<'_>, id: ID) -> Answer<Option<ServiceObject>> {
        let gql = gql(ctx)?;
        match parse_id(&id) {
            Ok(id) => service(gql, id).await,
            Err(_) => gql.session().map(|_| None),
        }
    }

    /// Nearest first where a place is named, else by name.
    #[graphql(directive = rule::apply(Rule::By(Action::ViewDirectory).into()))]
    async fn services(
        &self,
        ctx: &Context<'_>,
        filter: Option<ServiceFilter>,
        first: i32,
        after: Option<String>,
    ) -> Answer<ServiceConnection> {
        let gql = gql(ctx)?;
        let list = List::of("services", gql.session()?);
        let page = list.page(first, after.as_deref())?;
        let filter = filter.unwrap_or_default().parsed()?;
        let count = asks(ctx, &["totalCount"]);
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::ViewDirectory)?;
            Ok(tx.services(seen, &filter, &page, count)?)
        });
        let page = read.await?;
        let cursors: Vec<String> = page.rows.iter().map(|row| list.cursor(&row.key())).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let rows = page.rows.into_iter().zip(cursors);
        let rows = rows.map(|(row, cursor)| Placed { node: ServiceObject::from_entry(row), cursor });
        Ok(ServiceConnection::new(rows.collect(), page_info, page.total))
    }

    /// By name.
    #[graphql(directive = rule::apply(Rule::By(Action::ViewDirectory).into()))]
    async fn organisations(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
    ) -> Answer<OrganisationConnection> {
        let gql = gql(ctx)?;
        let list = List::of("organisations", gql.session()?);
        let page = list.page(first, after.as_deref())?;
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::ViewDirectory)?;
            Ok(tx.organisation_cards(seen, &page)?)
        });
        let page = read.await?;
        let cursors: Vec<String> = page.rows.iter().map(|row| list.cursor(&row.key())).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let rows = page.rows.into_iter().zip(cursors);
        let rows = rows.map(|(row, cursor)| Placed { node: OrganisationObject(row), cursor });
        Ok(OrganisationConnection::new(rows.collect(), page_info))
    }

    /// Colleagues in the acting organisation, by name; for a role in the network, of all organisations.
    #[graphql(directive = rule::apply(Rule::By(Action::ViewMembers).into()))]
    async fn members(&self, ctx: &Context<'_>) -> Answer<Vec<MemberObject>> {
        let read = look(gql(ctx)?, |tx, op| {
            let seen = op.visibility(Action::ViewMembers)?;
            Ok(tx.member_cards(seen)?)
        });
        Ok(read.await?.into_iter().map(MemberObject).collect())
    }
}

pub async fn service(gql: &GqlContext, id: ServiceId) -> Answer<Option<ServiceObject>> {
    let read = look(gql, move |tx, op| {
        op.visibility(Action::ViewDirectory)?;
        Ok(tx.service_entry(id)?)
    });
    Ok(read.await?.map(ServiceObject::from_entry))
}

impl ServiceFilter {
    fn parsed(self) -> Answer<read::ServiceFilter> {
        if self.words.as_deref().is_some_and(|words| words.chars().count() > LONGEST_WORDS) {
            return Err(Fault::bad_input("filter.words must be at most 200 characters"));
        }
        let near = self.near_outcode.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let near = near.map(|text| near_to(text, self.within_km.unwrap_or(USUAL_KM))).transpose()?;
        Ok(read::ServiceFilter {
            words: self.words,
            need: self.need.map(Into::into),
            near,
            step_free: self.step_free.unwrap_or_default(),
            free: self.free.unwrap_or_default(),
            online: self.online,
            takes_requests: self.takes_requests.unwrap_or_default(),
            organisation_kind: self.organisation_kind.map(Into::into),
        })
    }
}

fn near_to(outcode: &str, within_km: f64) -> Answer<Near> {
    if !(within_km > 0.0 && within_km <= FARTHEST_KM) {
        return Err(Fault::bad_input("filter.withinKm must be more than 0 and at most 200"));
    }
    let known = Outcode::parse(outcode).ok().and_then(|outcode| outcodes::middle_of(&outcode));
    let Some((latitude, longitude)) = known else {
        return Err(Fault::bad_input("filter.nearOutcode must be the first half of a postcode, such as LA9"));
    };
    Ok(Near { latitude, longitude, within_km })
}
