//! Who is signed in, and for whom they act.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use tokio::sync::OnceCell;
use trellis_domain::kernel::op_context::VerifiedSession;
use trellis_domain::kernel::{OpContext, StoreError};
use trellis_domain::policy::Action;
use trellis_domain::tenancy::Network;
use trellis_infra::pg::read::MemberCard;

use super::look::look;
use super::organisation::{NetworkObject, OrganisationObject};
use super::security::SecurityObject;
use super::settings::Branding;
use crate::graphql::context::{GqlContext, gql};
use crate::graphql::enums::Role;
use crate::graphql::error::{Answer, Fault};
use crate::graphql::rules::{Rule, rule};
use crate::graphql::scalars::DateTime;

/// The signed-in membership.
#[derive(Debug, Clone)]
pub struct ViewerObject {
    session: VerifiedSession,
    /// The document asks how the place shows itself.
    branded: bool,
    card: OnceCell<ViewerCard>,
}

#[derive(Debug, Clone)]
struct ViewerCard {
    member: MemberCard,
    network: Network,
    branding: Option<Branding>,
}

/// How long this session lasts.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::Own.into()))]
pub struct ViewerSession {
    /// Without a sign of life for so many minutes it locks.
    idle_minutes: i32,
    /// Then it ends whatever happens.
    ends_at: DateTime,
}

/// One membership that the same login can act for.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct ViewerMembership {
    id: ID,
    network_name: String,
    organisation_name: Option<String>,
    roles: Vec<Role>,
    current: bool,
}

impl ViewerObject {
    pub fn new(session: VerifiedSession) -> Self {
        Self { session, branded: false, card: OnceCell::new() }
    }

    /// Says before anything is read that the branding is wanted too, so that it comes with the rest.
    #[must_use]
    pub fn branded(self, branded: bool) -> Self {
        Self { branded, ..self }
    }

    async fn card(&self, ctx: &Context<'_>) -> Answer<&ViewerCard> {
        let gql = gql(ctx)?;
        self.card.get_or_try_init(|| self.read(gql)).await
    }

    /// Also for a session that was made by this very request, such as a sign-in.
    async fn read(&self, gql: &GqlContext) -> Answer<ViewerCard> {
        let parts = gql.parts();
        let op = OpContext::for_session(&self.session, &*parts.clock, Arc::clone(&parts.ids));
        let (membership, branded) = (self.session.membership, self.branded);
        let read = gql.store().read(&op, move |tx, op| {
            let member = tx.member_card(membership)?;
            let branding = if branded { Some(tx.settings_holding(op.now())?.branding) } else { None };
            Ok::<_, StoreError>((member, tx.network_card()?, branding))
        });
        let (member, network, branding) = read.await?;
        let member = member.ok_or_else(Fault::unauthenticated)?;
        Ok(ViewerCard { member, network, branding: branding.map(Branding::from) })
    }
}

#[Object(name = "Viewer", directive = rule::apply(Rule::Own.into()))]
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

    /// How the place acted for shows itself now.
    async fn branding(&self, ctx: &Context<'_>) -> Answer<Branding> {
        if let Some(branding) = &self.card(ctx).await?.branding {
            return Ok(branding.clone());
        }
        Ok(look(gql(ctx)?, |tx, op| Ok(tx.settings_holding(op.now())?)).await?.branding.into())
    }

    async fn session(&self, ctx: &Context<'_>) -> Answer<ViewerSession> {
        // Read first: the card's transaction asserts the session, and the platform's own tables do not.
        self.card(ctx).await?;
        let limits = gql(ctx)?.parts().platform.limits_of(self.session.session).await?;
        let limits = limits.ok_or_else(Fault::unauthenticated)?;
        let idle_minutes = i32::try_from(limits.idle.as_mins()).unwrap_or(i32::MAX);
        Ok(ViewerSession { idle_minutes, ends_at: limits.ends_at.into() })
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
