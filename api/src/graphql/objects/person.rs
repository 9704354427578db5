//! Somebody who may be helped, as far as the acting organisation may know them.

use async_graphql::{Context, ID, Object};
use tokio::sync::OnceCell;
use trellis_domain::kernel::{EmailAddress, Line, Postcode, Redacted};
use trellis_domain::person::{AccessLevel as Level, Identity, Person, Preferences};
use trellis_domain::policy::Action;
use trellis_infra::pg::read::{
    ContactEntry, DecisionEntry, PersonView, PlanEntry, PossibleMatch, ReferralView, SameAs, TimelineEntry,
};

use super::contact::ContactObject;
use super::decision::DecisionObject;
use super::emergency::{EmergencyObject, HelperObject};
use super::look::{Tx, look};
use super::organisation::OrganisationObject;
use super::plan::{PlanConnection, PlanObject, plan_of};
use super::referral::ReferralObject;
use super::sameness::{PersonMatchObject, PossibleMatchObject, possible_matches_of};
use super::wanted::most;
use crate::graphql::context::gql;
use crate::graphql::enums::{AccessLevel, ContactChannel, InformationFormat};
use crate::graphql::error::{Answer, Fault, FaultCode, ReadError};
use crate::graphql::query::page::{List, Placed};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::Date;
use trellis_domain::kernel::OpContext;

/// Somebody who may be helped, as far as the acting organisation may know them.
#[derive(Debug, Clone)]
pub struct PersonObject {
    person: Person,
    view: OnceCell<PersonView>,
    decisions: OnceCell<Option<Vec<DecisionEntry>>>,
    referrals: OnceCell<Vec<Told>>,
    contacts: OnceCell<(u16, Vec<ContactEntry>)>,
    plan: OnceCell<Option<PlanEntry>>,
    possible_matches: OnceCell<Vec<PossibleMatch>>,
    same_as: OnceCell<Vec<SameAs>>,
}

/// A referral with its story, where that was asked for.
pub type Told = (ReferralView, Option<(u16, Vec<TimelineEntry>)>);

/// What was read together with the person.
#[derive(Debug, Clone, Default)]
pub struct PersonParts {
    pub decisions: Option<Option<Vec<DecisionEntry>>>,
    pub referrals: Option<Vec<Told>>,
    pub contacts: Option<(u16, Vec<ContactEntry>)>,
    /// The newest version.
    pub plan: Option<Option<PlanEntry>>,
    pub possible_matches: Option<Vec<PossibleMatch>>,
    pub same_as: Option<Vec<SameAs>>,
}

impl PersonObject {
    pub fn new(person: Person) -> Self {
        Self {
            person,
            view: OnceCell::new(),
            decisions: OnceCell::new(),
            referrals: OnceCell::new(),
            contacts: OnceCell::new(),
            plan: OnceCell::new(),
            possible_matches: OnceCell::new(),
            same_as: OnceCell::new(),
        }
    }

    pub fn from_view(view: PersonView, parts: PersonParts) -> Self {
        Self {
            person: view.person.clone(),
            view: OnceCell::new_with(Some(view)),
            decisions: OnceCell::new_with(parts.decisions),
            referrals: OnceCell::new_with(parts.referrals),
            contacts: OnceCell::new_with(parts.contacts),
            plan: OnceCell::new_with(parts.plan),
            possible_matches: OnceCell::new_with(parts.possible_matches),
            same_as: OnceCell::new_with(parts.same_as),
        }
    }

    async fn view(&self, ctx: &Context<'_>) -> Answer<&PersonView> {
        let (gql, id) = (gql(ctx)?, self.person.id);
        let read = || async move {
            let view = look(gql, move |tx, op| {
                let Some(view) = tx.person_view(id)? else { return Ok(None) };
                tx.audit_read(op.authorize(Action::ViewIdentity, &view.person)?);
                Ok(Some(view))
            });
            view.await?.ok_or_else(|| Fault::new(FaultCode::NotFound, "there is no such person any more"))
        };
        self.view.get_or_try_init(read).await
    }
}

/// Only for those who may see the whole record; for others there is nothing, not an error.
pub fn decisions_of(
    tx: &mut Tx<'_>,
    op: &OpContext,
    person: &Person,
) -> Result<Option<Vec<DecisionEntry>>, ReadError> {
    match op.authorize(Action::ViewRecord, person) {
        Ok(permit) => {
            tx.audit_read(permit);
            Ok(Some(tx.person_decisions(person.id)?))
        }
        Err(_) => Ok(None),
    }
}

/// The acting organisation's own contacts; none for a role that sees none.
pub fn contacts_of(
    tx: &mut Tx<'_>,
    op: &OpContext,
    (person, most): (&Person, u16),
) -> Result<Vec<ContactEntry>, ReadError> {
    match op.visibility(Action::ViewContacts) {
        Ok(seen) => Ok(tx.contact_entries(seen, person.id, most)?),
        Err(_) => Ok(Vec::new()),
    }
}

/// Those that the role may see, with their stories where asked for.
pub fn referrals_of(
    tx: &mut Tx<'_>,
    op: &OpContext,
    (person, told): (&Person, Option<u16>),
) -> Result<Vec<Told>, ReadError> {
    let views: Vec<ReferralView> = tx
        .referrals_about(person.id)?
        .into_iter()
        .filter(|view| op.authorize(Action::ViewReferral, &view.referral).is_ok())
        .collect();
    let Some(most) = told else { return Ok(views.into_iter().map(|view| (view, None)).collect()) };
    let referrals: Vec<_> = views.iter().map(|view| view.referral.clone()).collect();
    let stories = tx.timelines(&referrals, most)?;
    Ok(views.into_iter().zip(stories).map(|(view, story)| (view, Some((most, story)))).collect())
}

#[Object(name = "Person", directive = rule::apply(Rule::By(Action::ViewIdentity).into()))]
impl PersonObject {
    pub async fn id(&self) -> ID {
        self.person.id.to_string().into()
    }

    async fn name(&self) -> String {
        self.person.identity.full_name()
    }

    async fn version(&self) -> i32 {
        self.person.version
    }

    /// How much of the record the acting organisation sees, and why.
    async fn access_level(&self) -> AccessLevel {
        self.person.level.into()
    }

    async fn access_basis(&self, ctx: &Context<'_>) -> Answer<&'static str> {
        Ok(self.view(ctx).await?.basis.words())
    }

    async fn custodian(&self, ctx: &Context<'_>) -> Answer<OrganisationObject> {
        Ok(OrganisationObject(self.view(ctx).await?.custodian.clone()))
    }

    async fn identity(&self) -> PersonIdentity {
        PersonIdentity { identity: self.person.identity.clone(), level: self.person.level }
    }

    async fn preferences(&self) -> PreferencesObject {
        PreferencesObject(self.person.preferences.clone())
    }

    /// Only with the full record.
    async fn decisions(&self, ctx: &Context<'_>) -> Answer<Option<Vec<DecisionObject>>> {
        let (gql, person) = (gql(ctx)?, self.person.clone());
        let read = || look(gql, move |tx, op| decisions_of(tx, op, &person));
        let decisions = self.decisions.get_or_try_init(read).await?.clone();
        Ok(decisions.map(|all| all.into_iter().map(DecisionObject::from_entry).collect()))
    }

    /// The newest version of the plan, or the one asked for. Only with the full record.
    async fn plan(&self, ctx: &Context<'_>, version: Option<i32>) -> Answer<Option<PlanObject>> {
        let (gql, person) = (gql(ctx)?, self.person.clone());
        let read = || look(gql, move |tx, op| plan_of(tx, op, (&person, version)));
        let entry = match version {
            Some(_) => read().await?,
            None => self.plan.get_or_try_init(read).await?.clone(),
        };
        Ok(entry.map(PlanObject::from_entry))
    }

    /// Every version of it, the newest first. Only with the full record.
    #[graphql(directive = rule::apply(Rule::By(Action::ViewPlan).into()))]
    async fn plan_versions(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
    ) -> Answer<Option<PlanConnection>> {
        let (gql, person) = (gql(ctx)?, self.person.clone());
        let list = List::of("plan", gql.session()?);
        let page = list.page(first, after.as_deref())?;
        let read = look(gql, move |tx, op| match op.authorize(Action::ViewPlan, &person) {
            Ok(permit) => {
                tx.audit_read(permit);
                Ok(Some(tx.plan_versions(person.id, &page)?))
            }
            Err(_) => Ok(None),
        });
        let Some(page) = read.await? else { return Ok(None) };
        let cursors: Vec<String> = page.rows.iter().map(|entry| list.cursor(&entry.plan.version)).collect();
        let page_info = list.info(&cursors, after.as_deref(), page.has_more);
        let rows = page.rows.into_iter().zip(cursors);
        let rows = rows.map(|(entry, cursor)| Placed { node: PlanObject::from_entry(entry), cursor });
        Ok(Some(PlanConnection::new(rows.collect(), page_info)))
    }

    /// The opening through which the acting organisation sees the record for now.
    async fn emergency(&self, ctx: &Context<'_>) -> Answer<Option<EmergencyObject>> {
        if self.person.granted == Some(self.person.level) {
            return Ok(None);
        }
        let (gql, person) = (gql(ctx)?, self.person.clone());
        let read = look(gql, move |tx, op| {
            tx.audit_read(op.authorize(Action::ViewIdentity, &person)?);
            Ok(tx.emergency_of(person.id)?)
        });
        Ok(read.await?.map(EmergencyObject::new))
    }

    /// Who helps the person now, for whoever has opened the record in an emergency; empty for everybody else.
    async fn emergency_helpers(&self, ctx: &Context<'_>) -> Answer<Vec<HelperObject>> {
        if self.person.granted == Some(self.person.level) {
            return Ok(Vec::new());
        }
        let (gql, person) = (gql(ctx)?, self.person.clone());
        let read = look(gql, move |tx, op| {
            tx.audit_read(op.authorize(Action::ViewIdentity, &person)?);
            Ok(tx.helping_in_emergency(person.id)?)
        });
        Ok(read.await?.into_iter().map(HelperObject::of).collect())
    }

    /// The referrals the acting organisation is party to, newest first.
    async fn referrals(&self, ctx: &Context<'_>) -> Answer<Vec<ReferralObject>> {
        let (gql, person) = (gql(ctx)?, self.person.clone());
        let read = || {
            look(gql, move |tx, op| {
                tx.audit_read(op.authorize(Action::ViewIdentity, &person)?);
                referrals_of(tx, op, (&person, None))
            })
        };
        let told = self.referrals.get_or_try_init(read).await?.clone();
        Ok(told.into_iter().map(|(view, story)| ReferralObject::from_view(view, story)).collect())
    }

    /// Records that may be of the same person, and of which nobody here has said whether they are; at most five.
    #[graphql(directive = rule::apply(Rule::By(Action::ComparePeople).into()))]
    async fn possible_matches(&self, ctx: &Context<'_>) -> Answer<Vec<PossibleMatchObject>> {
        let (gql, person) = (gql(ctx)?, self.person.clone());
        let read = || look(gql, move |tx, op| possible_matches_of(tx, op, &person));
        let found = self.possible_matches.get_or_try_init(read).await?.clone();
        Ok(found.into_iter().map(PossibleMatchObject).collect())
    }

    /// Other records that the acting organisation has found to be of the same person, as far as they are open to it.
    async fn same_as(&self, ctx: &Context<'_>) -> Answer<Vec<PersonMatchObject>> {
        let (gql, person) = (gql(ctx)?, self.person.clone());
        let read = || {
            look(gql, move |tx, op| {
                tx.audit_read(op.authorize(Action::ViewIdentity, &person)?);
                Ok(tx.same_as(person.id)?)
            })
        };
        let found = self.same_as.get_or_try_init(read).await?.clone();
        Ok(found.into_iter().map(PersonMatchObject::of).collect())
    }

    /// The acting organisation's own contacts, newest first.
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: i32,
    ) -> Answer<Vec<ContactObject>> {
        let asked = most(first)?;
        let (gql, person) = (gql(ctx)?, self.person.clone());
        let read = || {
            look(gql, move |tx, op| {
                tx.audit_read(op.authorize(Action::ViewIdentity, &person)?);
                contacts_of(tx, op, (&person, asked))
            })
        };
        let contacts = match self.contacts.get() {
            Some((known, contacts)) if *known == asked => contacts.clone(),
            _ => read().await?,
        };
        Ok(contacts.into_iter().map(ContactObject::from_entry).collect())
    }
}

/// Name and how to reach; date of birth and NHS number with the full record only.
#[derive(Debug, Clone)]
pub struct PersonIdentity {
    identity: Identity,
    level: Level,
}

fn line(line: Option<&Redacted<Line>>) -> Option<&str> {
    line.map(|line| line.reveal().as_str())
}

#[Object(directive = rule::apply(Rule::NothingMore.into()))]
impl PersonIdentity {
    async fn given_name(&self) -> &str {
        self.identity.given_name.reveal().as_str()
    }

    async fn family_name(&self) -> &str {
        self.identity.family_name.reveal().as_str()
    }

    #[graphql(directive = rule::apply(Rule::FullAccess.into()))]
    async fn birth_date(&self) -> Option<Date> {
        let birth = self.identity.birth_date.as_ref().filter(|_| self.level == Level::Full);
        birth.map(|birth| Date(*birth.reveal()))
    }

    #[graphql(directive = rule::apply(Rule::FullAccess.into()))]
    async fn nhs_number(&self) -> Option<&str> {
        let number = self.identity.nhs_number.as_ref().filter(|_| self.level == Level::Full);
        number.map(trellis_domain::kernel::NhsNumber::as_str)
    }

    async fn phone(&self) -> Option<&str> {
        line(self.identity.phone.as_ref())
    }

    async fn email(&self) -> Option<&str> {
        self.identity.email.as_ref().map(EmailAddress::as_str)
    }

    async fn address(&self) -> Option<&str> {
        line(self.identity.address.as_ref())
    }

    async fn postcode(&self) -> Option<&str> {
        self.identity.postcode.as_ref().map(Postcode::as_str)
    }
}

#[derive(Debug, Clone)]
pub struct PreferencesObject(pub Preferences);

#[Object(name = "Preferences", directive = rule::apply(Rule::NothingMore.into()))]
impl PreferencesObject {
    async fn channels(&self) -> Vec<ContactChannel> {
        self.0.channels.iter().copied().map(ContactChannel::from).collect()
    }

    async fn no_voicemail(&self) -> bool {
        self.0.no_voicemail
    }

    async fn safe_times(&self) -> Option<&str> {
        self.0.safe_times.as_ref().map(Line::as_str)
    }

    async fn format(&self) -> InformationFormat {
        self.0.format.into()
    }

    async fn interpreter(&self) -> Option<&str> {
        self.0.interpreter.as_ref().map(Line::as_str)
    }
}
