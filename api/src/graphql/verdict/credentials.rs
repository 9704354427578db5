//! How errors of credentials and of half a sign-in are answered: the part of `verdict` that is about proving who one is.

use std::time::Duration;

use trellis_infra::auth::PasswordRefusal;
use trellis_infra::pg::platform::{CredentialError, TicketError};

use super::super::error::Fault;
use super::super::refusal::{Refusal, RefusalCode};
use super::Verdict;
use trellis_domain::identity::ProofTooOld;

impl From<ProofTooOld> for Verdict {
    fn from(_: ProofTooOld) -> Self {
        let message = "For this we need to be sure that it is you.";
        let next = "Prove who you are with `proveYourself`, then try again within ten minutes.";
        Refusal::new(RefusalCode::ProveYourself, message, next).into()
    }
}

impl From<TicketError> for Verdict {
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::Ended => {
                let message = "This sign-in took too long, or there were too many wrong codes.";
                Refusal::new(RefusalCode::SignInAgain, message, "Begin again with your password.")
                    .about("ticket")
                    .into()
            }
            TicketError::WrongCode => Refusal::code_wrong().into(),
            TicketError::TooManyTries { retry_after } => Refusal::too_many_tries(retry_after).into(),
            TicketError::NotYours => already_set_up().into(),
            TicketError::Store(store) => store.into(),
        }
    }
}

fn already_set_up() -> Refusal {
    let next = "Use the one you have, or remove it on your account page first.";
    Refusal::new(RefusalCode::AlreadySetUp, "A second step is set up already.", next)
}

impl From<CredentialError> for Verdict {
    fn from(error: CredentialError) -> Self {
        match error {
            CredentialError::NotFound => Refusal::not_found("id").into(),
            CredentialError::AlreadySetUp => already_set_up().into(),
            CredentialError::WrongCode => Refusal::code_wrong().into(),
            CredentialError::FactorFirst => {
                let message = "The password alone does not prove it: you have a second step.";
                let next = "Use the code of your app, or your passkey.";
                Refusal::new(RefusalCode::SecondFactorNeeded, message, next).about("code").into()
            }
            CredentialError::NotShownToBeTheirs => {
                let message = "This password was set by e-mail, and your second step was not used since.";
                let next = "So it does not show that the login is yours. Ask whoever coordinates your network for help.";
                Refusal::new(RefusalCode::SecondFactorNeeded, message, next).about("password").into()
            }
            CredentialError::WrongPassword => {
                let next = "Type the password that you sign in with.";
                Refusal::new(RefusalCode::PasswordWrong, "The password is not right.", next)
                    .about("password")
                    .into()
            }
            CredentialError::TooManyTries { retry_after } => Refusal::too_many_tries(retry_after).into(),
            CredentialError::Password(refusal) => too_weak(refusal, "new").into(),
            CredentialError::LongerPasswordFirst => {
                let message = "Your password is too short to stand alone.";
                let next = "Choose one of 15 characters or more first, then remove this.";
                Refusal::new(RefusalCode::LongerPasswordFirst, message, next).into()
            }
            CredentialError::ProofTooOld(old) => old.into(),
            CredentialError::NoPasskeysHere => {
                let message = "Passkeys do not work at this address: it is a number and not a name.";
                let next = "Use another second step, or reach Trellis by its name.";
                Refusal::new(RefusalCode::NoPasskeysHere, message, next).into()
            }
            CredentialError::PasskeyRefused => {
                let message = "Your device did not give an answer that we can use.";
                Refusal::new(RefusalCode::PasskeyRefused, message, "Ask it again, or use another way.").into()
            }
            CredentialError::LinkNotYet => {
                let message = "This link does not open yet: in the meantime it can be stopped.";
                let next = "Open it a day after its mail came. `factorReset` says when.";
                Refusal::new(RefusalCode::LinkNotYet, message, next).about("token").into()
            }
            CredentialError::LinkEnded => Refusal::login_link_ended().into(),
            CredentialError::Busy => Fault::throttled(Duration::from_secs(1)).into(),
            CredentialError::Store(store) => store.into(),
        }
    }
}

/// `field`: of the input that asked for it.
pub(super) fn too_weak(refusal: PasswordRefusal, field: &str) -> Refusal {
    let (message, next) = match refusal {
        PasswordRefusal::TooShort { least } => (
            format!("A password here has {least} characters or more."),
            "Three or four words that do not belong together are easy to remember.",
        ),
        PasswordRefusal::TooLong => ("This password is too long.".to_owned(), "Use at most 256 characters."),
        PasswordRefusal::TooCommon => (
            "This password is among the first that anybody would try.".to_owned(),
            "Three or four words that do not belong together are easy to remember.",
        ),
        PasswordRefusal::Guessable => (
            "This password is made of names around you.".to_owned(),
            "Leave out your own name and those of your organisation and network.",
        ),
    };
    Refusal::new(RefusalCode::PasswordTooWeak, message, next).about(field)
}
