//! One application, from what was typed to its answer.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::define_codes;
use crate::kernel::{
    Actor, ApplicationId, EmailAddress, Line, NetworkId, OpContext, OrganisationId, Postcode, Prose,
    StoreError, Subject, TypedId, UserId,
};
use crate::policy::{Denied, Guarded, Refused, Side};
use crate::tenancy::{OrganisationError, OrganisationKind};

define_codes! {
    ApplicationStage {
        Unconfirmed = "unconfirmed", "The address is not proved yet";
        Waiting = "waiting", "Waits for an answer";
        Asked = "asked", "Was asked a question";
        Approved = "approved", "Let in";
        Declined = "declined", "Declined";
    }
}

define_codes! {
    /// Why an application is declined.
    ApplicationRefusal {
        OutsideArea = "outside_area", "You work outside our area";
        HereAlready = "here_already", "Your group belongs to the network already";
        OtherKindOfHelp = "other_kind_of_help", "This network does not coordinate this kind of help";
        NotVerified = "not_verified", "We could not find out enough about your group";
        Other = "other", "Another reason: phone us";
    }
}

/// Who asks, how they are reached, and what they offer. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub contact: Line,
    pub email: EmailAddress,
    pub phone: Line,
    /// By name, a service each.
    pub offers: Vec<Line>,
}

/// A question of the network, and what they said to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    pub question: Prose,
    pub reply: Option<Prose>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    pub id: ApplicationId,
    pub network: NetworkId,
    pub name: Line,
    pub kind: OrganisationKind,
    pub postcode: Option<Postcode>,
    pub details: Details,
    /// The version of the network's agreement that they said yes to.
    pub agreement: Line,
    pub stage: ApplicationStage,
    pub applied_at: Timestamp,
    /// The newest last.
    pub talk: Vec<Exchange>,
    pub refusal: Option<ApplicationRefusal>,
    /// What it became.
    pub organisation: Option<OrganisationId>,
}

impl Application {
    /// Can it still be answered?
    pub fn is_open(&self) -> bool {
        matches!(self.stage, ApplicationStage::Waiting | ApplicationStage::Asked)
    }

    pub(super) fn event(&self, fact: ApplicationFact) -> ApplicationEvent {
        ApplicationEvent { application: self.id, network: self.network, fact }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplicationFact {
    Made,
    /// The address was proved. With those who hear of it.
    Confirmed {
        coordinators: Vec<UserId>,
    },
    QuestionAsked,
    Replied {
        coordinators: Vec<UserId>,
    },
    Approved,
    Declined {
        reason: ApplicationRefusal,
    },
}

impl ApplicationFact {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Made => "application.made",
            Self::Confirmed { .. } => "application.confirmed",
            Self::QuestionAsked => "application.question_asked",
            Self::Replied { .. } => "application.replied",
            Self::Approved => "application.approved",
            Self::Declined { .. } => "application.declined",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationEvent {
    pub application: ApplicationId,
    pub network: NetworkId,
    pub fact: ApplicationFact,
}

#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    #[error("there is no such application")]
    NotFound,
    /// Approved, declined, or there is no question to answer.
    #[error("the application was answered already")]
    AnsweredAlready,
    #[error("the network takes no applications")]
    NotTaken,
    #[error("the agreement is another by now")]
    Stale,
    #[error("the network has as many open applications as it can read")]
    Full,
    #[error(transparent)]
    Organisation(#[from] Box<OrganisationError>),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<OrganisationError> for ApplicationError {
    fn from(error: OrganisationError) -> Self {
        Self::Organisation(Box::new(error))
    }
}

impl Refused for ApplicationError {
    fn denied(&self) -> Option<Denied> {
        match self {
            Self::Denied(denied) => Some(*denied),
            Self::Organisation(error) => error.denied(),
            _ => None,
        }
    }
}

impl Subject for Application {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Guarded for Application {
    const KIND: &'static str = "application";

    fn subject(&self) -> Uuid {
        self.id.uuid()
    }

    /// The network's; for whoever holds a link, the one application of the link.
    fn stands(&self, side: Side, op: &OpContext) -> bool {
        let own = match op.actor() {
            Actor::Applicant { application } => application == self.id,
            _ => true,
        };
        side == Side::Network && op.network() == self.network && own
    }

    fn is_own(&self, _op: &OpContext) -> bool {
        false
    }
}
