//! For whom, by whom and when one operation runs. Made once a request; everything below takes it.
//! It does not decide what is allowed; `policy` does, from what stands here.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{
    ApplicationId, Clock, IdSource, InvitationId, LinkId, MembershipId, NetworkId, OrganisationId, RequestId,
    SessionId, TypedId, UserId,
};
use crate::identity::factor::{ProofTooOld, is_fresh};
use crate::policy::{Role, Roles};

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in member of staff.
    User { user: UserId, membership: MembershipId },
    /// Somebody who opened the single-use link in an e-mail to a provider.
    Link { link: LinkId },
    /// Somebody who opened the link of an invitation, and is no member yet.
    Invitee { invitation: InvitationId },
    /// Somebody who applies for a group to join, with the link of that application or before there is one.
    Applicant { application: ApplicationId },
    /// The product itself, on behalf of a tenant.
    Job { name: &'static str },
}

/// A session whose token was verified and whose membership was read as it stands now.
#[derive(Debug, Clone)]
pub struct VerifiedSession {
    pub session: SessionId,
    pub user: UserId,
    pub membership: MembershipId,
    /// The membership's version when its roles were read; an older one is refused by the store.
    pub membership_version: i32,
    pub network: NetworkId,
    /// None for a role in the network itself.
    pub organisation: Option<OrganisationId>,
    pub roles: Roles,
    /// When whoever holds it last proved who they are.
    pub proved_at: Timestamp,
}

/// What the store checks again in the message that begins each transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionProof {
    pub session: SessionId,
    pub membership: MembershipId,
    pub version: i32,
}

/// A provider's link whose signature was verified.
#[derive(Debug, Clone, Copy)]
pub struct VerifiedLink {
    pub link: LinkId,
    pub network: NetworkId,
    pub organisation: OrganisationId,
}

/// An invitation whose token was verified.
#[derive(Debug, Clone, Copy)]
pub struct VerifiedInvitation {
    pub invitation: InvitationId,
    pub network: NetworkId,
    /// None for a role in the network itself.
    pub organisation: Option<OrganisationId>,
}

/// An application whose token was verified, or one that is being made.
#[derive(Debug, Clone, Copy)]
pub struct VerifiedApplicant {
    pub application: ApplicationId,
    pub network: NetworkId,
}

/// A client's promise that a repeat is the same request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    pub key: String,
    /// SHA-256 of the operation's name and its input.
    pub request_hash: [u8; 32],
}

/// The frame of one operation: tenant, actor, roles, one frozen instant.
#[derive(Debug, Clone)]
pub struct OpContext {
    network: NetworkId,
    organisation: Option<OrganisationId>,
    actor: Actor,
    roles: Roles,
    request: RequestId,
    now: Timestamp,
    ids: Arc<dyn IdSource>,
    session: Option<SessionProof>,
    proved_at: Option<Timestamp>,
    idempotency: Option<IdempotencyKey>,
}

impl OpContext {
    pub fn for_session(session: &VerifiedSession, clock: &dyn Clock, ids: Arc<dyn IdSource>) -> Self {
        let actor = Actor::User { user: session.user, membership: session.membership };
        let proof = SessionProof {
            session: session.session,
            membership: session.membership,
            version: session.membership_version,
        };
        let op = Self::new(
            session.network,
            session.organisation,
            actor,
            session.roles.clone(),
            (clock.now(), ids),
        );
        Self { session: Some(proof), proved_at: Some(session.proved_at), ..op }
    }

    /// A link acts for the provider it was sent to, and may answer its one request only.
    pub fn for_link(link: VerifiedLink, clock: &dyn Clock, ids: Arc<dyn IdSource>) -> Self {
        let roles = Roles::from_iter([Role::LinkHolder]);
        Self::new(
            link.network,
            Some(link.organisation),
            Actor::Link { link: link.link },
            roles,
            (clock.now(), ids),
        )
    }

    /// Whoever was invited may take the invitation up, and ask for a new one; nothing else.
    pub fn for_invitation(invited: VerifiedInvitation, clock: &dyn Clock, ids: Arc<dyn IdSource>) -> Self {
        let actor = Actor::Invitee { invitation: invited.invitation };
        let roles = Roles::from_iter([Role::Invitee]);
        Self::new(invited.network, invited.organisation, actor, roles, (clock.now(), ids))
    }

    /// Whoever applies acts for their one application, and for nothing else.
    pub fn for_applicant(applicant: VerifiedApplicant, clock: &dyn Clock, ids: Arc<dyn IdSource>) -> Self {
        let actor = Actor::Applicant { application: applicant.application };
        let roles = Roles::from_iter([Role::Applicant]);
        Self::new(applicant.network, None, actor, roles, (clock.now(), ids))
    }

    /// The worker and other jobs of the product, inside one tenant.
    pub fn for_job(
        name: &'static str,
        network: NetworkId,
        organisation: Option<OrganisationId>,
        clock: &dyn Clock,
        ids: Arc<dyn IdSource>,
    ) -> Self {
        Self::new(
            network,
            organisation,
            Actor::Job { name },
            Roles::from_iter([Role::Job]),
            (clock.now(), ids),
        )
    }

    fn new(
        network: NetworkId,
        organisation: Option<OrganisationId>,
        actor: Actor,
        roles: Roles,
        (now, ids): (Timestamp, Arc<dyn IdSource>),
    ) -> Self {
        let request = RequestId::from_uuid(ids.next(now));
        Self {
            network,
            organisation,
            actor,
            roles,
            request,
            now,
            ids,
            session: None,
            proved_at: None,
            idempotency: None,
        }
    }

    #[must_use]
    pub fn with_idempotency(mut self, key: Option<IdempotencyKey>) -> Self {
        self.idempotency = key;
        self
    }

    #[must_use]
    pub fn with_request(mut self, request: RequestId) -> Self {
        self.request = request;
        self
    }

    pub fn network(&self) -> NetworkId {
        self.network
    }

    pub fn organisation(&self) -> Option<OrganisationId> {
        self.organisation
    }

    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// The signed-in user, where there is one.
    pub fn user(&self) -> Option<UserId> {
        match self.actor {
            Actor::User { user, .. } => Some(user),
            Actor::Link { .. } | Actor::Invitee { .. } | Actor::Applicant { .. } | Actor::Job { .. } => None,
        }
    }

    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    pub fn request(&self) -> RequestId {
        self.request
    }

    /// The one instant this operation happens at.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub fn session(&self) -> Option<SessionProof> {
        self.session
    }

    /// For acts that somebody at an unlocked desk must not be able to do: a change of credentials or of roles, an export,
    /// the opening of a record in an emergency. The product itself proves nothing, and is let through.
    pub fn proved_within(&self, within: SignedDuration) -> Result<(), ProofTooOld> {
        match (self.actor, self.proved_at) {
            (Actor::Job { .. }, _) => Ok(()),
            (_, Some(proved_at)) if is_fresh(proved_at, self.now, within) => Ok(()),
            _ => Err(ProofTooOld),
        }
    }

    pub fn idempotency(&self) -> Option<&IdempotencyKey> {
        self.idempotency.as_ref()
    }

    pub fn new_id<I: TypedId>(&self) -> I {
        I::from_uuid(self.ids.next(self.now))
    }
}
