//! The person's receipt of a withdrawal: who held what under the decision until then. Ids and codes only, because it is
//! kept with the event for ever.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Decision;
use crate::kernel::{OrganisationId, ReferralId, Subject, TypedId};
use crate::person::AccessLevel;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub organisation: OrganisationId,
    pub referral: ReferralId,
    /// None is a request that did not say who it was about.
    pub level: Option<AccessLevel>,
    pub since: Timestamp,
}

/// A decision that was taken back, with the receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    pub decision: Decision,
    pub receipt: Vec<Held>,
}

impl Subject for Withdrawal {
    fn subject(&self) -> Uuid {
        self.decision.id.uuid()
    }
}
