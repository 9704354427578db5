//! An organisation is the tenant. It belongs to one network.

use uuid::Uuid;

use crate::consent::{OrganisationFacts, Scope};
use crate::define_codes;
use crate::kernel::{NetworkId, OpContext, OrganisationId, Subject, TypedId};
use crate::policy::{Guarded, Side};

define_codes! {
    OrganisationKind {
        Practice = "practice", "GP practice";
        PrimaryCareNetwork = "primary_care_network", "Primary care network";
        LinkWorkerService = "link_worker_service", "Link-worker service";
        CommunityProvider = "community_provider", "Community group or charity";
        Council = "council", "Council team";
        Commissioner = "commissioner", "Commissioner";
    }
}

impl OrganisationKind {
    /// The most a referral may open of a record to an organisation of this kind.
    pub fn widest_scope(self) -> Scope {
        match self {
            Self::LinkWorkerService => Scope::Full,
            _ => Scope::NeedAndAccess,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    pub id: NetworkId,
    pub name: String,
    /// Short name for addresses, such as `north-vale`.
    pub slug: String,
    /// IANA time zone.
    pub zone: String,
    /// Which working days and code lists apply, such as `england`.
    pub jurisdiction: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    pub id: OrganisationId,
    pub name: String,
    pub kind: OrganisationKind,
    pub help_phone: String,
    /// Where requests to the organisation go by e-mail.
    pub email: Option<String>,
    /// Until it is let in again nobody acts for it, and nothing is sent to it.
    pub suspended: bool,
}

impl Organisation {
    pub fn facts(&self) -> OrganisationFacts {
        OrganisationFacts { organisation: self.id, kind: self.kind }
    }
}

impl Subject for Organisation {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Guarded for Organisation {
    const KIND: &'static str = "organisation";

    fn subject(&self) -> Uuid {
        self.id.uuid()
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        match side {
            Side::Owner => op.organisation() == Some(self.id),
            Side::Network => true,
            _ => false,
        }
    }

    fn is_own(&self, _op: &OpContext) -> bool {
        true
    }
}
