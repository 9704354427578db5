//! Ask somebody by e-mail to take up roles: an administrator into their own organisation; whoever coordinates the
//! network into the network, and into an organisation as its first people.

use super::invitation::{Invitation, InvitationError, InvitationFact, InvitationStage, ends};
use super::{InvitationWrites, fitting};
use crate::audit::Event;
use crate::kernel::{EmailAddress, OpContext, OrganisationId, Recorded};
use crate::policy::{Action, Roles};
use crate::tenancy::OrganisationReads;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// None is the acting organisation, or the network for whoever coordinates it.
    pub organisation: Option<OrganisationId>,
    pub email: EmailAddress,
    pub roles: Roles,
}

pub fn invite<S>(tx: &mut S, op: &OpContext, cmd: Invite) -> Result<Recorded<Invitation>, InvitationError>
where
    S: InvitationWrites + OrganisationReads + ?Sized,
{
    let organisation = cmd.organisation.or(op.organisation());
    let invitation = Invitation {
        id: op.new_id(),
        network: op.network(),
        organisation,
        email: cmd.email,
        roles: cmd.roles,
        invited_by: op.user(),
        sent_at: op.now(),
        expires_at: ends(op.now()),
        generation: 1,
        stage: InvitationStage::Open,
    };
    let permit = op.authorize(Action::InviteMember, &invitation)?;
    fitting(tx, organisation, &invitation.roles)?;
    check_reach(tx, op, &invitation)?;
    if tx.is_member(organisation, &invitation.email)? {
        return Err(InvitationError::AlreadyMember);
    }
    if tx.is_invited(organisation, &invitation.email)? {
        return Err(InvitationError::AlreadyInvited);
    }
    tx.insert_invitation(&invitation)?;
    let event = Event::Invitation(invitation.event(InvitationFact::Sent));
    Ok(Recorded::new(permit, invitation, [event]))
}

/// From outside an organisation only its first people are invited, or another administrator; never oneself.
fn check_reach<S>(tx: &mut S, op: &OpContext, invitation: &Invitation) -> Result<(), InvitationError>
where
    S: InvitationWrites + ?Sized,
{
    if tx.own_address()?.is_some_and(|own| own == invitation.email) {
        return Err(InvitationError::Yourself);
    }
    let Some(organisation) = invitation.organisation else { return Ok(()) };
    let from_outside = op.organisation() != invitation.organisation;
    if from_outside && !invitation.is_for_an_administrator() && tx.has_administrator(organisation)? {
        return Err(InvitationError::OnlyAdministrators);
    }
    Ok(())
}
