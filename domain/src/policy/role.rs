//! The roles of `domain` §2, and those that no person holds.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

macro_rules! define_roles {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Role { $($(#[$doc])* $name),+ }

        impl Role {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

define_roles! {
    NetworkCoordinator = "network_coordinator",
    OrganisationAdmin = "organisation_admin",
    Referrer = "referrer",
    LinkWorker = "link_worker",
    TeamLead = "team_lead",
    ProviderWorker = "provider_worker",
    Analyst = "analyst",
    PrivacyOfficer = "privacy_officer",
    /// Whoever opened a provider's e-mail link: may answer that one request.
    LinkHolder = "link_holder",
    /// Whoever opened the link of an invitation: may take it up.
    Invitee = "invitee",
    /// Whoever applies for a group to join: may prove the address, and answer.
    Applicant = "applicant",
    /// The product itself.
    Job = "job",
}

impl Role {
    /// Roles that may be given to a member of staff.
    pub fn is_for_people(self) -> bool {
        !matches!(self, Self::LinkHolder | Self::Invitee | Self::Applicant | Self::Job)
    }

    /// Roles that may be held in an organisation. The coordinator's reaches over the whole network, so it may not.
    pub fn is_for_organisations(self) -> bool {
        self.is_for_people() && self != Self::NetworkCoordinator
    }

    /// Roles that may be held in the network itself.
    pub fn is_for_networks(self) -> bool {
        matches!(self, Self::NetworkCoordinator | Self::Analyst)
    }
}

/// A set of roles, in a fixed order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roles(BTreeSet<Role>);

impl Roles {
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    pub fn iter(&self) -> impl Iterator<Item = Role> {
        self.0.iter().copied()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().collect())
    }
}
