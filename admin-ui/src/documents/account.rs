//! Signing in with two factors, and one's own account.
use serde::Deserialize;

use super::{Refusal, document};
use crate::codes::{PasskeyUse, RefusalCode};

document!(SignInTicket, "documents/sign_in_ticket.graphql");
document!(StartAuthenticator, "documents/start_authenticator.graphql");
document!(ConfirmAuthenticator, "documents/confirm_authenticator.graphql");
document!(AskPasskey, "documents/ask_passkey.graphql");
document!(Security, "documents/security.graphql");
document!(AddPasskey, "documents/add_passkey.graphql");
document!(RenamePasskey, "documents/rename_passkey.graphql");
document!(RemovePasskey, "documents/remove_passkey.graphql");
document!(RemoveAuthenticator, "documents/remove_authenticator.graphql");
document!(RenewRecoveryCodes, "documents/renew_recovery_codes.graphql");
document!(ChangePassword, "documents/change_password.graphql");
document!(EndSession, "documents/end_session.graphql");
document!(EndOtherSessions, "documents/end_other_sessions.graphql");
document!(MailSignInLink, "documents/mail_sign_in_link.graphql");
document!(MailRecoveryLink, "documents/mail_recovery_link.graphql");
document!(RecoverPassword, "documents/recover_password.graphql");
document!(ProveYourself, "documents/prove_yourself.graphql");

/// What each of these mutations answers: its payload, whichever it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answered {
    pub refusal: Option<Refusal>,
    #[serde(default)]
    pub recovery_codes: Option<Vec<String>>,
    #[serde(default)]
    pub authenticator: Option<NewAuthenticator>,
    #[serde(default)]
    pub asked: Option<Challenge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NewAuthenticator {
    pub secret: String,
    pub address: String,
    pub picture: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Challenge {
    pub challenge: String,
    pub options: String,
}
