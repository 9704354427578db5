//! Proofs of who somebody is, and new credentials. Nothing typed here is ever repeated in an answer.

use async_graphql::{Enum, InputObject};
use trellis_infra::pg::platform::{Proving, SecondProof};

/// Longer than any code or password that is taken.
const LONGEST: usize = 1024;

/// What a device is asked for.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyUse {
    /// By somebody who has not said who they are.
    SignIn,
    /// By the holder of a ticket.
    SecondFactor,
    /// By the viewer, to prove again that it is them.
    Prove,
    /// By the viewer, to be kept.
    Register,
}

#[derive(InputObject, Clone)]
pub struct PasskeyAnswerInput {
    pub challenge: String,
    /// What `navigator.credentials` gave, as JSON.
    pub answer: String,
}

/// One of `code`, `recoveryCode` and `passkey`; none when a second factor was just set up with the ticket.
#[derive(InputObject, Clone)]
pub struct FinishSignInInput {
    pub ticket: String,
    pub code: Option<String>,
    pub recovery_code: Option<String>,
    pub passkey: Option<PasskeyAnswerInput>,
}

impl FinishSignInInput {
    /// None when there are two, or one that cannot be meant.
    pub fn proof(self) -> Option<SecondProof> {
        let short = |typed: &String| typed.len() <= LONGEST;
        match (self.code, self.recovery_code, self.passkey) {
            (Some(code), None, None) if short(&code) => Some(SecondProof::Code(code)),
            (None, Some(code), None) if short(&code) => Some(SecondProof::RecoveryCode(code)),
            (None, None, Some(PasskeyAnswerInput { challenge, answer })) => {
                Some(SecondProof::Passkey { challenge, answer })
            }
            (None, None, None) => Some(SecondProof::SetUp),
            _ => None,
        }
    }
}

#[derive(InputObject, Clone)]
pub struct ConfirmAuthenticatorInput {
    /// For somebody who may not come in without one; without it, for the viewer.
    pub ticket: Option<String>,
    /// The first code that the app shows.
    pub code: String,
}

#[derive(InputObject, Clone)]
pub struct AddPasskeyInput {
    pub passkey: PasskeyAnswerInput,
    /// For its owner to know it by.
    pub name: String,
}

#[derive(InputObject, Clone)]
pub struct ChangePasswordInput {
    pub current: String,
    pub new: String,
    /// End all other sessions.
    #[graphql(default = true)]
    pub end_others: bool,
}

#[derive(InputObject, Clone)]
pub struct RecoverPasswordInput {
    /// Of the link in the mail.
    pub token: String,
    pub new: String,
}

/// One of them.
#[derive(InputObject, Clone)]
pub struct ProveYourselfInput {
    pub password: Option<String>,
    pub code: Option<String>,
    pub passkey: Option<PasskeyAnswerInput>,
}

impl ProveYourselfInput {
    pub fn proving(self) -> Option<Proving> {
        match (self.password, self.code, self.passkey) {
            (Some(password), None, None) if password.len() <= LONGEST => Some(Proving::Password(password)),
            (None, Some(code), None) if code.len() <= LONGEST => Some(Proving::Code(code)),
            (None, None, Some(PasskeyAnswerInput { challenge, answer })) => {
                Some(Proving::Passkey { challenge, answer })
            }
            _ => None,
        }
    }
}
