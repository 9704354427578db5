//! What happened to a sharing decision, and to what was shared under it. Ids and codes only.

use serde::Serialize;

use super::{Held, Purpose, Recipient};
use crate::kernel::{DecisionId, OrganisationId, PersonId, ReferralId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionEvent {
    pub decision: DecisionId,
    pub person: PersonId,
    pub recipient: Recipient,
    pub purpose: Purpose,
    pub recorded_for: OrganisationId,
    pub fact: DecisionFact,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum DecisionFact {
    Recorded,
    /// By whichever organisation the person told.
    Withdrawn {
        by: Option<OrganisationId>,
        receipt: Vec<Held>,
    },
}

/// An organisation whose referral had finished could still see the person until the decision was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharingEnded {
    pub person: PersonId,
    pub referral: ReferralId,
    pub organisation: OrganisationId,
}
