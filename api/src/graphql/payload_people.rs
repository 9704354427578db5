//! What the mutations about organisations and their people answer.

use async_graphql::SimpleObject;
use trellis_domain::identity::{Held, Invitation};

use super::objects::{ChangedMember, InvitationObject, ManagedOrganisationObject};
use super::payload::Payload;
use super::refusal::Refusal;

#[derive(SimpleObject)]
pub struct InvitationPayload {
    pub invitation: Option<InvitationObject>,
    pub refusal: Option<Refusal>,
}

impl Payload for InvitationPayload {
    type Done = Invitation;

    fn done(invitation: Invitation) -> Self {
        Self { invitation: Some(InvitationObject::new(invitation)), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { invitation: None, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
pub struct MemberPayload {
    pub member: Option<ChangedMember>,
    pub refusal: Option<Refusal>,
}

impl Payload for MemberPayload {
    type Done = Held;

    fn done(held: Held) -> Self {
        Self { member: Some(ChangedMember::new(held)), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { member: None, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
pub struct OrganisationPayload {
    /// As it stands now; null after it was closed to whoever may see it no more.
    pub organisation: Option<ManagedOrganisationObject>,
    pub refusal: Option<Refusal>,
}

impl Payload for OrganisationPayload {
    type Done = Option<ManagedOrganisationObject>;

    fn done(organisation: Option<ManagedOrganisationObject>) -> Self {
        Self { organisation, refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { organisation: None, refusal: Some(refusal) }
    }
}

/// What became of a link that was pressed. It says no more than whoever holds the link may know.
#[derive(SimpleObject)]
pub struct OpenedInvitationPayload {
    pub done: bool,
    pub refusal: Option<Refusal>,
}

impl Payload for OpenedInvitationPayload {
    type Done = ();

    fn done((): ()) -> Self {
        Self { done: true, refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { done: false, refusal: Some(refusal) }
    }
}
