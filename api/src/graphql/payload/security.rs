//! What mutations of one's own credentials answer.

use async_graphql::SimpleObject;
use jiff::Timestamp;
use trellis_infra::auth::RecoveryCode;
use trellis_infra::pg::platform::{NewAuthenticator, PasskeyChallenge, Ticket};

use super::super::objects::{AuthenticatorObject, PasskeyChallengeObject, TicketObject};
use super::super::refusal::Refusal;
use super::super::scalars::DateTime;
use super::{Payload, payload};
use crate::graphql::rules::{Rule, rule};

payload!(SecurityPayload { done });
payload!(AuthenticatorPayload { authenticator: AuthenticatorObject } of NewAuthenticator);
payload!(PasskeyChallengePayload { asked: PasskeyChallengeObject } of PasskeyChallenge);

#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
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
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
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

#[derive(SimpleObject)]
#[graphql(directive = rule::apply(Rule::NothingMore.into()))]
pub struct FactorResetPayload {
    /// For setting a new factor up, with `startAuthenticator`, `confirmAuthenticator` and `finishSignIn`.
    pub ticket: Option<TicketObject>,
    pub refusal: Option<Refusal>,
}

impl Payload for FactorResetPayload {
    type Done = Ticket;

    fn done(ticket: Ticket) -> Self {
        Self { ticket: Some(TicketObject::of(&ticket)), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { ticket: None, refusal: Some(refusal) }
    }
}
