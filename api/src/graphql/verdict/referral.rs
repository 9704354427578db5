//! About referrals, and what a service admits.

use trellis_domain::directory::NotAdmitted;
use trellis_domain::referral::{NotPossible, ReferralError};

use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

impl From<NotPossible> for Verdict {
    fn from(error: NotPossible) -> Self {
        let (command, stage) = (error.command.words(), error.words);
        let message = format!("“{command}” is not possible while the referral is “{stage}”.");
        let next = "Read the referral again: `commands` says what is possible now.";
        Refusal::new(RefusalCode::NotInThisStage, message, next).into()
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
            ReferralError::Denied(denied) => denied.into(),
            ReferralError::Stale => Refusal::stale().into(),
            ReferralError::NotPossible(stage) => stage.into(),
            ReferralError::NoDecision(decision) => decision.into(),
            ReferralError::NotAdmitted(admission) => admission.into(),
            ReferralError::Person(person) => (*person).into(),
            ReferralError::Decision(decision) => (*decision).into(),
            ReferralError::Store(store) => store.into(),
            ReferralError::AskedAlready(_) => asked_already().into(),
            rule @ (ReferralError::WorkerNotFound
            | ReferralError::NoPlace
            | ReferralError::NotFirstInQueue
            | ReferralError::AskerClosed { .. }
            | ReferralError::TooFewAttempts(_)
            | ReferralError::UntilInPast
            | ReferralError::TooLateToReopen
            | ReferralError::NeedsNamedWorker
            | ReferralError::RiskNotAcknowledged
            | ReferralError::ReasonNeeded
            | ReferralError::TooLateToUndo
            | ReferralError::ChangedSince) => rule_of_the_lifecycle(&rule).into(),
        }
    }
}

fn asked_already() -> Refusal {
    let message = "You have asked this service for this person already, and that is still open.";
    let next = "Open that referral, or say in again why you ask once more.";
    Refusal::new(RefusalCode::AskedAlready, message, next).about("again")
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
        ReferralError::AskerClosed { known } => {
            let message = "Whoever asked for it has closed, so nobody is there to answer.";
            let next = if *known {
                "Decline it: whoever asked at first is told, and finds somebody else. Or take it."
            } else {
                "Take it, or put it on the waiting list. Once you have taken it, you can pass it on."
            };
            Refusal::new(Code::AskerClosed, message, next)
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
        ReferralError::ReasonNeeded => {
            let message = "Somebody has it already.";
            Refusal::new(Code::ReasonNeeded, message, "Say why it goes to somebody else.").about("reason")
        }
        ReferralError::TooLateToUndo => {
            let message = "It was done more than ten minutes ago.";
            let next = "Put it right in the usual way; what happened stays in the story.";
            Refusal::new(Code::TooLateToUndo, message, next)
        }
        ReferralError::ChangedSince => {
            let message = "Something else has happened since, so it cannot be undone.";
            Refusal::new(Code::ChangedSince, message, "Read it again, then decide.")
        }
        _ => {
            let message = "There is no such worker in your organisation.";
            Refusal::new(Code::WorkerNotFound, message, "Choose one of your own members.").about("userId")
        }
    }
}
