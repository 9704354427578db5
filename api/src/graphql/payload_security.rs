//! What mutations of one's own credentials answer.

use async_graphql::SimpleObject;
use jiff::Timestamp;
use trellis_infra::auth::RecoveryCode;
use trellis_infra::pg::platform::{NewAuthenticator, PasskeyChallenge};

use super::objects::{AuthenticatorObject, PasskeyChallengeObject};
use super::payload::Payload;
use super::refusal::Refusal;
use super::scalars::DateTime;

#[derive(SimpleObject)]
pub struct SecurityPayload {
    pub done: bool,
    pub refusal: Option<Refusal>,
}

impl Payload for SecurityPayload {
    type Done = ();

    fn done((): ()) -> Self {
        Self { done: true, refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { done: false, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
pub struct AuthenticatorPayload {
    pub authenticator: Option<AuthenticatorObject>,
    pub refusal: Option<Refusal>,
}

impl Payload for AuthenticatorPayload {
    type Done = NewAuthenticator;

    fn done(new: NewAuthenticator) -> Self {
        Self { authenticator: Some(AuthenticatorObject::new(new)), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { authenticator: None, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
pub struct RecoveryCodesPayload {
    /// Each is good once. They are shown here and never again.
    pub recovery_codes: Option<Vec<String>>,
    pub refusal: Option<Refusal>,
}

impl Payload for RecoveryCodesPayload {
    type Done = Vec<RecoveryCode>;

    fn done(codes: Vec<RecoveryCode>) -> Self {
        Self { recovery_codes: Some(codes.iter().map(RecoveryCode::expose).collect()), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { recovery_codes: None, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
pub struct PasskeyChallengePayload {
    pub asked: Option<PasskeyChallengeObject>,
    pub refusal: Option<Refusal>,
}

impl Payload for PasskeyChallengePayload {
    type Done = PasskeyChallenge;

    fn done(asked: PasskeyChallenge) -> Self {
        Self { asked: Some(PasskeyChallengeObject::new(asked)), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { asked: None, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
pub struct ProvedPayload {
    /// To go on with; the one before says nothing of the proof.
    pub access_token: Option<String>,
    pub expires_at: Option<DateTime>,
    pub refusal: Option<Refusal>,
}

impl Payload for ProvedPayload {
    type Done = (String, Timestamp);

    fn done((token, expires_at): (String, Timestamp)) -> Self {
        Self { access_token: Some(token), expires_at: Some(expires_at.into()), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { access_token: None, expires_at: None, refusal: Some(refusal) }
    }
}
