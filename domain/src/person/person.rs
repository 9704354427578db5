//! A person as far as the acting organisation may know them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AccessLevel, Preferences};
use crate::kernel::{
    EmailAddress, Line, NhsNumber, OpContext, OrganisationId, PersonId, Postcode, Redacted, StoreError,
    Subject, TypedId,
};
use crate::policy::{Denied, Guarded, Side};

/// Who somebody is and where they live. Sealed where it is kept; only the name is required (A4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub given_name: Redacted<Line>,
    pub family_name: Redacted<Line>,
    pub birth_date: Option<Redacted<Date>>,
    pub nhs_number: Option<NhsNumber>,
    pub phone: Option<Redacted<Line>>,
    pub email: Option<EmailAddress>,
    pub address: Option<Redacted<Line>>,
    pub postcode: Option<Postcode>,
}

impl Identity {
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given_name.reveal().as_str(), self.family_name.reveal().as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub custodian: OrganisationId,
    pub identity: Identity,
    pub preferences: Preferences,
    /// What the acting organisation may see.
    pub level: AccessLevel,
    /// The same without an emergency opening. None: nothing else opens the record.
    pub granted: Option<AccessLevel>,
    pub version: i32,
}

/// What happened to a person's record. Ids only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonEvent {
    pub person: PersonId,
    pub custodian: OrganisationId,
    pub name: &'static str,
}

#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    #[error("there is no such person")]
    NotFound,
    #[error("the record has changed since it was opened")]
    Stale,
    /// Somebody with the same NHS number is registered and visible to the acting organisation.
    #[error("a person with these details is already registered")]
    AlreadyRegistered(PersonId),
    /// Somebody visible to the acting organisation looks like them, and was not ruled out.
    #[error("a person who looks like this one is registered")]
    ProbablyRegistered,
    #[error("at least one way of contact is needed")]
    NoChannel,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Subject for Person {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Guarded for Person {
    const KIND: &'static str = "person";

    fn subject(&self) -> Uuid {
        self.id.uuid()
    }

    fn person(&self) -> Option<Uuid> {
        Some(self.id.uuid())
    }

    /// A person that could be loaded at all is one the organisation has unended access to.
    fn stands(&self, side: Side, op: &OpContext) -> bool {
        match side {
            Side::Network => true,
            Side::Access => self.granted.is_some(),
            Side::Record => {
                op.organisation() == Some(self.custodian) || self.granted == Some(AccessLevel::Full)
            }
            Side::Emergency => self.granted.is_none_or(|granted| granted < self.level),
            Side::Owner => op.organisation() == Some(self.custodian),
            _ => false,
        }
    }

    fn is_own(&self, _op: &OpContext) -> bool {
        true
    }
}
