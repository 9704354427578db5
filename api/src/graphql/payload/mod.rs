//! What mutations answer: the thing as it stands now, or the refusal. Never both.

pub mod people;
pub mod security;

use async_graphql::SimpleObject;
use trellis_domain::access_request::AccessRequest;
use trellis_domain::consent::Decision;
use trellis_domain::directory::Service;
use trellis_domain::emergency::Opening;
use trellis_domain::message::Task;
use trellis_domain::person::Person;
use trellis_domain::referral::Referral;

use super::error::Fault;
use super::objects::{
    AccessRequestObject, ContactObject, DecisionObject, EmergencyObject, OfferedRequestObject, PersonObject,
    ReceiptLineObject, ReferralObject, ServiceObject, TicketObject, ViewerObject,
};
use super::refusal::Refusal;
use super::scalars::DateTime;
use super::verdict::Verdict;
use super::write::{Logged, Withdrawn};

/// A payload with its two faces.
pub trait Payload: Sized {
    type Done;

    fn done(value: Self::Done) -> Self;

    fn refused(refusal: Refusal) -> Self;

    /// Refusals are answers; faults are errors.
    fn present(outcome: Result<Self::Done, Verdict>) -> Result<Self, Fault> {
        match outcome {
            Ok(value) => Ok(Self::done(value)),
            Err(Verdict::Refused(refusal)) => Ok(Self::refused(refusal)),
            Err(Verdict::Failed(fault)) => Err(fault),
        }
    }
}

/// Payloads of the two common shapes: the one thing that was done, or no more than that it was done.
macro_rules! payload {
    ($name:ident { $field:ident: $object:ident } of $done:ty) => {
        #[derive(SimpleObject)]
        pub struct $name {
            pub $field: Option<$object>,
            pub refusal: Option<Refusal>,
        }

        impl Payload for $name {
            type Done = $done;

            fn done(value: $done) -> Self {
                Self { $field: Some($object::new(value)), refusal: None }
            }

            fn refused(refusal: Refusal) -> Self {
                Self { $field: None, refusal: Some(refusal) }
            }
        }
    };
    ($(#[$meta:meta])* $name:ident { done }) => {
        $(#[$meta])*
        #[derive(SimpleObject)]
        pub struct $name {
            pub done: bool,
            pub refusal: Option<Refusal>,
        }

        impl Payload for $name {
            type Done = ();

            fn done((): ()) -> Self {
                Self { done: true, refusal: None }
            }

            fn refused(refusal: Refusal) -> Self {
                Self { done: false, refusal: Some(refusal) }
            }
        }
    };
}
pub(super) use payload;

payload!(PersonPayload { person: PersonObject } of Person);
payload!(DecisionPayload { decision: DecisionObject } of Decision);
payload!(AccessRequestPayload { access_request: AccessRequestObject } of AccessRequest);
payload!(EmergencyPayload { emergency: EmergencyObject } of Opening);
payload!(ReferralPayload { referral: ReferralObject } of Referral);
payload!(ServicePayload { service: ServiceObject } of Service);

#[derive(SimpleObject)]
pub struct WithdrawDecisionPayload {
    pub decision: Option<DecisionObject>,
    /// For the person: who held what under the decision until now, the earliest first.
    pub receipt: Option<Vec<ReceiptLineObject>>,
    pub refusal: Option<Refusal>,
}

impl Payload for WithdrawDecisionPayload {
    type Done = Withdrawn;

    fn done(withdrawn: Withdrawn) -> Self {
        let receipt = withdrawn.lines.into_iter().map(ReceiptLineObject::of).collect();
        let decision = DecisionObject::new(withdrawn.decision);
        Self { decision: Some(decision), receipt: Some(receipt), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { decision: None, receipt: None, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
pub struct ContactPayload {
    pub contact: Option<ContactObject>,
    pub referral: Option<ReferralObject>,
    pub refusal: Option<Refusal>,
}

impl Payload for ContactPayload {
    type Done = Logged;

    fn done(logged: Logged) -> Self {
        let referral = logged.referral.map(ReferralObject::new);
        Self { contact: Some(ContactObject::new(logged.contact)), referral, refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { contact: None, referral: None, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
pub struct TaskPayload {
    pub done: bool,
    pub refusal: Option<Refusal>,
}

impl Payload for TaskPayload {
    type Done = Task;

    fn done(task: Task) -> Self {
        Self { done: task.done, refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { done: false, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
pub struct Tokens {
    pub access_token: String,
    pub expires_at: DateTime,
    pub refresh_token: String,
    pub refresh_expires_at: DateTime,
}

#[derive(SimpleObject)]
pub struct TokensPayload {
    pub tokens: Option<Tokens>,
    pub viewer: Option<ViewerObject>,
    /// With the refusals `SECOND_FACTOR_NEEDED` and `SET_UP_SECOND_FACTOR`: what finishes this sign-in.
    pub ticket: Option<TicketObject>,
    pub refusal: Option<Refusal>,
}

impl Payload for TokensPayload {
    type Done = (Tokens, ViewerObject);

    fn done((tokens, viewer): (Tokens, ViewerObject)) -> Self {
        Self { tokens: Some(tokens), viewer: Some(viewer), ticket: None, refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { tokens: None, viewer: None, ticket: None, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
pub struct SignOutPayload {
    pub done: bool,
}

#[derive(SimpleObject)]
pub struct AnswerOfferPayload {
    pub request: Option<OfferedRequestObject>,
    /// A six-digit code was sent to the provider's own address; give it to verifyDevice.
    pub code_sent: bool,
    pub refusal: Option<Refusal>,
}

impl Payload for AnswerOfferPayload {
    type Done = (OfferedRequestObject, bool);

    fn done((request, code_sent): (OfferedRequestObject, bool)) -> Self {
        Self { request: Some(request), code_sent, refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { request: None, code_sent: false, refusal: Some(refusal) }
    }
}

#[derive(SimpleObject)]
pub struct VerifyDevicePayload {
    pub device: Option<String>,
    pub request: Option<OfferedRequestObject>,
    pub refusal: Option<Refusal>,
}

impl Payload for VerifyDevicePayload {
    type Done = (String, OfferedRequestObject);

    fn done((device, request): (String, OfferedRequestObject)) -> Self {
        Self { device: Some(device), request: Some(request), refusal: None }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { device: None, request: None, refusal: Some(refusal) }
    }
}
