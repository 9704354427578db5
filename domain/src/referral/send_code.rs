//! Send another code to the provider's own address: the first was lost, came too late, or another device asks.

use super::link::{LinkWrites, OfferError, acting};
use super::{ReferralError, ReferralWrites};
use crate::kernel::{OpContext, Recorded};
use crate::policy::Action;

/// Answers whether a code went out; after too many none does, and the provider is asked to phone.
pub fn send_code<S>(tx: &mut S, op: &OpContext) -> Result<Recorded<bool>, OfferError>
where
    S: LinkWrites + ReferralWrites + ?Sized,
{
    let link = acting(tx, op)?;
    let referral = tx.referral(link.referral)?.ok_or(ReferralError::NotFound)?;
    let permit = op.authorize(Action::VerifyDevice, &referral)?;
    if link.spent_at.is_none() || !referral.stage.holds_place() {
        return Err(OfferError::NotAccepted);
    }
    Ok(Recorded::new(permit, tx.send_code(&link)?, []))
}
