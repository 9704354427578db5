//! The owner has seen the news of a referral.

use super::rules::{Target, load};
use super::{Referral, ReferralError, ReferralFact, ReferralWrites};
use crate::audit::Event;
use crate::kernel::{OpContext, Recorded};
use crate::policy::Action;

pub fn mark_read<S>(tx: &mut S, op: &OpContext, target: Target) -> Result<Recorded<Referral>, ReferralError>
where
    S: ReferralWrites + ?Sized,
{
    let referral = load(tx, op, Target { version: None, ..target })?;
    let permit = op.authorize(Action::MarkRead, &referral)?;
    tx.mark_referral_read(referral.id)?;
    let event = Event::Referral(referral.event(ReferralFact::Read));
    Ok(Recorded::new(permit, referral, [event]))
}
