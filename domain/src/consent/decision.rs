//! A decision names a recipient, a purpose and a scope. An [`ActiveDecision`] proves that it holds now;
//! everything that shares asks for one by type.

use jiff::Timestamp;
use uuid::Uuid;

use crate::define_codes;
use crate::kernel::{DecisionId, OpContext, OrganisationId, PersonId, ReferralId, Subject, TypedId, UserId};
use crate::person::Person;
use crate::policy::{Guarded, Side};
use crate::tenancy::OrganisationKind;

define_codes! {
    Purpose {
        Referral = "referral", "Referral";
        FeedbackToReferrer = "feedback_to_referrer", "News to whoever asked";
        ContactByEmail = "contact_email", "Contact by e-mail";
        ContactByText = "contact_text", "Contact by text message";
        ContactByPhone = "contact_phone", "Contact by phone";
        ContactByPost = "contact_post", "Contact by post";
        ResearchExtract = "research_extract", "Research extract";
        EvaluationFollowUp = "evaluation_follow_up", "Follow-up for evaluation";
    }
}

define_codes! {
    /// How much the recipient may see.
    Scope {
        Identity = "identity", "Name and how to reach them";
        NeedAndAccess = "need_and_access", "Name, how to reach them, need and access needs";
        Full = "full", "The full record";
    }
}

define_codes! {
    HowGiven {
        Spoken = "spoken", "Spoken";
        Written = "written", "Written";
        Online = "online", "Online";
        Supporter = "supporter", "By a supporter with authority";
    }
}

/// Who may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    Organisation(OrganisationId),
    Kind(OrganisationKind),
    Network,
}

/// What the person was told before deciding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Version of the statement, such as `2026-11`.
    pub statement: String,
    /// BCP 47, such as `en-GB` or `cy`.
    pub language: String,
}

/// The recipient as the decision has to judge it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrganisationFacts {
    pub organisation: OrganisationId,
    pub kind: OrganisationKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub id: DecisionId,
    pub person: PersonId,
    pub recipient: Recipient,
    pub purpose: Purpose,
    pub scope: Scope,
    pub how_given: HowGiven,
    pub explained: Explained,
    pub recorded_by: Option<UserId>,
    pub recorded_for: OrganisationId,
    pub given_at: Timestamp,
    pub ends_at: Option<Timestamp>,
    pub withdrawn_at: Option<Timestamp>,
}

/// No decision allows this sharing now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoActiveDecision {
    #[error("no sharing decision is recorded for this recipient and purpose")]
    Missing,
    #[error("the sharing decision was withdrawn")]
    Withdrawn,
    #[error("the sharing decision has ended")]
    Expired,
    #[error("the sharing decision is for another recipient or purpose")]
    Other,
}

/// Proof that a decision allowed a sharing at the instant of the operation.
#[derive(Debug, Clone, Copy)]
pub struct ActiveDecision<'a>(&'a Decision);

impl ActiveDecision<'_> {
    pub fn id(&self) -> DecisionId {
        self.0.id
    }

    pub fn scope(&self) -> Scope {
        self.0.scope
    }

    pub fn person(&self) -> PersonId {
        self.0.person
    }
}

impl Decision {
    /// The only way to an [`ActiveDecision`].
    pub fn active_for(
        &self,
        purpose: Purpose,
        recipient: OrganisationFacts,
        now: Timestamp,
    ) -> Result<ActiveDecision<'_>, NoActiveDecision> {
        if self.purpose != purpose || !self.covers(recipient) {
            return Err(NoActiveDecision::Other);
        }
        // Whatever the instant: whoever asks may have begun before it was withdrawn, and waited until it was.
        if self.withdrawn_at.is_some() {
            return Err(NoActiveDecision::Withdrawn);
        }
        if self.ends_at.is_some_and(|at| at <= now) {
            return Err(NoActiveDecision::Expired);
        }
        Ok(ActiveDecision(self))
    }

    fn covers(&self, recipient: OrganisationFacts) -> bool {
        match self.recipient {
            Recipient::Organisation(organisation) => organisation == recipient.organisation,
            Recipient::Kind(kind) => kind == recipient.kind,
            Recipient::Network => true,
        }
    }
}

impl Subject for Decision {
    fn subject(&self) -> Uuid {
        self.id.uuid()
    }
}

/// A decision beside its person as far as the acting organisation may know them. A recipient reads the decision that it
/// was asked under, also before it may know the person.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub decision: &'a Decision,
    pub person: Option<&'a Person>,
}

impl Known<'_> {
    /// What was shared under it by one referral: whoever may withdraw the one may end the other.
    pub fn shared_by(&self, referral: ReferralId) -> SharedBy<'_> {
        SharedBy { under: *self, referral }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct SharedBy<'a> {
    under: Known<'a>,
    referral: ReferralId,
}

impl Guarded for Known<'_> {
    const KIND: &'static str = "decision";

    fn subject(&self) -> Uuid {
        self.decision.id.uuid()
    }

    fn person(&self) -> Option<Uuid> {
        Some(self.decision.person.uuid())
    }

    /// It is the person's, not the recorder's: whoever holds the record may be told that it is taken back.
    fn stands(&self, side: Side, op: &OpContext) -> bool {
        let Some(person) = self.person else { return false };
        match side {
            Side::Owner => op.organisation() == Some(self.decision.recorded_for),
            _ => person.stands(side, op),
        }
    }

    fn is_own(&self, op: &OpContext) -> bool {
        op.user().is_some() && op.user() == self.decision.recorded_by
    }
}

impl Guarded for SharedBy<'_> {
    const KIND: &'static str = "referral";

    fn subject(&self) -> Uuid {
        self.referral.uuid()
    }

    fn person(&self) -> Option<Uuid> {
        Guarded::person(&self.under)
    }

    fn stands(&self, side: Side, op: &OpContext) -> bool {
        self.under.stands(side, op)
    }

    fn is_own(&self, op: &OpContext) -> bool {
        self.under.is_own(op)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::TypedId;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("instant")
    }

    fn decision() -> Decision {
        Decision {
            id: DecisionId::from_uuid(Uuid::from_u128(1)),
            person: PersonId::from_uuid(Uuid::from_u128(2)),
            recipient: Recipient::Organisation(OrganisationId::from_uuid(Uuid::from_u128(3))),
            purpose: Purpose::Referral,
            scope: Scope::Full,
            how_given: HowGiven::Spoken,
            explained: Explained { statement: "2026-11".into(), language: "en-GB".into() },
            recorded_by: None,
            recorded_for: OrganisationId::from_uuid(Uuid::from_u128(4)),
            given_at: at("2026-11-01T09:00:00Z"),
            ends_at: Some(at("2026-12-01T00:00:00Z")),
            withdrawn_at: None,
        }
    }

    fn walkers() -> OrganisationFacts {
        OrganisationFacts {
            organisation: OrganisationId::from_uuid(Uuid::from_u128(3)),
            kind: OrganisationKind::CommunityProvider,
        }
    }

    #[test]
    fn a_decision_holds_for_its_recipient_and_purpose_until_it_ends() {
        let given = decision();
        assert!(given.active_for(Purpose::Referral, walkers(), at("2026-11-30T23:59:59Z")).is_ok());
        let ended = given.active_for(Purpose::Referral, walkers(), at("2026-12-01T00:00:00Z"));
        assert_eq!(ended.err(), Some(NoActiveDecision::Expired));
    }

    #[test]
    fn another_recipient_or_purpose_is_not_covered() {
        let given = decision();
        let other =
            OrganisationFacts { organisation: OrganisationId::from_uuid(Uuid::from_u128(9)), ..walkers() };
        for refused in [
            given.active_for(Purpose::Referral, other, given.given_at),
            given.active_for(Purpose::ResearchExtract, walkers(), given.given_at),
        ] {
            assert_eq!(refused.err(), Some(NoActiveDecision::Other));
        }
    }

    #[test]
    fn a_withdrawn_decision_never_holds_again() {
        let taken_back = Decision { withdrawn_at: Some(at("2026-11-02T00:00:00Z")), ..decision() };
        let refused = taken_back.active_for(Purpose::Referral, walkers(), at("2026-11-02T00:00:00Z"));
        assert_eq!(refused.err(), Some(NoActiveDecision::Withdrawn));
    }
}
