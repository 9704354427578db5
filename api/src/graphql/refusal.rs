//! Expected outcomes as payload values: a code to code against, words for people, and what would make it possible.
//! Which error becomes which refusal is `verdict`'s business.

use crate::graphql::rules::{Rule, rule};
use async_graphql::{Enum, SimpleObject};
/// Why an expected thing did not happen. Code against the code, never the message.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalCode {
    NotFound,
    Denied,
    NotInThisStage,
    Stale,
    NoDecision,
    DecisionWithdrawn,
    DecisionExpired,
    ServiceNotRunning,
    ServiceClosed,
    NeedNotMet,
    AgeNotMet,
    AreaNotMet,
    IntakeLimit,
    NoPlace,
    NotFirstInQueue,
    TooFewAttempts,
    DateInPast,
    TooLateToReopen,
    NeedsNamedWorker,
    RiskNotAcknowledged,
    ReasonNeeded,
    TooLateToUndo,
    ChangedSince,
    WorkerNotFound,
    AlreadyRegistered,
    PossibleDuplicate,
    AskedAlready,
    ChannelNotAllowed,
    NoVoicemail,
    FewerThanTaken,
    AlreadyWithdrawn,
    NoRecord,
    OpenAlready,
    ReviewedAlready,
    AnsweredAlready,
    InvalidInput,
    IdempotencyKeyReused,
    SignInFailed,
    TooManyTries,
    LinkExpired,
    LinkSpent,
    CodeWrong,
    // signing in and credentials
    SecondFactorNeeded,
    SetUpSecondFactor,
    SignInAgain,
    ProveYourself,
    AlreadySetUp,
    PasswordWrong,
    PasswordTooWeak,
    LongerPasswordFirst,
    PasskeyRefused,
    NoPasskeysHere,
    // Organisations and their people
    AlreadyMember,
    AlreadyInvited,
    RoleNotHere,
    LastAdministrator,
    OwnRoles,
    NotYourself,
    OnlyAdministrators,
    OrganisationShut,
    StillNeeded,
    SuccessorCannot,
    AskerClosed,
    AllSettled,
    // Handing records over
    NobodyToHandOver,
    OfferedAlready,
    ReceiverCannot,
    RecordsUnderWay,
    OfferOver,
    OwnOffer,
    // single sign-on
    ShortNameTaken,
    ClientSecretNeeded,
    ProviderNotUsable,
    // reviews of access
    OwnAccess,
    // resetting a second factor
    NothingToReset,
    LinkNotYet,
    // settings
    ContrastTooLow,
    PictureNotUsable,
    NotPlanned,
}

#[derive(SimpleObject, Debug, Clone, PartialEq, Eq)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct Refusal {
    pub code: RefusalCode,
    /// What happened, in plain English.
    pub message: String,
    /// What would make it possible.
    pub next: String,
    /// The input field it is about, as a path such as `identity.nhsNumber`.
    pub field: Option<String>,
}

impl Refusal {
    pub fn new(code: RefusalCode, message: impl Into<String>, next: impl Into<String>) -> Self {
        Self { code, message: message.into(), next: next.into(), field: None }
    }

    #[must_use]
    pub fn about(self, field: &str) -> Self {
        Self { field: Some(field.to_owned()), ..self }
    }

    /// The same words whatever it is, and whether or not somebody else has it.
    pub(super) fn not_found(field: &str) -> Self {
        let message = "We cannot find that, or it is not yours to see.";
        Self::new(RefusalCode::NotFound, message, "Check that the address or the reference is right.")
            .about(field)
    }

    pub(super) fn denied() -> Self {
        let next = "Ask somebody whose role allows it, or an administrator of your organisation.";
        Self::new(RefusalCode::Denied, "Your role does not allow this.", next)
    }

    pub(super) fn stale() -> Self {
        let message = "Somebody else has changed this since you opened it. Nothing was saved.";
        Self::new(RefusalCode::Stale, message, "Read it again, then decide.").about("version")
    }

    pub(super) fn key_reused() -> Self {
        let message = "This idempotency key was used for another request. Nothing was saved.";
        Self::new(RefusalCode::IdempotencyKeyReused, message, "Send a new key with a new request.")
            .about("idempotencyKey")
    }

    /// Whatever was wrong with it.
    pub(super) fn sign_in_failed() -> Self {
        let message = "The e-mail address or the password is not right.";
        Self::new(RefusalCode::SignInFailed, message, "Check both, and try again.")
    }

    pub(super) fn session_ended() -> Self {
        Self::new(RefusalCode::SignInFailed, "The session has ended.", "Sign in again.")
    }

    pub(super) fn login_link_ended() -> Self {
        let message = "This link has run out, or was used already.";
        Self::new(RefusalCode::LinkExpired, message, "Ask for a new one.").about("token")
    }

    pub(super) fn code_wrong() -> Self {
        let next = "Wait for the next code of your app, or use a recovery code that was not used before.";
        Self::new(RefusalCode::CodeWrong, "This code is not right.", next).about("code")
    }

    pub(super) fn second_factor_needed() -> Self {
        let next = "Sign in again with your password and your second step.";
        let message = "This organisation asks for a second step.";
        Self::new(RefusalCode::SecondFactorNeeded, message, next)
    }

    pub(super) fn too_many_tries(retry_after: std::time::Duration) -> Self {
        let seconds = retry_after.as_secs().saturating_add(1);
        let next = format!("Wait {seconds} seconds, then try again.");
        Self::new(RefusalCode::TooManyTries, "There were too many tries.", next)
    }
}
