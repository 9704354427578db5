//! The two ways to answer an error, and how the store's own are judged.

use trellis_domain::identity::ProofTooOld;
use trellis_domain::kernel::StoreError;
use trellis_domain::policy::{Denial, Denied};

use super::super::error::Fault;
use super::super::refusal::Refusal;

/// How an error is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Refused(Refusal),
    Failed(Fault),
}

impl From<Refusal> for Verdict {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Verdict {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

impl From<Denied> for Verdict {
    fn from(denied: Denied) -> Self {
        match denied.why {
            Denial::Role => Refusal::denied().into(),
            Denial::OldProof => ProofTooOld.into(),
        }
    }
}

impl From<StoreError> for Verdict {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Refusal::stale().into(),
            StoreError::KeyReused => Refusal::key_reused().into(),
            fault @ (StoreError::Unavailable(_)
            | StoreError::Inconsistent { .. }
            | StoreError::Sealed
            | StoreError::SessionEnded
            | StoreError::FactorNeeded
            | StoreError::Fault(_)) => Fault::from(fault).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use trellis_domain::contact::ContactError;
    use trellis_domain::kernel::{PersonId, TypedId};
    use trellis_domain::person::PersonError;
    use trellis_domain::referral::ReferralError;

    use super::super::super::refusal::RefusalCode;
    use super::*;

    fn refused(verdict: impl Into<Verdict>) -> Refusal {
        match verdict.into() {
            Verdict::Refused(refusal) => refusal,
            Verdict::Failed(fault) => panic!("a fault: {fault:?}"),
        }
    }

    #[test]
    fn what_does_not_exist_and_what_is_not_yours_read_the_same() {
        assert_eq!(refused(ReferralError::PersonNotFound), refused(PersonError::NotFound));
        assert_eq!(refused(ReferralError::NotFound), refused(ContactError::NotFound));
    }

    #[test]
    fn an_error_inside_another_is_judged_as_itself() {
        let inner = ContactError::Referral(ReferralError::from(PersonError::NoChannel));
        assert_eq!(refused(inner), refused(PersonError::NoChannel));
    }

    #[test]
    fn a_person_who_is_registered_already_is_not_named() {
        let person = PersonId::from_uuid(uuid::Uuid::from_u128(7));
        let refusal = refused(PersonError::AlreadyRegistered(person));
        assert_eq!(refusal.field.as_deref(), Some("identity.nhsNumber"));
        assert!(!format!("{refusal:?}").contains(&person.to_string()));
    }

    #[test]
    fn failures_of_the_store_are_faults_but_conflicts_are_answers() {
        assert_eq!(refused(StoreError::Conflict).code, RefusalCode::Stale);
        assert_eq!(refused(StoreError::KeyReused).code, RefusalCode::IdempotencyKeyReused);
        for fault in [
            StoreError::Sealed,
            StoreError::SessionEnded,
            StoreError::FactorNeeded,
            StoreError::Unavailable(None),
        ] {
            assert!(matches!(Verdict::from(fault), Verdict::Failed(_)));
        }
    }
}
