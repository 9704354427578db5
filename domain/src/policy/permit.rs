//! A permit is the proof that the policy said yes. Only this file can make one.

use std::marker::PhantomData;

use uuid::Uuid;

use super::{Action, Reach, Role, Side};
use crate::identity::FRESH_PROOF;
use crate::kernel::OpContext;

/// Something an action is done to.
pub trait Guarded {
    /// The kind as it stands in the audit, such as `referral`.
    const KIND: &'static str;
    /// Which one.
    fn subject(&self) -> Uuid;
    /// The person it is about, where it is about one.
    fn person(&self) -> Option<Uuid> {
        None
    }
    /// Does the acting organisation stand on this side?
    fn stands(&self, side: Side, op: &OpContext) -> bool;
    /// Is it the acting user's own?
    fn is_own(&self, op: &OpContext) -> bool;
}

/// Why the policy said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// No role of the actor reaches this.
    Role,
    /// It does, and the actor has to prove first who they are ([`crate::identity::FRESH_PROOF`]). Nothing was tried that
    /// is not theirs, so the audit does not hear of it.
    OldProof,
}

/// The policy said no to somebody who may see the thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the policy does not allow this: {why:?}")]
pub struct Denied {
    pub action: Action,
    pub kind: &'static str,
    pub subject: Uuid,
    pub why: Denial,
}

impl Denied {
    pub const fn by_role(action: Action, kind: &'static str, subject: Uuid) -> Self {
        Self { action, kind, subject, why: Denial::Role }
    }
}

/// An error that may be a denial: the store then writes it to the audit.
pub trait Refused {
    fn denied(&self) -> Option<Denied>;
}

impl Refused for crate::kernel::StoreError {
    fn denied(&self) -> Option<Denied> {
        None
    }
}

/// For error enums with a `Denied` variant.
macro_rules! refused_by_policy {
    ($($error:path),+ $(,)?) => {
        $(impl Refused for $error {
            fn denied(&self) -> Option<Denied> {
                match self {
                    Self::Denied(denied) => Some(*denied),
                    _ => None,
                }
            }
        })+
    };
}

refused_by_policy!(
    crate::referral::ReferralError,
    crate::person::PersonError,
    crate::contact::ContactError,
    crate::consent::record::DecisionError,
    crate::directory::publish::ServiceError,
    crate::identity::MembershipError,
    crate::identity::InvitationError,
    crate::message::TaskError,
    crate::access_request::AccessRequestError,
    crate::sameness::SamenessError,
    crate::sso::ProviderError,
    crate::tenancy::SettingsError,
    crate::message::DeliveryError,
    crate::referral::link::OfferError,
    crate::access_review::AccessReviewError,
    crate::custody::CustodyError,
    crate::plan::PlanError,
);

/// Proof that an action on a thing of kind `R` was allowed.
#[derive(Debug)]
#[must_use]
pub struct Permit<R> {
    authorised: Authorised,
    of: PhantomData<fn() -> R>,
}

/// What was allowed, for the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authorised {
    action: Action,
    kind: &'static str,
    subject: Uuid,
    person: Option<Uuid>,
}

impl Authorised {
    pub fn action(&self) -> Action {
        self.action
    }

    pub fn kind(&self) -> &'static str {
        self.kind
    }

    pub fn subject(&self) -> Uuid {
        self.subject
    }

    pub fn person(&self) -> Option<Uuid> {
        self.person
    }
}

impl<R> Permit<R> {
    pub fn into_authorised(self) -> Authorised {
        self.authorised
    }
}

impl OpContext {
    /// Asks the one table. `Denied` is for things the actor may see; what it may not see was not loaded at all.
    pub fn authorize<R: Guarded>(&self, action: Action, resource: &R) -> Result<Permit<R>, Denied> {
        let (subject, person) = (resource.subject(), resource.person());
        let rule = action.rule();
        let reaches =
            |role: Role, reach: Reach| self.roles().has(role) && self.reaches(rule.sides, reach, resource);
        let denied = Denied::by_role(action, R::KIND, subject);
        if !rule.roles.iter().any(|(role, reach)| reaches(*role, *reach)) {
            return Err(denied);
        }
        if action.needs_a_fresh_proof() && self.proved_within(FRESH_PROOF).is_err() {
            return Err(Denied { why: Denial::OldProof, ..denied });
        }
        let authorised = Authorised { action, kind: R::KIND, subject, person };
        Ok(Permit { authorised, of: PhantomData })
    }

    fn reaches<R: Guarded>(&self, sides: &[Side], reach: Reach, resource: &R) -> bool {
        let stands = |side: &&Side| resource.stands(**side, self);
        // Everything stands in its network: for a role of an organisation that side would mean everybody's.
        let stands_near = || sides.iter().filter(|side| **side != Side::Network).any(|side| stands(&side));
        match reach {
            Reach::Network => sides.contains(&Side::Network) && resource.stands(Side::Network, self),
            Reach::Organisation => self.organisation().is_some() && stands_near(),
            Reach::Own => self.organisation().is_some() && stands_near() && resource.is_own(self),
        }
    }
}
