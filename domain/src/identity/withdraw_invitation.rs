//! Take an invitation back. Doing so twice is no mistake.

use super::InvitationWrites;
use super::invitation::{Invitation, InvitationError, InvitationFact, InvitationStage};
use crate::audit::Event;
use crate::kernel::{InvitationId, OpContext, Recorded};
use crate::policy::Action;

pub fn withdraw_invitation<S>(
    tx: &mut S,
    op: &OpContext,
    id: InvitationId,
) -> Result<Recorded<Invitation>, InvitationError>
where
    S: InvitationWrites + ?Sized,
{
    let invitation = tx.lock_invitation(id)?.ok_or(InvitationError::NotFound)?;
    let permit = op.authorize(Action::WithdrawInvitation, &invitation)?;
    if invitation.stage == InvitationStage::Withdrawn {
        return Ok(Recorded::unchanged(invitation));
    }
    let withdrawn = invitation.withdrawn()?;
    tx.save_invitation(&withdrawn)?;
    let event = Event::Invitation(withdrawn.event(InvitationFact::Withdrawn));
    Ok(Recorded::new(permit, withdrawn, [event]))
}
