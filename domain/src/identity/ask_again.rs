//! Whoever was invited and came too late asks for a new link. Whoever invited them decides; the page says no more.

use super::InvitationWrites;
use super::invitation::{Invitation, InvitationError, InvitationFact, InvitationStage};
use crate::audit::Event;
use crate::kernel::{Actor, OpContext, Recorded};
use crate::policy::Action;

/// Asking twice is heard once.
pub fn ask_again<S>(tx: &mut S, op: &OpContext) -> Result<Recorded<Invitation>, InvitationError>
where
    S: InvitationWrites + ?Sized,
{
    let Actor::Invitee { invitation: id } = op.actor() else { return Err(InvitationError::NotFound) };
    let invitation = tx.lock_invitation(id)?.ok_or(InvitationError::NotFound)?;
    let permit = op.authorize(Action::AskForInvitation, &invitation)?;
    match invitation.stage {
        InvitationStage::Accepted { .. } => return Err(InvitationError::Spent),
        InvitationStage::Withdrawn => return Err(InvitationError::Withdrawn),
        InvitationStage::Open => {}
    }
    if !invitation.has_expired(op.now()) || !tx.note_asked_again(id)? {
        return Ok(Recorded::unchanged(invitation));
    }
    let fact = InvitationFact::AskedAgain { of: invitation.invited_by };
    let event = Event::Invitation(invitation.event(fact));
    Ok(Recorded::new(permit, invitation, [event]))
}
