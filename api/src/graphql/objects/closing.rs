//! An organisation that closes, or has closed: what becomes of what is open, in counts, and who takes it.

use async_graphql::{Context, Object, SimpleObject};
use trellis_domain::kernel::OrganisationId;
use trellis_domain::policy::Action;
use trellis_domain::tenancy::{Closing, ClosingReads, Outlook};
use trellis_infra::pg::read::OrganisationCard;

use super::look::look;
use super::organisation::OrganisationObject;
use crate::graphql::context::{GqlContext, gql};
use crate::graphql::error::Answer;
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

/// What becomes of what is open. Counts only, as things stand.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct ClosingOutlook {
    /// People whose record it answers for. While there is one, it is not closed.
    people: u64,
    /// At most these go to the successor: the person's own decision covers them, and one of its services has to take them.
    passed_on: u64,
    /// Goes back to whoever asked, who is given the task to find somebody else.
    sent_back: u64,
    /// It asked for these; they stay with whoever has them.
    left_with_others: u64,
    /// Not sent yet: these end.
    dropped: u64,
    /// Nobody else knows of these, and nothing lets the successor know. While there is one, it is not closed.
    only_here: u64,
    /// Emergency openings of records that it answers for, not reviewed yet. While there is one, it is not closed.
    emergencies: u64,
    /// Sent back to it, or declined, and nobody else found yet. While there is one, it is not closed.
    unanswered: u64,
    /// Others that are handing over their people's records to it. While there is one, it is not closed.
    coming: u64,
    /// To whom it has offered the records that it answers for; null while it has not.
    custody_to: Option<OrganisationObject>,
    /// That one has accepted, and they are being handed over.
    custody_moving: bool,
}

impl ClosingOutlook {
    pub async fn read(
        gql: &GqlContext,
        id: OrganisationId,
        successor: Option<OrganisationId>,
    ) -> Answer<Self> {
        let read = look(gql, move |tx, _| {
            let outlook = tx.outlook(id, successor)?;
            let to = outlook.custody.map(|custody| tx.organisation_card(custody.to)).transpose()?;
            Ok((outlook, to.flatten()))
        });
        let (outlook, to) = read.await?;
        Ok(Self::of(outlook, to))
    }

    fn of(outlook: Outlook, to: Option<OrganisationCard>) -> Self {
        Self {
            coming: outlook.coming,
            custody_to: to.map(OrganisationObject),
            custody_moving: outlook.custody.is_some_and(|custody| custody.moving),
            people: outlook.people,
            passed_on: outlook.passed_on,
            sent_back: outlook.sent_back,
            left_with_others: outlook.left_with_others,
            dropped: outlook.dropped,
            only_here: outlook.only_here,
            emergencies: outlook.emergencies,
            unanswered: outlook.unanswered,
        }
    }
}

/// How far it is with an organisation that has closed.
#[derive(Debug, Clone)]
pub struct ClosingObject {
    closing: Closing,
    whose: OrganisationCard,
}

impl ClosingObject {
    pub fn new(closing: Closing, whose: OrganisationCard) -> Self {
        Self { closing, whose }
    }
}

#[Object(name = "Closing", directive = rule::apply(Rule::By(Action::CloseOrganisation).into()))]
impl ClosingObject {
    async fn organisation(&self) -> OrganisationObject {
        OrganisationObject(self.whose.clone())
    }

    /// What nobody could take when it was looked at last: another successor, or the people's own decision, would help.
    async fn waiting(&self) -> u64 {
        self.closing.waiting
    }

    /// Who takes what people have agreed that they may know.
    async fn successor(&self, ctx: &Context<'_>) -> Answer<Option<OrganisationObject>> {
        let Some(id) = self.closing.successor else { return Ok(None) };
        let card = look(gql(ctx)?, move |tx, _| Ok(tx.organisation_card(id)?)).await?;
        Ok(card.map(OrganisationObject))
    }

    /// When the last of what it held was settled; null while something is open.
    async fn finished_at(&self) -> Option<DateTime> {
        self.closing.finished_at.map(Into::into)
    }

    /// What is still open.
    async fn left(&self, ctx: &Context<'_>) -> Answer<ClosingOutlook> {
        ClosingOutlook::read(gql(ctx)?, self.closing.organisation, self.closing.successor).await
    }
}
