//! One request to one service, as far as the acting organisation may know of it.

use async_graphql::{Context, ID, Object};
use tokio::sync::OnceCell;
use trellis_domain::kernel::{Outcode, Prose};
use trellis_domain::policy::Action;
use trellis_domain::referral::close_out::CloseOut;
use trellis_domain::referral::{Brief, Referral, ReferralReads, Standing};
use trellis_infra::pg::read::{DecisionEntry, ReferralView, TimelineEntry};

use super::look::{acting, look};
use super::organisation::{MemberObject, OrganisationObject};
use super::person::{PersonObject, PersonParts};
use super::service::ServiceObject;
use super::wanted::most;
use crate::graphql::context::gql;
use crate::graphql::enums::{
    AccessNeed, AgeBand, FeedbackChoice, Need, ReferralCommand, ReferralRoute, ReferralStage, Risk,
};
use crate::graphql::error::{Answer, Fault, FaultCode};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

/// One request to one service. What it says beyond its own row is read when it is first asked for, once.
#[derive(Debug, Clone)]
pub struct ReferralObject {
    referral: Referral,
    view: OnceCell<ReferralView>,
    timeline: OnceCell<(u16, Vec<TimelineEntry>)>,
    decisions: OnceCell<Option<Vec<DecisionEntry>>>,
    /// The audit has it that the person was shown.
    person_told: bool,
}

impl ReferralObject {
    pub fn new(referral: Referral) -> Self {
        Self {
            referral,
            view: OnceCell::new(),
            timeline: OnceCell::new(),
            decisions: OnceCell::new(),
            person_told: false,
        }
    }

    pub fn from_view(view: ReferralView, timeline: Option<(u16, Vec<TimelineEntry>)>) -> Self {
        Self {
            referral: view.referral.clone(),
            view: OnceCell::new_with(Some(view)),
            timeline: OnceCell::new_with(timeline),
            decisions: OnceCell::new(),
            person_told: false,
        }
    }

    /// The transaction that read the referral has also told the audit of its person.
    #[must_use]
    pub fn with_person_told(self) -> Self {
        Self { person_told: true, ..self }
    }

    /// With the person's decisions, read in the same transaction.
    #[must_use]
    pub fn with_decisions(mut self, decisions: Option<Option<Vec<DecisionEntry>>>) -> Self {
        self.decisions = OnceCell::new_with(decisions);
        self
    }

    async fn view(&self, ctx: &Context<'_>) -> Answer<&ReferralView> {
        let (gql, id) = (gql(ctx)?, self.referral.id);
        let read = || async move {
            let view = look(gql, move |tx, op| {
                let Some(view) = tx.referral_view(id)? else { return Ok(None) };
                tx.audit_read(op.authorize(Action::ViewReferral, &view.referral)?);
                Ok(Some(view))
            });
            view.await?.ok_or_else(|| Fault::new(FaultCode::NotFound, "there is no such referral any more"))
        };
        self.view.get_or_try_init(read).await
    }

    fn standing(&self, ctx: &Context<'_>) -> Answer<Standing> {
        Ok(self.referral.standing_for(acting(ctx)?))
    }
}

#[Object(name = "Referral", directive = rule::apply(Rule::By(Action::ViewReferral).into()))]
impl ReferralObject {
    pub async fn id(&self) -> ID {
        self.referral.id.to_string().into()
    }

    async fn reference(&self) -> &str {
        self.referral.reference.as_str()
    }

    async fn version(&self, ctx: &Context<'_>) -> Answer<i32> {
        Ok(self.referral.version_for(acting(ctx)?))
    }

    async fn stage(&self, ctx: &Context<'_>) -> Answer<ReferralStage> {
        Ok(self.standing(ctx)?.stage.into())
    }

    /// The stage in words.
    async fn stage_words(&self, ctx: &Context<'_>) -> Answer<&'static str> {
        Ok(self.standing(ctx)?.words)
    }

    async fn stage_since(&self, ctx: &Context<'_>) -> Answer<DateTime> {
        Ok(self.standing(ctx)?.since.into())
    }

    async fn due_at(&self, ctx: &Context<'_>) -> Answer<Option<DateTime>> {
        Ok(self.standing(ctx)?.due.map(DateTime))
    }

    async fn overdue(&self, ctx: &Context<'_>) -> Answer<bool> {
        let now = gql(ctx)?.now();
        Ok(self.standing(ctx)?.due.is_some_and(|due| due < now))
    }

    async fn reason(&self, ctx: &Context<'_>) -> Answer<Option<&'static str>> {
        Ok(self.standing(ctx)?.reason)
    }

    async fn route(&self) -> ReferralRoute {
        self.referral.route.into()
    }

    async fn risk(&self) -> Risk {
        self.referral.risk.into()
    }

    async fn feedback(&self) -> FeedbackChoice {
        self.referral.feedback.into()
    }

    async fn brief(&self) -> BriefObject {
        BriefObject(self.referral.brief.clone())
    }

    /// Null until the acting organisation may know who it is.
    async fn person(&self, ctx: &Context<'_>) -> Answer<Option<PersonObject>> {
        let gql = gql(ctx)?;
        let op = gql.op()?;
        let known = self.view(ctx).await?.person.clone();
        let Some(view) = known.filter(|view| op.authorize(Action::ViewIdentity, &view.person).is_ok()) else {
            return Ok(None);
        };
        if !self.person_told {
            let person = view.person.clone();
            look(gql, move |tx, op| {
                tx.audit_read(op.authorize(Action::ViewIdentity, &person)?);
                Ok(())
            })
            .await?;
        }
        let decisions = self.decisions.get().cloned();
        Ok(Some(PersonObject::from_view(view, PersonParts { decisions, ..PersonParts::default() })))
    }

    #[graphql(name = "from")]
    async fn sender(&self, ctx: &Context<'_>) -> Answer<OrganisationObject> {
        Ok(OrganisationObject(self.view(ctx).await?.from.clone()))
    }

    #[graphql(name = "fromName")]
    async fn sender_name(&self, ctx: &Context<'_>) -> Answer<Option<&str>> {
        Ok(self.view(ctx).await?.from_name.as_deref())
    }

    #[graphql(name = "to")]
    async fn receiver(&self, ctx: &Context<'_>) -> Answer<OrganisationObject> {
        Ok(OrganisationObject(self.view(ctx).await?.to.clone()))
    }

    async fn service(&self, ctx: &Context<'_>) -> Answer<ServiceObject> {
        Ok(ServiceObject::from_entry(self.view(ctx).await?.service.clone()))
    }

    #[graphql(directive = rule::apply(Rule::NothingMore.into()))]
    async fn worker(&self, ctx: &Context<'_>) -> Answer<Option<MemberObject>> {
        Ok(self.view(ctx).await?.worker.clone().map(MemberObject))
    }

    async fn parent(&self, ctx: &Context<'_>) -> Answer<Option<ReferralObject>> {
        let Some(parent) = self.referral.parent else { return Ok(None) };
        let parent = look(gql(ctx)?, move |tx, op| {
            let parent = tx.referral(parent.referral)?;
            Ok(parent.filter(|parent| op.authorize(Action::ViewReferral, parent).is_ok()))
        });
        Ok(parent.await?.map(ReferralObject::new))
    }

    /// What it became when it was passed to another service.
    async fn passed_on_to(&self, ctx: &Context<'_>) -> Answer<Option<ReferralObject>> {
        let Some(next) = self.referral.passed_on_to(acting(ctx)?) else { return Ok(None) };
        let next = look(gql(ctx)?, move |tx, op| {
            let next = tx.referral(next)?;
            Ok(next.filter(|next| op.authorize(Action::ViewReferral, next).is_ok()))
        });
        Ok(next.await?.map(ReferralObject::new))
    }

    async fn children(&self, ctx: &Context<'_>) -> Answer<Vec<ReferralObject>> {
        let id = self.referral.id;
        let children = look(gql(ctx)?, move |tx, op| {
            let children = tx.referrals_from(id)?.into_iter();
            let mut shown = Vec::new();
            for child in children {
                if let Ok(permit) = op.authorize(Action::ViewReferral, &child.referral) {
                    tx.audit_read(permit);
                    shown.push(child);
                }
            }
            Ok(shown)
        });
        Ok(children.await?.into_iter().map(|view| ReferralObject::from_view(view, None)).collect())
    }

    /// What matters to the person, in their words. Null without access.
    #[graphql(directive = rule::apply(Rule::Access.into()))]
    async fn what_matters(&self, ctx: &Context<'_>) -> Answer<Option<&str>> {
        Ok(self.view(ctx).await?.what_matters.as_ref().map(Prose::as_str))
    }

    /// Null until closed, and for a referrer only if the person lets them hear it.
    #[graphql(directive = rule::apply(Rule::Access.into()))]
    async fn close_out(&self, ctx: &Context<'_>) -> Answer<Option<CloseOutObject>> {
        Ok(self.view(ctx).await?.close_out.clone().map(CloseOutObject))
    }

    /// Other services that would take it as it is described: with room before with a waiting list, the nearer first. For
    /// whoever asked, while no answer has come and when it was not taken up; else none.
    #[graphql(
        directive = rule::apply(Rule::By(Action::ViewDirectory).into())
    )]
    async fn alternatives(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 3)] first: i32,
    ) -> Answer<Vec<ServiceObject>> {
        let (asked, referral) = (most(first)?, self.referral.clone());
        let found = look(gql(ctx)?, move |tx, op| {
            let seen = op.visibility(Action::ViewDirectory)?;
            if !referral.may_go_elsewhere(op.organisation()) {
                return Ok(Vec::new());
            }
            Ok(tx.alternatives(seen, &referral, asked)?)
        });
        Ok(found.await?.into_iter().map(ServiceObject::from_entry).collect())
    }

    async fn drafted_at(&self) -> DateTime {
        self.referral.drafted_at.into()
    }

    async fn sent_at(&self) -> Option<DateTime> {
        self.referral.sent_at.map(DateTime)
    }

    async fn unread(&self, ctx: &Context<'_>) -> Answer<i32> {
        Ok(self.view(ctx).await?.unread)
    }

    /// What the acting membership can do now.
    async fn commands(&self, ctx: &Context<'_>) -> Answer<Vec<ReferralCommand>> {
        let op = gql(ctx)?.op()?;
        Ok(self.referral.commands_open_to(&op).into_iter().map(ReferralCommand::from).collect())
    }

    async fn timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: i32,
    ) -> Answer<Vec<TimelineEntryObject>> {
        let asked = most(first)?;
        let (gql, referral) = (gql(ctx)?, self.referral.clone());
        let entries = match self.timeline.get() {
            Some((known, entries)) if *known == asked => entries.clone(),
            _ => {
                let read = look(gql, move |tx, op| {
                    tx.audit_read(op.authorize(Action::ViewReferral, &referral)?);
                    Ok(tx.timeline(&referral, asked)?)
                });
                read.await?
            }
        };
        Ok(entries.into_iter().map(TimelineEntryObject).collect())
    }
}

/// The de-identified request: all that a provider sees before it accepts.
#[derive(Debug, Clone)]
pub struct BriefObject(pub Brief);

#[Object(name = "Brief", directive = rule::apply(Rule::NothingMore.into()))]
impl BriefObject {
    async fn needs(&self) -> Vec<Need> {
        self.0.needs.iter().copied().map(Need::from).collect()
    }

    async fn age_band(&self) -> AgeBand {
        self.0.age_band.into()
    }

    async fn area(&self) -> Option<&str> {
        self.0.area.as_ref().map(Outcode::as_str)
    }

    async fn access_needs(&self) -> Vec<AccessNeed> {
        self.0.access_needs.iter().copied().map(AccessNeed::from).collect()
    }
}

#[derive(Debug, Clone)]
pub struct CloseOutObject(pub CloseOut);

#[Object(name = "CloseOut", directive = rule::apply(Rule::NothingMore.into()))]
impl CloseOutObject {
    async fn support_offered(&self) -> &str {
        self.0.support_offered.as_str()
    }

    async fn outcomes(&self) -> Option<&str> {
        self.0.outcomes.as_ref().map(Prose::as_str)
    }

    async fn actions_for_referrer(&self) -> Option<&str> {
        self.0.actions_for_referrer.as_ref().map(Prose::as_str)
    }
}

#[derive(Debug, Clone)]
pub struct TimelineEntryObject(pub TimelineEntry);

#[Object(name = "TimelineEntry", directive = rule::apply(Rule::NothingMore.into()))]
impl TimelineEntryObject {
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// Stable name such as `referral.accepted`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// In words.
    async fn words(&self) -> &str {
        &self.0.words
    }

    async fn organisation_name(&self) -> Option<&str> {
        self.0.organisation_name.as_deref()
    }

    async fn actor_name(&self) -> Option<&str> {
        self.0.actor_name.as_deref()
    }

    async fn reason(&self) -> Option<&'static str> {
        self.0.reason
    }
}
