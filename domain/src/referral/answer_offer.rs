//! A provider answers through the link in an e-mail: yes or no, once. The link is spent in the transaction of
//! the answer, so an answer that does not come about leaves it good.

use super::accept::accept;
use super::decline::decline;
use super::link::{LinkWrites, OfferError, acting};
use super::rules::Target;
use super::{DeclineReason, Referral, ReferralWrites, Stage};
use crate::consent::DecisionReads;
use crate::directory::ServiceWrites;
use crate::kernel::{OpContext, Recorded};
use crate::person::PersonWrites;
use crate::tenancy::{Calendars, OrganisationReads};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferAnswer {
    Accept,
    Decline(DeclineReason),
}

/// The referral after the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub referral: Referral,
    /// A code for this device went to the provider's own address.
    pub code_sent: bool,
}

pub fn answer_offer<S>(
    tx: &mut S,
    op: &OpContext,
    answer: OfferAnswer,
) -> Result<Recorded<Answered>, OfferError>
where
    S: LinkWrites
        + ReferralWrites
        + DecisionReads
        + ServiceWrites
        + PersonWrites
        + OrganisationReads
        + Calendars
        + ?Sized,
{
    let link = acting(tx, op)?;
    if link.spent_at.is_some() {
        return Err(OfferError::Spent);
    }
    let target = Target { referral: link.referral, version: None };
    let recorded = match answer {
        OfferAnswer::Accept => accept(tx, op, target)?,
        OfferAnswer::Decline(reason) => decline(tx, op, (target, reason))?,
    };
    tx.spend_link(link.id)?;
    let has_place = matches!(recorded.value().stage, Stage::Accepted { .. });
    let code_sent = has_place && tx.send_code(&link)?;
    Ok(recorded.map(|referral| Answered { referral, code_sent }))
}
