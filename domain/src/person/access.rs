//! The row that lets one organisation see one person.

use crate::consent::Scope;
use crate::define_codes;
use crate::kernel::{OrganisationId, PersonAccessId, PersonId, ReferralId};

define_codes! {
    AccessBasis {
        Custodian = "custodian", "Keeps the record";
        Referral = "referral", "Referral";
        BreakGlass = "break_glass", "Emergency opening";
    }
}

define_codes! {
    /// In rising order: each shows all that the one before shows.
    AccessLevel {
        Identity = "identity", "Name and how to reach them";
        Limited = "limited", "What this referral shared";
        Full = "full", "The full record";
    }
}

impl From<Scope> for AccessLevel {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Identity => Self::Identity,
            Scope::NeedAndAccess => Self::Limited,
            Scope::Full => Self::Full,
        }
    }
}

/// Opened on registering, or on accepting a referral.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonAccess {
    pub id: PersonAccessId,
    pub person: PersonId,
    pub organisation: OrganisationId,
    pub basis: AccessBasis,
    pub level: AccessLevel,
    pub referral: Option<ReferralId>,
}
