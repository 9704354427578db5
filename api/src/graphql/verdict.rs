//! How each error of the domain is answered: as a refusal that a screen can handle, or as a fault. There is no
//! catch-all, so a new error does not compile until somebody has decided.

use std::time::Duration;

use trellis_domain::consent::NoActiveDecision;
use trellis_domain::consent::record::DecisionError;
use trellis_domain::contact::ContactError;
use trellis_domain::directory::NotAdmitted;
use trellis_domain::directory::publish::ServiceError;
use trellis_domain::kernel::StoreError;
use trellis_domain::message::TaskError;
use trellis_domain::person::PersonError;
use trellis_domain::referral::link::OfferError;
use trellis_domain::referral::{NotPossible, ReferralError};
use trellis_infra::pg::platform::{LinkError, SessionError, SignInError};

use super::error::Fault;
use super::refusal::{Refusal, RefusalCode};

/// How an error is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Refused(Refusal),
    Failed(Fault),
}

impl From<Refusal> for Verdict {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Verdict {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

impl From<StoreError> for Verdict {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Refusal::stale().into(),
            StoreError::KeyReused => Refusal::key_reused().into(),
            fault @ (StoreError::Unavailable(_)
            | StoreError::Inconsistent { .. }
            | StoreError::Sealed
            | StoreError::SessionEnded
            | StoreError::Fault(_)) => Fault::from(fault).into(),
        }
    }
}

impl From<NotPossible> for Verdict {
    fn from(error: NotPossible) -> Self {
        let (command, stage) = (error.command.words(), error.words);
        let message = format!("“{command}” is not possible while the referral is “{stage}”.");
        let next = "Read the referral again: `commands` says what is possible now.";
        Refusal::new(RefusalCode::NotInThisStage, message, next).into()
    }
}

impl From<NoActiveDecision> for Verdict {
    fn from(error: NoActiveDecision) -> Self {
        let (code, message) = match error {
            NoActiveDecision::Missing => {
                (RefusalCode::NoDecision, "No agreement to share with this service is on record.")
            }
            NoActiveDecision::Other => {
                (RefusalCode::NoDecision, "The agreement on record is for another service or purpose.")
            }
            NoActiveDecision::Withdrawn => {
                (RefusalCode::DecisionWithdrawn, "The person has taken back their agreement to share.")
            }
            NoActiveDecision::Expired => (RefusalCode::DecisionExpired, "The agreement to share has ended."),
        };
        Refusal::new(code, message, "Ask the person, and record how they agreed.").about("agreement").into()
    }
}

impl From<NotAdmitted> for Verdict {
    fn from(error: NotAdmitted) -> Self {
        let (code, message) = match error {
            NotAdmitted::NotRunning => (RefusalCode::ServiceNotRunning, "This service is not running."),
            NotAdmitted::Closed => {
                (RefusalCode::ServiceClosed, "This service takes no requests at the moment.")
            }
            NotAdmitted::Need => (RefusalCode::NeedNotMet, "This service does not help with these needs."),
            NotAdmitted::Age => (RefusalCode::AgeNotMet, "This service is for other ages."),
            NotAdmitted::Area => {
                (RefusalCode::AreaNotMet, "This service does not cover where the person lives.")
            }
            NotAdmitted::WeekIsFull => {
                (RefusalCode::IntakeLimit, "This service has had as many requests this week as it takes.")
            }
            NotAdmitted::ReferrerIsFull => (
                RefusalCode::IntakeLimit,
                "This service has had as many requests from you this week as it takes from one organisation.",
            ),
        };
        let next = match code {
            RefusalCode::IntakeLimit => "Choose another service, or ask again in a few days.",
            _ => "Choose another service.",
        };
        Refusal::new(code, message, next).about("serviceId").into()
    }
}

impl From<ReferralError> for Verdict {
    fn from(error: ReferralError) -> Self {
        match error {
            ReferralError::NotFound => Refusal::not_found("referralId").into(),
            ReferralError::PersonNotFound => Refusal::not_found("personId").into(),
            ReferralError::ServiceNotFound => Refusal::not_found("serviceId").into(),
            ReferralError::Denied(_) => Refusal::denied().into(),
            ReferralError::Stale => Refusal::stale().into(),
            ReferralError::NotPossible(stage) => stage.into(),
            ReferralError::NoDecision(decision) => decision.into(),
            ReferralError::NotAdmitted(admission) => admission.into(),
            ReferralError::Person(person) => (*person).into(),
            ReferralError::Decision(decision) => (*decision).into(),
            ReferralError::Store(store) => store.into(),
            rule @ (ReferralError::WorkerNotFound
            | ReferralError::NoPlace
            | ReferralError::NotFirstInQueue
            | ReferralError::TooFewAttempts(_)
            | ReferralError::UntilInPast
            | ReferralError::TooLateToReopen
            | ReferralError::NeedsNamedWorker
            | ReferralError::RiskNotAcknowledged) => rule_of_the_lifecycle(&rule).into(),
        }
    }
}

fn rule_of_the_lifecycle(error: &ReferralError) -> Refusal {
    use RefusalCode as Code;
    match error {
        ReferralError::NoPlace => Refusal::new(
            Code::NoPlace,
            "The service has no free place.",
            "Free a place first, or leave it waiting.",
        ),
        ReferralError::NotFirstInQueue => {
            let next = "Offer the place to the first in the queue, or say why it is out of turn.";
            Refusal::new(Code::NotFirstInQueue, "Somebody else has waited longer.", next).about("outOfTurn")
        }
        ReferralError::TooFewAttempts(attempts) => {
            let (recorded, required) = (attempts.recorded, attempts.required);
            let message =
                format!("{recorded} of the {required} attempts that this service asks for are recorded.");
            Refusal::new(Code::TooFewAttempts, message, "Try again, and log each attempt.")
        }
        ReferralError::UntilInPast => {
            Refusal::new(Code::DateInPast, "That date has passed.", "Choose a date to come.").about("until")
        }
        ReferralError::TooLateToReopen => {
            let message = "It ended more than 30 days ago.";
            Refusal::new(Code::TooLateToReopen, message, "Make a new referral.")
        }
        ReferralError::NeedsNamedWorker => {
            let message = "A referral with this risk needs a named worker first.";
            Refusal::new(Code::NeedsNamedWorker, message, "Give it to a worker, then start.")
        }
        ReferralError::RiskNotAcknowledged => {
            let message = "The named worker has not yet said that they know of the risk.";
            Refusal::new(Code::RiskNotAcknowledged, message, "The named worker acknowledges it, then starts.")
        }
        _ => {
            let message = "There is no such worker in your organisation.";
            Refusal::new(Code::WorkerNotFound, message, "Choose one of your own members.").about("userId")
        }
    }
}

impl From<PersonError> for Verdict {
    fn from(error: PersonError) -> Self {
        match error {
            PersonError::NotFound => Refusal::not_found("personId").into(),
            PersonError::Stale => Refusal::stale().into(),
            PersonError::AlreadyRegistered(_) => {
                let message = "Somebody with this NHS number is already on your records.";
                let next = "Search for them, and refer from their record.";
                Refusal::new(RefusalCode::AlreadyRegistered, message, next).about("identity.nhsNumber").into()
            }
            PersonError::NoChannel => {
                let next = "Choose how the person wants to be reached.";
                let message = "At least one way of contact is needed.";
                Refusal::new(RefusalCode::InvalidInput, message, next).about("preferences.channels").into()
            }
            PersonError::Denied(_) => Refusal::denied().into(),
            PersonError::Store(store) => store.into(),
        }
    }
}

impl From<ContactError> for Verdict {
    fn from(error: ContactError) -> Self {
        let invalid = |message: &str, next: &str, field: &str| {
            Refusal::new(RefusalCode::InvalidInput, message, next).about(field)
        };
        match error {
            ContactError::NotFound => Refusal::not_found("referralId").into(),
            ContactError::PersonNotFound => Refusal::not_found("personId").into(),
            ContactError::ChannelNotAllowed => {
                let message = "The person does not want to be reached in this way.";
                Refusal::new(RefusalCode::ChannelNotAllowed, message, "Use one of the ways they chose.")
                    .about("channel")
                    .into()
            }
            ContactError::NoVoicemail => {
                let message = "The person asked that no messages be left.";
                Refusal::new(RefusalCode::NoVoicemail, message, "Try again at another time.")
                    .about("result")
                    .into()
            }
            ContactError::NextStepInPast => {
                let message = "The date of the next step has passed.";
                Refusal::new(RefusalCode::DateInPast, message, "Choose a date to come.")
                    .about("nextDueAt")
                    .into()
            }
            ContactError::TooLong => {
                invalid("A contact cannot take longer than a day.", "Check the minutes.", "minutes").into()
            }
            ContactError::NotPossible(stage) => stage.into(),
            ContactError::Referral(referral) => referral.into(),
            ContactError::Denied(_) => Refusal::denied().into(),
            ContactError::Store(store) => store.into(),
        }
    }
}

impl From<DecisionError> for Verdict {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::NotFound => Refusal::not_found("decisionId").into(),
            DecisionError::PersonNotFound => Refusal::not_found("personId").into(),
            DecisionError::RecipientNotFound => Refusal::not_found("organisationId").into(),
            DecisionError::EndsInPast => {
                let message = "The decision would end before it begins.";
                Refusal::new(RefusalCode::DateInPast, message, "Choose an end to come, or none.")
                    .about("endsAt")
                    .into()
            }
            DecisionError::AlreadyWithdrawn => {
                let message = "This decision was withdrawn already.";
                Refusal::new(RefusalCode::AlreadyWithdrawn, message, "There is nothing left to do.").into()
            }
            DecisionError::Denied(_) => Refusal::denied().into(),
            DecisionError::Store(store) => store.into(),
        }
    }
}

impl From<ServiceError> for Verdict {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::NotFound => Refusal::not_found("serviceId").into(),
            ServiceError::Stale => Refusal::stale().into(),
            ServiceError::FewerThanTaken => {
                let message = "More places are taken than that.";
                let next = "Give a number that is not below the places taken.";
                Refusal::new(RefusalCode::FewerThanTaken, message, next).about("places").into()
            }
            ServiceError::Denied(_) => Refusal::denied().into(),
            ServiceError::Store(store) => store.into(),
        }
    }
}

impl From<TaskError> for Verdict {
    fn from(error: TaskError) -> Self {
        match error {
            TaskError::NotFound => Refusal::not_found("taskId").into(),
            TaskError::Denied(_) => Refusal::denied().into(),
            TaskError::Store(store) => store.into(),
        }
    }
}

impl From<SignInError> for Verdict {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Refusal::sign_in_failed().into(),
            SignInError::TooManyTries { retry_after } => Refusal::too_many_tries(retry_after).into(),
            SignInError::NoMembership => {
                let message = "This login acts for no organisation at the moment.";
                Refusal::new(RefusalCode::SignInFailed, message, "Ask an administrator of your organisation.")
                    .into()
            }
            SignInError::Busy => Fault::throttled(Duration::from_secs(1)).into(),
            SignInError::LinkEnded => Refusal::login_link_ended().into(),
            SignInError::FactorNeeded(ticket) if ticket.must_enrol() => {
                let next = "Set up an app that shows codes, with `startAuthenticator` and the ticket.";
                let message = "Your organisation asks for a second factor, and you have none yet.";
                Refusal::new(RefusalCode::SetUpSecondFactor, message, next).into()
            }
            SignInError::FactorNeeded(_) => {
                let next = "Give a code of your app, a passkey or a recovery code to `finishSignIn`, with the ticket.";
                let message = "The password is right. A second factor is needed too.";
                Refusal::new(RefusalCode::SecondFactorNeeded, message, next).into()
            }
            SignInError::Store(store) => store.into(),
        }
    }
}

impl From<SessionError> for Verdict {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Ended | SessionError::Replayed => Refusal::session_ended().into(),
            SessionError::NotYours => Refusal::not_found("membershipId").into(),
            SessionError::FactorNeeded => Refusal::second_factor_needed().into(),
            SessionError::OwnCredentials => {
                let message =
                    "This session was opened by your organisation's provider, and acts for it alone.";
                let next = "Sign in with your own password to act for another organisation.";
                Refusal::new(RefusalCode::SignInFailed, message, next).about("membershipId").into()
            }
            SessionError::Store(store) => store.into(),
        }
    }
}

impl From<LinkError> for Verdict {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Unknown => Refusal::not_found("token").into(),
            LinkError::Store(store) => store.into(),
        }
    }
}

impl From<OfferError> for Verdict {
    fn from(error: OfferError) -> Self {
        match error {
            OfferError::NotFound => Refusal::not_found("token").into(),
            OfferError::Expired => {
                let message = "The link has ended.";
                Refusal::new(RefusalCode::LinkExpired, message, "Phone whoever sent it.")
                    .about("token")
                    .into()
            }
            OfferError::Spent => {
                let message = "This request was answered already.";
                Refusal::new(RefusalCode::LinkSpent, message, "To change the answer, phone whoever sent it.")
                    .about("token")
                    .into()
            }
            OfferError::NotAccepted => {
                let message = "The request was not accepted through this link.";
                Refusal::new(RefusalCode::NotInThisStage, message, "Accept it first.").into()
            }
            OfferError::Referral(referral) => (*referral).into(),
            OfferError::Denied(_) => Refusal::denied().into(),
            OfferError::Store(store) => store.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trellis_domain::kernel::{PersonId, TypedId};

    fn refused(verdict: impl Into<Verdict>) -> Refusal {
        match verdict.into() {
            Verdict::Refused(refusal) => refusal,
            Verdict::Failed(fault) => panic!("a fault: {fault:?}"),
        }
    }

    #[test]
    fn what_does_not_exist_and_what_is_not_yours_read_the_same() {
        assert_eq!(refused(ReferralError::PersonNotFound), refused(PersonError::NotFound));
        assert_eq!(refused(ReferralError::NotFound), refused(ContactError::NotFound));
    }

    #[test]
    fn an_error_inside_another_is_judged_as_itself() {
        let inner = ContactError::Referral(ReferralError::from(PersonError::NoChannel));
        assert_eq!(refused(inner), refused(PersonError::NoChannel));
    }

    #[test]
    fn a_person_who_is_registered_already_is_not_named() {
        let person = PersonId::from_uuid(uuid::Uuid::from_u128(7));
        let refusal = refused(PersonError::AlreadyRegistered(person));
        assert_eq!(refusal.field.as_deref(), Some("identity.nhsNumber"));
        assert!(!format!("{refusal:?}").contains(&person.to_string()));
    }

    #[test]
    fn failures_of_the_store_are_faults_but_conflicts_are_answers() {
        assert_eq!(refused(StoreError::Conflict).code, RefusalCode::Stale);
        assert_eq!(refused(StoreError::KeyReused).code, RefusalCode::IdempotencyKeyReused);
        for fault in [StoreError::Sealed, StoreError::SessionEnded, StoreError::Unavailable(None)] {
            assert!(matches!(Verdict::from(fault), Verdict::Failed(_)));
        }
    }
}
