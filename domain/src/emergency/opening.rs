//! One emergency opening: who opened whose record, until when, and what the custodian made of it.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::define_codes;
use crate::kernel::{
    EmergencyOpeningId, OpContext, OrganisationId, PersonId, StoreError, Subject, TypedId, UserId,
};
use crate::policy::{Denied, Guarded, Side};

define_codes! {
    /// What a privacy officer of the custodian says of it.
    ReviewVerdict {
        Justified = "justified", "Justified";
        NotJustified = "not_justified", "Not justified";
        ToFollowUp = "to_follow_up", "Being followed up";
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    pub at: Timestamp,
    pub by: UserId,
    pub verdict: ReviewVerdict,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    pub id: EmergencyOpeningId,
    pub person: PersonId,
    pub custodian: OrganisationId,
    /// For whom it was opened, and by whom.
    pub organisation: OrganisationId,
    pub user: UserId,
    pub opened_at: Timestamp,
    /// When it ends whatever happens.
    pub until: Timestamp,
    /// When somebody ended it before that.
    pub closed_at: Option<Timestamp>,
    pub review: Option<Review>,
}

impl Opening {
    /// The most that one lasts.
    pub const LONGEST: SignedDuration = SignedDuration::from_hours(24);

    pub fn is_open(&self, now: Timestamp) -> bool {
        self.closed_at.is_none() && now < self.until
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyEvent {
    pub opening: EmergencyOpeningId,
    pub person: PersonId,
    pub custodian: OrganisationId,
    pub organisation: OrganisationId,
    pub fact: EmergencyFact,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmergencyFact {
    /// With those of the custodian who have to hear of it. None: the organisation itself.
    Opened {
        officers: Vec<UserId>,
    },
    Closed,
    Reviewed {
        verdict: ReviewVerdict,
    },
}

impl EmergencyFact {
    pub(crate) fn verdict(&self) -> Option<ReviewVerdict> {
        match self {
            Self::Reviewed { verdict } => Some(*verdict),
            Self::Opened { .. } | Self::Closed => None,
        }
    }
}

impl Opening {
    pub(super) fn event(&self, fact: EmergencyFact) -> EmergencyEvent {
        EmergencyEvent {
            opening: self.id,
            person: self.person,
            custodian: self.custodian,
            organisation: self.organisation,
            fact,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum EmergencyError {
    #[error("there is no such opening")]
    NotFound,
    /// Nobody has exactly these details.
    #[error("no record has exactly these details")]
    NoRecord,
    /// The organisation has a way to the record already.
    #[error("the record is open to this organisation")]
    OpenAlready(PersonId),
    #[error("the opening has ended")]
    Ended,
    #[error("the opening was reviewed")]
    ReviewedAlready,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Subject for Opening {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Guarded for Opening {
    const KIND: &'static str = "emergency_opening";

    fn subject(&self) -> Uuid {
        self.id.uuid()
    }

    fn person(&self) -> Option<Uuid> {
        Some(self.person.uuid())
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        match side {
            Side::Owner => op.organisation() == Some(self.organisation),
            Side::Record => op.organisation() == Some(self.custodian),
            _ => false,
        }
    }

    fn is_own(&self, op: &OpContext) -> bool {
        op.user() == Some(self.user)
    }
}
