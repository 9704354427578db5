//! About signing in and sessions.

use std::time::Duration;

use trellis_infra::pg::platform::{SessionError, SignInError};

use super::super::error::Fault;
use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;

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
            SignInError::ResetOver => {
                let message = "Your second step was reset, and no new one was set up in time.";
                let next = "Ask the administrator of your organisation to begin the reset again.";
                Refusal::new(RefusalCode::SignInFailed, message, next).into()
            }
            SignInError::Busy => Fault::throttled(Duration::from_secs(1)).into(),
            SignInError::LinkEnded => Refusal::login_link_ended().into(),
            SignInError::FactorNeeded(ticket) if ticket.must_enrol() => {
                let next = "Set up an app that shows codes, with `startAuthenticator` and the ticket.";
                let message = "Your organisation asks for a second step, and you have none yet.";
                Refusal::new(RefusalCode::SetUpSecondFactor, message, next).into()
            }
            SignInError::FactorNeeded(_) => {
                let next = "Give a code of your app, a passkey or a recovery code to `finishSignIn`, with the ticket.";
                let message = "The password is right. A second step is needed too.";
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
