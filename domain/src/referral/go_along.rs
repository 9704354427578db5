//! Go along: with the record of a person goes what its keeper has asked for, so that somebody hears how it ends, can take it
//! back and can be asked. What the old keeper asked for while it helps is part of its helping, and stays with it.

use super::referral::Sender;
use super::{Referral, ReferralEvent, ReferralFact, ReferralReads};
use crate::kernel::{OrganisationId, StoreError};

impl Referral {
    /// In the name of whoever keeps the record now. None: whoever kept it has not asked for it, or not sent it. Which
    /// colleague asked is no use to the new keeper.
    pub fn go_along(mut self, from: OrganisationId, to: OrganisationId) -> Option<(Self, ReferralEvent)> {
        let asked = self.from.organisation == from;
        let behind = self.asker.is_some_and(|asker| asker.organisation == from);
        if !(asked || behind) || self.sent_at.is_none() {
            return None;
        }
        let keeper = Sender { organisation: to, user: None };
        if asked {
            self.from = keeper;
        }
        if behind {
            self.asker = Some(keeper);
        }
        let event = self.event(ReferralFact::WentAlong);
        Some((self, event))
    }
}

/// Did they ask for it as part of a referral under which they help on?
pub fn is_part_of_helping<S>(
    tx: &mut S,
    referral: &Referral,
    helper: OrganisationId,
) -> Result<bool, StoreError>
where
    S: ReferralReads + ?Sized,
{
    let Some(parent) = referral.parent.filter(|parent| parent.organisation == helper) else {
        return Ok(false);
    };
    Ok(tx.referral(parent.referral)?.is_some_and(|parent| parent.stage.is_open()))
}
