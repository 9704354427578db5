//! Every event of every concept, with the facts that the record of it needs.

use uuid::Uuid;

use crate::access_request::{AccessAnswer, AccessRequestEvent, AccessRequestFact};
use crate::access_review::{AccessReviewEvent, AccessReviewFact};
use crate::application::{ApplicationEvent, ApplicationFact};
use crate::consent::{DecisionEvent, DecisionFact, SharingEnded};
use crate::contact::ContactEvent;
use crate::custody::CustodyEvent;
use crate::directory::ServiceEvent;
use crate::emergency::{EmergencyEvent, EmergencyFact, ReviewVerdict};
use crate::identity::{FactorResetEvent, IdentityEvent, InvitationEvent};
use crate::kernel::{NetworkId, OrganisationId, PersonId, TypedId};
use crate::message::MessageFailed;
use crate::person::PersonEvent;
use crate::plan::PlanEvent;
use crate::referral::ReferralEvent;
use crate::sameness::{SamenessEvent, SamenessFact, Verdict};
use crate::sso::ProviderEvent;
use crate::tenancy::{OrganisationEvent, OrganisationFact};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Referral(ReferralEvent),
    Person(PersonEvent),
    Sameness(SamenessEvent),
    Plan(PlanEvent),
    Decision(DecisionEvent),
    SharingEnded(SharingEnded),
    Contact(ContactEvent),
    Emergency(EmergencyEvent),
    Service(ServiceEvent),
    Identity(IdentityEvent),
    Invitation(InvitationEvent),
    Organisation(OrganisationEvent),
    SettingsChanged { network: NetworkId, organisation: Option<OrganisationId> },
    SettingsWithdrawn { network: NetworkId, organisation: Option<OrganisationId> },
    AccessRequest(AccessRequestEvent),
    Application(ApplicationEvent),
    JoiningChanged { network: NetworkId },
    TaskFinished { task: Uuid, organisation: OrganisationId },
    MessageFailed(MessageFailed),
    Provider(ProviderEvent),
    AccessReview(AccessReviewEvent),
    FactorReset(FactorResetEvent),
    Custody(CustodyEvent),
}

impl Event {
    /// The stable name, such as `referral.accepted`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Referral(event) => event.fact.name(),
            Self::Person(event) => event.name,
            Self::Sameness(event) => match event.fact {
                SamenessFact::Decided(Verdict::Same) => "person.found_the_same",
                SamenessFact::Decided(Verdict::Different) => "person.found_different",
                SamenessFact::TakenBack => "person.sameness_taken_back",
            },
            Self::Plan(_) => "plan.saved",
            Self::Decision(event) => match event.fact {
                DecisionFact::Recorded => "decision.recorded",
                DecisionFact::Withdrawn { .. } => "decision.withdrawn",
            },
            Self::SharingEnded(_) => "sharing.ended",
            Self::Contact(event) if event.taken_back => "contact.taken_back",
            Self::Contact(_) => "contact.logged",
            Self::Emergency(event) => match event.fact {
                EmergencyFact::Opened { .. } => "emergency.opened",
                EmergencyFact::Closed => "emergency.closed",
                EmergencyFact::Reviewed { .. } => "emergency.reviewed",
            },
            Self::Service(event) => event.name,
            Self::Identity(event) => event.name,
            Self::Invitation(event) => event.fact.name(),
            Self::Organisation(event) => event.fact.name(),
            Self::SettingsChanged { .. } => "settings.changed",
            Self::SettingsWithdrawn { .. } => "settings.withdrawn",
            Self::AccessRequest(event) => match event.fact {
                AccessRequestFact::Asked { .. } => "access.asked",
                AccessRequestFact::Answered { .. } => "access.answered",
            },
            Self::Application(event) => event.fact.name(),
            Self::JoiningChanged { .. } => "joining.changed",
            Self::TaskFinished { .. } => "task.finished",
            Self::MessageFailed(_) => "message.failed",
            Self::Provider(event) => event.name,
            Self::FactorReset(_) => "member.factor_reset_started",
            Self::Custody(event) => event.fact.name(),
            Self::AccessReview(event) => match event.fact {
                AccessReviewFact::Confirmed => "access.confirmed",
                AccessReviewFact::Exported { .. } => "access_review.exported",
            },
        }
    }

    /// The kind of thing it happened to, as it stands in ids and tables.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Referral(_) | Self::SharingEnded(_) => "referral",
            Self::Person(_) => "person",
            Self::Sameness(_) => "person_match",
            Self::Plan(_) => "plan",
            Self::Decision(_) => "decision",
            Self::Contact(_) => "contact",
            Self::Emergency(_) => "emergency_opening",
            Self::Service(_) => "service",
            Self::Identity(_) | Self::FactorReset(_) => "membership",
            Self::Invitation(_) => "invitation",
            Self::Organisation(_) => "organisation",
            Self::SettingsChanged { .. } | Self::SettingsWithdrawn { .. } => "settings",
            Self::AccessRequest(_) => "access_request",
            Self::Application(_) => "application",
            Self::JoiningChanged { .. } => "joining",
            Self::TaskFinished { .. } => "task",
            Self::MessageFailed(_) => "message",
            Self::Provider(_) => "provider",
            Self::Custody(event) if event.fact.person().is_some() => "person",
            Self::Custody(_) => "custody_offer",
            Self::AccessReview(event) => match event.fact {
                AccessReviewFact::Confirmed => "membership",
                AccessReviewFact::Exported { .. } => "access_review",
            },
        }
    }

    pub fn subject(&self) -> Uuid {
        match self {
            Self::Referral(event) => event.referral.uuid(),
            Self::Person(event) => event.person.uuid(),
            Self::Sameness(event) => event.id.uuid(),
            Self::Plan(event) => event.plan.uuid(),
            Self::Decision(event) => event.decision.uuid(),
            Self::SharingEnded(event) => event.referral.uuid(),
            Self::Contact(event) => event.contact.uuid(),
            Self::Emergency(event) => event.opening.uuid(),
            Self::Service(event) => event.service.uuid(),
            Self::Identity(event) => event.membership.uuid(),
            Self::Invitation(event) => event.invitation.uuid(),
            Self::Organisation(event) => event.organisation.uuid(),
            Self::SettingsChanged { network, organisation }
            | Self::SettingsWithdrawn { network, organisation } => {
                organisation.map_or(network.uuid(), TypedId::uuid)
            }
            Self::AccessRequest(event) => event.request.uuid(),
            Self::Application(event) => event.application.uuid(),
            Self::JoiningChanged { network } => network.uuid(),
            Self::TaskFinished { task, .. } => *task,
            Self::MessageFailed(event) => event.message.uuid(),
            Self::Provider(event) => event.provider.uuid(),
            Self::AccessReview(event) => event.subject,
            Self::FactorReset(event) => event.membership.uuid(),
            Self::Custody(event) => event.fact.person().map_or(event.offer.uuid(), TypedId::uuid),
        }
    }

    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Referral(event) => Some(event.person),
            Self::Person(event) => Some(event.person),
            Self::Sameness(event) => Some(event.person),
            Self::Plan(event) => Some(event.person),
            Self::Decision(event) => Some(event.person),
            Self::SharingEnded(event) => Some(event.person),
            Self::Contact(event) => Some(event.person),
            Self::Emergency(event) => Some(event.person),
            Self::Custody(event) => event.fact.person(),
            _ => None,
        }
    }

    /// The referral whose story it belongs to.
    pub fn referral(&self) -> Option<Uuid> {
        match self {
            Self::Referral(event) => Some(event.referral.uuid()),
            Self::SharingEnded(event) => Some(event.referral.uuid()),
            Self::Contact(event) => Some(event.referral.uuid()),
            Self::MessageFailed(event) => event.referral.map(TypedId::uuid),
            _ => None,
        }
    }

    /// Which organisations may read the event.
    pub fn audience(&self) -> Vec<OrganisationId> {
        match self {
            Self::Referral(event) => {
                let mut parties = vec![event.sender.organisation];
                parties.extend(event.sent.then_some(event.receiver.organisation));
                parties.extend(event.parent.map(|parent| parent.organisation));
                parties.extend(event.asker.filter(|_| event.sent).map(|asker| asker.organisation));
                parties.sort();
                parties.dedup();
                parties
            }
            Self::Person(event) => vec![event.custodian],
            // The keeper of either record does not learn what another organisation thinks of it.
            Self::Sameness(event) => vec![event.organisation],
            Self::Plan(event) if event.organisation == event.custodian => vec![event.custodian],
            Self::Plan(event) => vec![event.custodian, event.organisation],
            Self::Decision(event) => match event.fact {
                DecisionFact::Withdrawn { by: Some(by), .. } if by != event.recorded_for => {
                    vec![event.recorded_for, by]
                }
                _ => vec![event.recorded_for],
            },
            Self::SharingEnded(event) => vec![event.organisation],
            Self::Contact(event) => vec![event.organisation],
            Self::Emergency(event) => vec![event.custodian, event.organisation],
            Self::Service(event) => vec![event.organisation],
            Self::Identity(event) => event.organisation.into_iter().collect(),
            Self::Invitation(event) => event.organisation.into_iter().collect(),
            Self::Organisation(event) => vec![event.organisation],
            Self::SettingsChanged { organisation, .. } | Self::SettingsWithdrawn { organisation, .. } => {
                organisation.iter().copied().collect()
            }
            Self::AccessRequest(event) => event.organisation.into_iter().collect(),
            // Only roles of the network know of these, and they have no organisation.
            Self::Application(_) | Self::JoiningChanged { .. } => Vec::new(),
            Self::TaskFinished { organisation, .. } => vec![*organisation],
            Self::MessageFailed(event) => event.organisation.into_iter().collect(),
            Self::Provider(event) => vec![event.organisation],
            Self::AccessReview(event) => event.organisation.into_iter().collect(),
            Self::FactorReset(event) => event.organisation.into_iter().collect(),
            Self::Custody(event) => vec![event.from, event.to],
        }
    }

    /// Codes that explain it, as JSON members: never text that somebody typed.
    pub fn reason(&self) -> Option<&'static str> {
        use crate::referral::{AgainReason, OutOfTurnReason, ReferralFact as F};
        if let Self::Organisation(event) = self
            && let OrganisationFact::Suspended { reason } = event.fact
        {
            return Some(reason.code());
        }
        if let Self::Application(event) = self
            && let ApplicationFact::Declined { reason } = event.fact
        {
            return Some(reason.code());
        }
        if let Self::AccessRequest(event) = self {
            return event.fact.answer().map(AccessAnswer::code);
        }
        if let Self::Emergency(event) = self {
            return event.fact.verdict().map(ReviewVerdict::code);
        }
        if let Self::Custody(event) = self {
            return event.fact.reason();
        }
        let Self::Referral(event) = self else { return None };
        match &event.fact {
            F::Drafted { again } => again.map(AgainReason::code),
            F::PlaceOffered { out_of_turn } => out_of_turn.map(OutOfTurnReason::code),
            F::Returned { reason } => Some(reason.code()),
            F::Reassigned { reason, .. } => Some(reason.code()),
            F::Declined { reason } => Some(reason.code()),
            F::Held { reason, .. } => Some(reason.code()),
            F::Completed { outcome } => Some(outcome.code()),
            F::Ended { reason } => Some(reason.code()),
            F::Withdrawn { by } => Some(by.code()),
            F::Cancelled { reason } => Some(reason.code()),
            F::Transferred { reason, .. } => Some(reason.code()),
            F::Reopened { reason } => Some(reason.code()),
            _ => None,
        }
    }
}
