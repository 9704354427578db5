//! Whose records an organisation answers for, and the offers to hand them over, as either side sees them. Nobody is in it.

use async_graphql::{Context, ID, Object};
use tokio::sync::OnceCell;
use trellis_domain::custody::{CustodyOffer, Standing};
use trellis_domain::kernel::OrganisationId;
use trellis_domain::policy::Action;
use trellis_infra::pg::read::CustodyEntry;

use super::OrganisationObject;
use super::look::{acting, look};
use crate::graphql::context::gql;
use crate::graphql::enums::{CustodyDecline, CustodyReason, CustodyStage};
use crate::graphql::error::{Answer, Fault};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

/// Of the acting organisation.
#[derive(Debug, Default)]
pub struct CustodyObject;

#[Object(name = "Custody", directive = rule::apply(Rule::By(Action::ListCustody).into()))]
impl CustodyObject {
    /// People whose record it answers for, as things stand.
    async fn people(&self, ctx: &Context<'_>) -> Answer<u64> {
        look(gql(ctx)?, |tx, op| Ok(tx.custody_of(op.visibility(Action::ListCustody)?)?)).await
    }

    /// Organisations that could answer for them: open, allowed to register people, with a privacy officer who signs and
    /// somebody who does the work.
    async fn receivers(&self, ctx: &Context<'_>) -> Answer<Vec<OrganisationObject>> {
        let cards = look(gql(ctx)?, |tx, op| Ok(tx.possible_keepers(op.visibility(Action::ListCustody)?)?));
        Ok(cards.await?.into_iter().map(OrganisationObject).collect())
    }

    /// Made and received, newest first; 50 at most.
    async fn offers(&self, ctx: &Context<'_>) -> Answer<Vec<CustodyOfferObject>> {
        let entries = look(gql(ctx)?, |tx, op| Ok(tx.custody_offers(op.visibility(Action::ListCustody)?)?));
        Ok(entries.await?.into_iter().map(CustodyOfferObject::of).collect())
    }
}

#[derive(Debug, Clone)]
pub struct CustodyOfferObject {
    offer: CustodyOffer,
    entry: OnceCell<CustodyEntry>,
}

impl CustodyOfferObject {
    pub fn new(offer: CustodyOffer) -> Self {
        Self { offer, entry: OnceCell::new() }
    }

    pub fn of(entry: CustodyEntry) -> Self {
        Self { offer: entry.offer, entry: OnceCell::new_with(Some(entry)) }
    }

    async fn entry(&self, ctx: &Context<'_>) -> Answer<&CustodyEntry> {
        let gql = gql(ctx)?;
        let read = || async {
            let id = self.offer.id;
            look(gql, move |tx, _| Ok(tx.custody_entry(id)?)).await?.ok_or_else(Fault::internal)
        };
        self.entry.get_or_try_init(read).await
    }
}

fn is_ours(ctx: &Context<'_>, side: OrganisationId) -> Answer<bool> {
    Ok(acting(ctx)? == Some(side))
}

#[Object(name = "CustodyOffer", directive = rule::apply(Rule::By(Action::ListCustody).into()))]
impl CustodyOfferObject {
    async fn id(&self) -> ID {
        self.offer.id.to_string().into()
    }

    async fn stage(&self) -> CustodyStage {
        self.offer.standing.stage().into()
    }

    async fn reason(&self) -> CustodyReason {
        self.offer.reason.into()
    }

    /// Was it made by the acting organisation? Else it was received.
    async fn made(&self, ctx: &Context<'_>) -> Answer<bool> {
        is_ours(ctx, self.offer.from)
    }

    /// Who offers.
    #[graphql(name = "fromName")]
    async fn offering(&self, ctx: &Context<'_>) -> Answer<&str> {
        Ok(&self.entry(ctx).await?.from_name)
    }

    /// To whom.
    #[graphql(name = "toName")]
    async fn receiving(&self, ctx: &Context<'_>) -> Answer<&str> {
        Ok(&self.entry(ctx).await?.to_name)
    }

    async fn offered_at(&self) -> DateTime {
        self.offer.offered_at.into()
    }

    /// When it was answered or taken back.
    async fn settled_at(&self) -> Option<DateTime> {
        self.offer.standing.settled_at().map(DateTime::from)
    }

    async fn finished_at(&self) -> Option<DateTime> {
        self.offer.standing.finished_at().map(DateTime::from)
    }

    async fn declined(&self) -> Option<CustodyDecline> {
        self.offer.standing.declined().map(CustodyDecline::from)
    }

    /// When it was offered.
    async fn people(&self) -> u64 {
        self.offer.people
    }

    /// How many have gone over.
    async fn moved(&self, ctx: &Context<'_>) -> Answer<u64> {
        Ok(self.entry(ctx).await?.moved)
    }

    /// How many are still to go, as things stand; 0 once it is over.
    async fn left(&self, ctx: &Context<'_>) -> Answer<u64> {
        Ok(self.entry(ctx).await?.left)
    }

    /// Of these, people for whom whoever offers has to see to something first: an emergency opening that is open or not
    /// reviewed, a request that is not sent yet or came back, or somebody who is to be told something.
    async fn held(&self, ctx: &Context<'_>) -> Answer<u64> {
        Ok(self.entry(ctx).await?.held)
    }

    /// May the acting membership take it back now?
    async fn withdrawable(&self, ctx: &Context<'_>) -> Answer<bool> {
        self.is_open_to(ctx, Action::WithdrawCustodyOffer)
    }

    /// May the acting membership answer it now? Whoever has not proved lately who they are is asked to.
    async fn answerable(&self, ctx: &Context<'_>) -> Answer<bool> {
        let waits = self.offer.standing == Standing::Offered;
        let roles = &gql(ctx)?.session()?.roles;
        Ok(waits && is_ours(ctx, self.offer.to)? && Action::AnswerCustodyOffer.is_for(roles))
    }
}

impl CustodyOfferObject {
    fn is_open_to(&self, ctx: &Context<'_>, action: Action) -> Answer<bool> {
        let op = gql(ctx)?.op()?;
        Ok(self.offer.standing == Standing::Offered && op.authorize(action, &self.offer).is_ok())
    }
}
