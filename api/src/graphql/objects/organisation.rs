//! Networks, organisations and their members, as everybody in the network may know them.

use async_graphql::{ID, Object};
use trellis_domain::policy::Action;
use trellis_domain::tenancy::Network;
use trellis_infra::pg::read::{MemberCard, OrganisationCard};

use crate::graphql::enums::{OrganisationKind, Role};
use crate::graphql::rules::{Rule, rule};

#[derive(Debug, Clone)]
pub struct NetworkObject(pub Network);

#[Object(name = "Network", directive = rule::apply(Rule::SignIn.into()))]
impl NetworkObject {
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    async fn slug(&self) -> &str {
        &self.0.slug
    }
}

#[derive(Debug, Clone)]
pub struct OrganisationObject(pub OrganisationCard);

#[Object(name = "Organisation", directive = rule::apply(Rule::By(Action::ViewDirectory).into()))]
impl OrganisationObject {
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    async fn kind(&self) -> OrganisationKind {
        self.0.kind.into()
    }

    async fn help_phone(&self) -> &str {
        &self.0.help_phone
    }
}

#[derive(Debug, Clone)]
pub struct MemberObject(pub MemberCard);

#[Object(name = "Member", directive = rule::apply(Rule::ByOrOwn(Action::ViewMembers).into()))]
impl MemberObject {
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    async fn user_id(&self) -> ID {
        self.0.user.to_string().into()
    }

    async fn name(&self) -> &str {
        &self.0.name
    }

    async fn roles(&self) -> Vec<Role> {
        self.0.roles.iter().filter_map(Role::of).collect()
    }

    async fn organisation(&self) -> Option<OrganisationObject> {
        self.0.organisation.clone().map(OrganisationObject)
    }
}
