//! Record a sharing decision as the person gave it.

use jiff::Timestamp;

use super::{
    Decision, DecisionEvent, DecisionFact, DecisionWrites, Explained, HowGiven, Purpose, Recipient, Scope,
};
use crate::audit::Event;
use crate::kernel::{OpContext, OrganisationId, PersonId, Recorded, StoreError, TypedId};
use crate::person::PersonReads;
use crate::policy::{Action, Denied};
use crate::tenancy::OrganisationReads;

#[derive(Debug, Clone)]
pub struct RecordDecision {
    pub person: PersonId,
    pub recipient: Recipient,
    pub purpose: Purpose,
    pub scope: Scope,
    pub how_given: HowGiven,
    pub explained: Explained,
    pub ends_at: Option<Timestamp>,
}

#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    #[error("there is no such decision")]
    NotFound,
    #[error("there is no such person")]
    PersonNotFound,
    #[error("there is no such organisation")]
    RecipientNotFound,
    #[error("the decision ends before it begins")]
    EndsInPast,
    #[error("the decision was withdrawn already")]
    AlreadyWithdrawn,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub fn record<S>(tx: &mut S, op: &OpContext, cmd: RecordDecision) -> Result<Recorded<Decision>, DecisionError>
where
    S: DecisionWrites + PersonReads + OrganisationReads + ?Sized,
{
    let person = tx.person(cmd.person)?.ok_or(DecisionError::PersonNotFound)?;
    let permit = op.authorize(Action::RecordDecision, &person)?;
    let denied = Denied::by_role(Action::RecordDecision, "person", person.id.uuid());
    let recorded_for: OrganisationId = op.organisation().ok_or(denied)?;
    if let Recipient::Organisation(organisation) = cmd.recipient {
        tx.organisation(organisation)?.ok_or(DecisionError::RecipientNotFound)?;
    }
    if cmd.ends_at.is_some_and(|end| end <= op.now()) {
        return Err(DecisionError::EndsInPast);
    }
    let decision = Decision {
        id: op.new_id(),
        person: person.id,
        recipient: cmd.recipient,
        purpose: cmd.purpose,
        scope: cmd.scope,
        how_given: cmd.how_given,
        explained: cmd.explained,
        recorded_by: op.user(),
        recorded_for,
        given_at: op.now(),
        ends_at: cmd.ends_at,
        withdrawn_at: None,
    };
    tx.insert_decision(&decision)?;
    let event = Event::Decision(event(&decision, DecisionFact::Recorded));
    Ok(Recorded::new(permit, decision, [event]))
}

pub(super) fn event(decision: &Decision, fact: DecisionFact) -> DecisionEvent {
    DecisionEvent {
        decision: decision.id,
        person: decision.person,
        recipient: decision.recipient,
        purpose: decision.purpose,
        recorded_for: decision.recorded_for,
        fact,
    }
}
