//! The next step that was agreed when a contact was logged: what a worklist shows, and when it is due.

use jiff::Timestamp;

use super::rules::due;
use super::{Command, NotPossible, Referral, ReferralError, Stage};
use crate::contact::NextStep;
use crate::directory::ServiceReads;
use crate::kernel::OpContext;
use crate::tenancy::Calendars;

impl Referral {
    /// The step is what is due next, but never later than `latest`: a step far away does not put somebody out of
    /// sight. During a pause it comes up before the pause ends, and the pause goes on.
    pub fn plan_next(
        mut self,
        step: NextStep,
        at: Timestamp,
        latest: Timestamp,
    ) -> Result<Self, NotPossible> {
        match &mut self.stage {
            Stage::Accepted { contact_by, .. } => *contact_by = at.min(latest),
            Stage::Active { review_by, .. } => *review_by = at.min(latest),
            Stage::OnHold(hold) => hold.look_at = Some(at.min(latest).min(hold.until)),
            _ => return Err(self.not_possible(Command::Start)),
        }
        self.next_step = Some(step);
        Ok(self)
    }
}

/// As far away as the service's own clock for the stage reaches, counted from now. A pause has its own end.
pub(crate) fn latest_step<S>(
    tx: &mut S,
    op: &OpContext,
    referral: &Referral,
) -> Result<Timestamp, ReferralError>
where
    S: ServiceReads + Calendars + ?Sized,
{
    let targets = tx.service(referral.to.service)?.ok_or(ReferralError::ServiceNotFound)?.targets;
    Ok(match &referral.stage {
        Stage::OnHold(hold) => hold.until,
        Stage::Accepted { .. } => due(tx.calendar(), op, targets.contact_days),
        _ => due(tx.calendar(), op, targets.review_days),
    })
}
