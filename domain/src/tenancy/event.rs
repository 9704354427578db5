//! What happens to an organisation, and why.

use super::SuspensionReason;
use crate::kernel::OrganisationId;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganisationFact {
    Added,
    Configured,
    AgreementAdded,
    Suspended {
        reason: SuspensionReason,
    },
    LetIn,
    Closed,
    SuccessorNamed,
    /// The last of what it held was settled.
    WoundUp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationEvent {
    pub organisation: OrganisationId,
    pub fact: OrganisationFact,
}

impl OrganisationFact {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Added => "organisation.added",
            Self::Configured => "organisation.configured",
            Self::AgreementAdded => "organisation.agreement_added",
            Self::Suspended { .. } => "organisation.suspended",
            Self::LetIn => "organisation.let_in",
            Self::Closed => "organisation.closed",
            Self::SuccessorNamed => "organisation.successor_named",
            Self::WoundUp => "organisation.wound_up",
        }
    }
}
