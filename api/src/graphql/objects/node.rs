//! Everything that has an id of its own outside.

use async_graphql::{ID, Interface};

use super::contact::ContactObject;
use super::decision::DecisionObject;
use super::organisation::{MemberObject, NetworkObject, OrganisationObject};
use super::person::PersonObject;
use super::referral::ReferralObject;
use super::service::ServiceObject;

#[derive(Debug, Clone, Interface)]
#[graphql(field(name = "id", ty = "ID"))]
pub enum Node {
    Network(NetworkObject),
    Organisation(OrganisationObject),
    Member(MemberObject),
    Service(Box<ServiceObject>),
    Person(Box<PersonObject>),
    Decision(DecisionObject),
    Contact(ContactObject),
    Referral(Box<ReferralObject>),
}
