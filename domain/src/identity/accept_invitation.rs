//! Take an invitation up: the login that was proved for it becomes a member. The invitation's row is locked, so that two
//! browsers at once make one membership, and doing it again after a crash changes nothing.

use super::invitation::{Invitation, InvitationError, InvitationFact, InvitationStage};
use super::{Held, IdentityEvent, IdentityWrites, InvitationWrites, Membership, User, fitting};
use crate::audit::Event;
use crate::kernel::{Actor, OpContext, Recorded, StoreError};
use crate::policy::{Action, Role, Roles};
use crate::tenancy::OrganisationReads;

/// `user`: whose password was proved, or whose login was made for this invitation.
pub fn accept_invitation<S>(
    tx: &mut S,
    op: &OpContext,
    user: &User,
) -> Result<Recorded<Membership>, InvitationError>
where
    S: IdentityWrites + InvitationWrites + OrganisationReads + ?Sized,
{
    let Actor::Invitee { invitation: id } = op.actor() else { return Err(InvitationError::NotFound) };
    let invitation = tx.lock_invitation(id)?.ok_or(InvitationError::NotFound)?;
    let permit = op.authorize(Action::AcceptInvitation, &invitation)?;
    if user.email != invitation.email {
        return Err(InvitationError::NotFound);
    }
    if let InvitationStage::Accepted { membership } = invitation.stage {
        let taken = tx.member(membership)?.filter(|held| held.membership.user == user.id);
        return taken.map(|held| Recorded::unchanged(held.membership)).ok_or(InvitationError::Spent);
    }
    invitation.check_open(op.now())?;
    check_inviter(tx, &invitation)?;
    check_place(tx, &invitation)?;
    let (membership, name) = joined(tx, op, user, &invitation)?;
    let accepted =
        Invitation { stage: InvitationStage::Accepted { membership: membership.id }, ..invitation };
    tx.save_invitation(&accepted)?;
    let joined = IdentityEvent { membership: membership.id, organisation: membership.organisation, name };
    let events = [Event::Invitation(accepted.event(InvitationFact::Accepted)), Event::Identity(joined)];
    Ok(Recorded::new(permit, membership, events))
}

/// It is as good as the right of whoever gave it: somebody who was shown the door leaves none open behind them.
fn check_inviter<S>(tx: &mut S, invitation: &Invitation) -> Result<(), InvitationError>
where
    S: IdentityWrites + ?Sized,
{
    let Some(inviter) = invitation.invited_by else { return Ok(()) };
    let mut holds =
        |place, role| -> Result<bool, StoreError> { Ok(tx.roles_held(place, inviter)?.has(role)) };
    let may = holds(None, Role::NetworkCoordinator)?
        || (invitation.organisation.is_some() && holds(invitation.organisation, Role::OrganisationAdmin)?);
    if may { Ok(()) } else { Err(InvitationError::Withdrawn) }
}

/// Nobody joins what is shut, nor with a role that may not be held there any more.
fn check_place<S>(tx: &mut S, invitation: &Invitation) -> Result<(), InvitationError>
where
    S: OrganisationReads + ?Sized,
{
    if let Some(organisation) = invitation.organisation {
        let open = tx.organisation(organisation)?.filter(|organisation| !organisation.suspended);
        open.ok_or(InvitationError::OrganisationShut)?;
    }
    Ok(fitting(tx, invitation.organisation, &invitation.roles)?)
}

/// Somebody who is a member already holds the roles of both.
fn joined<S>(
    tx: &mut S,
    op: &OpContext,
    user: &User,
    invitation: &Invitation,
) -> Result<(Membership, &'static str), StoreError>
where
    S: IdentityWrites + ?Sized,
{
    if let Some(Held { membership, version }) = tx.member_of(invitation.organisation, user.id)? {
        let roles: Roles = membership.roles.iter().chain(invitation.roles.iter()).collect();
        tx.save_roles(membership.id, version, &roles)?;
        return Ok((Membership { roles, ..membership }, "member.roles_changed"));
    }
    let membership = Membership {
        id: op.new_id(),
        user: user.id,
        network: invitation.network,
        organisation: invitation.organisation,
        roles: invitation.roles.clone(),
        name: user.name.clone(),
        email: user.email.clone(),
    };
    tx.insert_membership(&membership)?;
    Ok((membership, "member.added"))
}
