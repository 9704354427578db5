//! Who is signed in, and for whom they act.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use tokio::sync::OnceCell;
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{OpContext, StoreError};
use trellis_domain::policy::Action;
use trellis_domain::tenancy::Network;
use trellis_infra::pg::read::MemberCard;

use super::organisation::{NetworkObject, OrganisationObject};
use super::security::SecurityObject;
use crate::graphql::context::{GqlContext, gql};
use crate::graphql::enums::Role;
use crate::graphql::error::{Answer, Fault};

/// The signed-in membership.
#[derive(Debug, Clone)]
pub struct ViewerObject {
    session: VerifiedSession,
    card: OnceCell<ViewerCard>,
}

#[derive(Debug, Clone)]
struct ViewerCard {
    member: MemberCard,
    network: Network,
}

/// One membership that the same login can act for.
#[derive(Debug, Clone, SimpleObject)]
pub struct ViewerMembership {
    id: ID,
    network_name: String,
    organisation_name: Option<String>,
    roles: Vec<Role>,
    current: bool,
}

impl ViewerObject {
    pub fn new(session: VerifiedSession) -> Self {
        Self { session, card: OnceCell::new() }
    }

    async fn card(&self, ctx: &Context<'_>) -> Answer<&ViewerCard> {
        let gql = gql(ctx)?;
        self.card.get_or_try_init(|| self.read(gql)).await
    }

    /// Also for a session that was made by this very request, such as a sign-in.
    async fn read(&self, gql: &GqlContext) -> Answer<ViewerCard> {
        let parts = gql.parts();
        let op = OpContext::for_session(&self.session, &*parts.clock, Arc::clone(&parts.ids));
        let membership = self.session.membership;
        let read = gql.store().read(&op, move |tx, _| {
            let member = tx.member_card(membership)?;
            Ok::<_, StoreError>((member, tx.network_card()?))
        });
        let (member, network) = read.await?;
        Ok(ViewerCard { member: member.ok_or_else(Fault::unauthenticated)?, network })
    }
}

#[Object(name = "Viewer")]
impl ViewerObject {
    async fn name(&self, ctx: &Context<'_>) -> Answer<&str> {
        Ok(&self.card(ctx).await?.member.name)
    }

    async fn user_id(&self) -> ID {
        self.session.user.to_string().into()
    }

    async fn membership_id(&self) -> ID {
        self.session.membership.to_string().into()
    }

    async fn roles(&self) -> Vec<Role> {
        self.session.roles.iter().filter_map(Role::of).collect()
    }

    async fn network(&self, ctx: &Context<'_>) -> Answer<NetworkObject> {
        Ok(NetworkObject(self.card(ctx).await?.network.clone()))
    }

    async fn organisation(&self, ctx: &Context<'_>) -> Answer<Option<OrganisationObject>> {
        Ok(self.card(ctx).await?.member.organisation.clone().map(OrganisationObject))
    }

    /// All the memberships the same login can act for.
    async fn memberships(&self, ctx: &Context<'_>) -> Answer<Vec<ViewerMembership>> {
        let all = gql(ctx)?.parts().platform.memberships_for(&self.session).await?;
        let shown = all.into_iter().map(|one| ViewerMembership {
            id: one.membership.to_string().into(),
            network_name: one.network_name,
            organisation_name: one.organisation_name,
            roles: one.roles.iter().filter_map(Role::of).collect(),
            current: one.membership == self.session.membership,
        });
        Ok(shown.collect())
    }

    /// What the viewer signs in with, and where they are signed in.
    async fn security(&self, ctx: &Context<'_>) -> Answer<SecurityObject> {
        // Read first: the card's transaction asserts the session, and the platform's own tables do not.
        self.card(ctx).await?;
        let gql = gql(ctx)?;
        let security = gql.parts().platform.security_of(&self.session, gql.now()).await?;
        Ok(SecurityObject::new(security, &self.session))
    }

    /// Stable codes of what this membership may do, such as `referral.send`.
    async fn permissions(&self) -> Vec<&'static str> {
        let holds =
            |action: &&Action| action.rule().roles.iter().any(|(role, _)| self.session.roles.has(*role));
        Action::ALL.iter().filter(holds).map(|action| action.code()).collect()
    }
}
