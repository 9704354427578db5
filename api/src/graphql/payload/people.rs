//! What the mutations about organisations and their people answer.

use async_graphql::SimpleObject;
use trellis_domain::application::{Application, Joining};
use trellis_domain::identity::{Held, Invitation};

use super::super::objects::application::{ApplicationObject, JoiningObject};
use super::super::objects::{ChangedMember, InvitationObject, ManagedOrganisationObject};
use super::super::refusal::Refusal;
use super::{Payload, payload};
use crate::graphql::rules::{Rule, rule};

payload!(InvitationPayload { invitation: InvitationObject } of Invitation);
payload!(MemberPayload { member: ChangedMember } of Held);
payload!(ApplicationPayload { application: ApplicationObject } of Application);
payload!(JoiningPayload { joining: JoiningObject } of Joining);
payload!(
    /// The same whatever is known of the group or the address.
    AppliedPayload { done }
);
payload!(
    /// What became of a link that was pressed. It says no more than whoever holds the link may know.
    OpenedInvitationPayload { done }
);

#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct OrganisationPayload {
    /// As it stands now; null after it was closed to whoever may see it no more.
    #[graphql(directive = rule::apply(Rule::NothingMore.into()))]
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
