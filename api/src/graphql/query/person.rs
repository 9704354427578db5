//! One person, and finding somebody again. Only people with unended access are ever seen.

use async_graphql::{Context, ID, Object};
use trellis_domain::kernel::PersonId;
use trellis_domain::policy::Action;

use super::page::{List, Placed, connection};
use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::{Answer, Fault};
use crate::graphql::input::Check;
use crate::graphql::input::person::IdentityInput;
use crate::graphql::node_id::parse_id;
use crate::graphql::objects::look::look;
use crate::graphql::objects::person::{PersonParts, contacts_of, decisions_of, referrals_of};
use crate::graphql::objects::plan::plan_of;
use crate::graphql::objects::rows::PersonSummary;
use crate::graphql::objects::sameness::possible_matches_of;
use crate::graphql::objects::wanted::{asks, asks_most};
use crate::graphql::objects::{PersonObject, PossibleMatchObject};
use crate::graphql::rules::{Rule, rule};

connection!(PersonConnection, PersonEdge of PersonSummary);

/// Longer than any name, number or date that somebody types.
const LONGEST_SEARCH: usize = 200;

#[derive(Default, Debug)]
pub struct PersonQuery;

/// What can be read together with a person, by the name of its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Decisions,
    Referrals,
    Plan,
    PossibleMatches,
    SameAs,
}

impl Part {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Decisions, "decisions"),
        (Self::Referrals, "referrals"),
        (Self::Plan, "plan"),
        (Self::PossibleMatches, "possibleMatches"),
        (Self::SameAs, "sameAs"),
    ];
}

/// What to read together with a person.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    parts: Vec<Part>,
    stories: Option<u16>,
    contacts: Option<u16>,
}

#[Object]
impl PersonQuery {
    /// Null for somebody who does not exist or whom the acting organisation may not see: the same answer.
    #[graphql(directive = rule::apply(Rule::By(Action::ViewIdentity).into()))]
    async fn person(&self, ctx: &Context<'_>, id: ID) -> Answer<Option<PersonObject>> {
        let gql = gql(ctx)?;
        let parts = Part::ALL.into_iter().filter(|(_, field)| asks(ctx, &[field])).map(|(part, _)| part);
        let wanted = Wanted {
            parts: parts.collect(),
            stories: asks_most(ctx, &["referrals", "timeline"]),
            contacts: asks_most(ctx, &["contacts"]),
        };
        match parse_id(&id) {
            Ok(id) => person(gql, id, wanted).await,
            Err(_) => gql.session().map(|_| None),
        }
    }

    /// Those on record who may be somebody who is about to be entered, the likeliest first; at most five.
    #[graphql(directive = rule::apply(Rule::By(Action::ComparePeople).into()))]
    async fn possible_matches(
        &self,
        ctx: &Context<'_>,
        identity: IdentityInput,
    ) -> Answer<Vec<PossibleMatchObject>> {
        let gql = gql(ctx)?;
        gql.session()?;
        let mut check = Check::new();
        let typed = identity.check(check.within("identity."));
        let identity = check.finish(typed).map_err(|refusal| Fault::bad_input(refusal.message))?;
        let read = look(gql, move |tx, op| {
            op.visibility(Action::ComparePeople)?;
            Ok(tx.possible_matches(&identity)?)
        });
        Ok(read.await?.into_iter().map(PossibleMatchObject).collect())
    }

    /// By name, date of birth, NHS number, postcode or reference.
    #[graphql(directive = rule::apply(Rule::By(Action::SearchPeople).into()))]
    async fn people(
        &self,
        ctx: &Context<'_>,
        search: String,
        first: i32,
        after: Option<String>,
    ) -> Answer<PersonConnection> {
        let gql = gql(ctx)?;
        let list = List::of("people", gql.session()?);
        let page = list.page(first, after.as_deref())?;
        if search.chars().count() > LONGEST_SEARCH {
            return Err(Fault::bad_input("search must be at most 200 characters"));
        }
        let read = look(gql, move |tx, op| {
            let seen = op.visibility(Action::SearchPeople)?;
            Ok(tx.people(seen, &search, &page)?)
        });
        let page = read.await?;
        let cursors: Vec<String> =
            page.rows.iter().map(|row| list.cursor(&trellis_domain::kernel::TypedId::uuid(row.id))).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let rows = page.rows.into_iter().zip(cursors);
        let rows = rows.map(|(row, cursor)| Placed { node: row.into(), cursor });
        Ok(PersonConnection::new(rows.collect(), page_info))
    }
}

pub async fn person(gql: &GqlContext, id: PersonId, wanted: Wanted) -> Answer<Option<PersonObject>> {
    let read = look(gql, move |tx, op| {
        let Some(view) = tx.person_view(id)? else { return Ok(None) };
        tx.audit_read(op.authorize(Action::ViewIdentity, &view.person)?);
        let wants = |part| wanted.parts.contains(&part);
        let mut parts = PersonParts::default();
        if wants(Part::Decisions) {
            parts.decisions = Some(decisions_of(tx, op, &view.person)?);
        }
        if wants(Part::Referrals) {
            parts.referrals = Some(referrals_of(tx, op, (&view.person, wanted.stories))?);
        }
        if let Some(most) = wanted.contacts {
            parts.contacts = Some((most, contacts_of(tx, op, (&view.person, most))?));
        }
        if wants(Part::Plan) {
            parts.plan = Some(plan_of(tx, op, (&view.person, None))?);
        }
        if wants(Part::PossibleMatches) {
            parts.possible_matches = Some(possible_matches_of(tx, op, &view.person)?);
        }
        if wants(Part::SameAs) {
            parts.same_as = Some(tx.same_as(view.person.id)?);
        }
        Ok(Some((view, parts)))
    });
    Ok(read.await?.map(|(view, parts)| PersonObject::from_view(view, parts)))
}
