//! Send an invitation again: a new link, and the old one opens nothing any more.

use super::InvitationWrites;
use super::invitation::{Invitation, InvitationError, InvitationFact};
use crate::audit::Event;
use crate::kernel::{InvitationId, OpContext, Recorded};
use crate::policy::Action;

pub fn resend_invitation<S>(
    tx: &mut S,
    op: &OpContext,
    id: InvitationId,
) -> Result<Recorded<Invitation>, InvitationError>
where
    S: InvitationWrites + ?Sized,
{
    let invitation = tx.lock_invitation(id)?.ok_or(InvitationError::NotFound)?;
    let permit = op.authorize(Action::ResendInvitation, &invitation)?;
    let renewed = invitation.renewed(op.now())?;
    tx.save_invitation(&renewed)?;
    let event = Event::Invitation(renewed.event(InvitationFact::Resent));
    Ok(Recorded::new(permit, renewed, [event]))
}
