//! What the mutations of a working day answer: people, decisions, referrals, contacts, services.

use async_graphql::SimpleObject;
use trellis_domain::access_request::AccessRequest;
use trellis_domain::consent::Decision;
use trellis_domain::custody::CustodyOffer;
use trellis_domain::directory::Service;
use trellis_domain::emergency::Opening;
use trellis_domain::message::Task;
use trellis_domain::person::Person;
use trellis_domain::plan::Plan;
use trellis_domain::referral::Referral;
use trellis_domain::sameness::Same;

use super::super::objects::{
    AccessRequestObject, ContactObject, CustodyOfferObject, DecisionObject, EmergencyObject,
    PersonMatchObject, PersonObject, PlanObject, ReceiptLineObject, ReferralObject, ServiceObject,
};
use super::super::refusal::Refusal;
use super::super::write::{Logged, Withdrawn};
use super::shape::{Payload, payload};
use crate::graphql::rules::{Rule, rule};

payload!(PersonPayload { person: PersonObject } of Person);
payload!(PersonMatchPayload { person_match: PersonMatchObject } of Same);
payload!(PlanPayload { plan: PlanObject } of Plan);
payload!(DecisionPayload { decision: DecisionObject } of Decision);
payload!(AccessRequestPayload { access_request: AccessRequestObject } of AccessRequest);
payload!(CustodyOfferPayload { offer: CustodyOfferObject } of CustodyOffer);
payload!(EmergencyPayload { emergency: EmergencyObject } of Opening);
payload!(ReferralPayload { referral: ReferralObject } of Referral);
payload!(ServicePayload { service: ServiceObject } of Service);

#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct WithdrawDecisionPayload {
    #[graphql(directive = rule::apply(Rule::NothingMore.into()))]
    pub decision: Option<DecisionObject>,
    /// For the person: who held what under the decision until now, the earliest first.
    pub receipt: Option<Vec<ReceiptLineObject>>,
    pub refusal: Option<Refusal>,
}

impl Payload for WithdrawDecisionPayload {
    type Done = Withdrawn;

    fn done(withdrawn: Withdrawn) -> Self {
        let receipt = withdrawn.lines.into_iter().map(ReceiptLineObject::of).collect();
        let decision = DecisionObject::new(withdrawn.decision);
        Self { decision: Some(decision), receipt: Some(receipt), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { decision: None, receipt: None, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct ContactPayload {
    #[graphql(directive = rule::apply(Rule::NothingMore.into()))]
    pub contact: Option<ContactObject>,
    #[graphql(directive = rule::apply(Rule::NothingMore.into()))]
    pub referral: Option<ReferralObject>,
    pub refusal: Option<Refusal>,
}

impl Payload for ContactPayload {
    type Done = Logged;

    fn done(logged: Logged) -> Self {
        let referral = logged.referral.map(ReferralObject::new);
        Self { contact: Some(ContactObject::new(logged.contact)), referral, refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { contact: None, referral: None, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct TaskPayload {
    pub done: bool,
    pub refusal: Option<Refusal>,
}

impl Payload for TaskPayload {
    type Done = Task;

    fn done(task: Task) -> Self {
        Self { done: task.done, refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { done: false, refusal: Some(refusal) }
    }
}
