//! What happened to a sharing decision.

use super::{Purpose, Recipient};
use crate::kernel::{DecisionId, OrganisationId, PersonId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionEvent {
    pub decision: DecisionId,
    pub person: PersonId,
    pub recipient: Recipient,
    pub purpose: Purpose,
    pub recorded_for: OrganisationId,
    pub withdrawn: bool,
}
