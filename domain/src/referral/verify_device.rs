//! Verify a device by the code that went to the provider's own address. Only then does it show who the person is.

use super::link::{CodeCheck, LinkWrites, OfferError, acting};
use super::{ReferralError, ReferralWrites};
use crate::kernel::{OpContext, Recorded};
use crate::policy::Action;

/// A wrong code is an outcome and not an error: the try has to be kept.
pub fn verify_device<S>(tx: &mut S, op: &OpContext, typed: &str) -> Result<Recorded<CodeCheck>, OfferError>
where
    S: LinkWrites + ReferralWrites + ?Sized,
{
    let link = acting(tx, op)?;
    let referral = tx.referral(link.referral)?.ok_or(ReferralError::NotFound)?;
    let permit = op.authorize(Action::VerifyDevice, &referral)?;
    if link.spent_at.is_none() || !referral.stage.holds_place() {
        return Err(OfferError::NotAccepted);
    }
    Ok(Recorded::new(permit, tx.check_code(&link, typed)?, []))
}
