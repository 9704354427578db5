//! What proved who somebody is, and when. A session is as strong as its proofs are different: two that a thief would
//! have to steal in two ways. How each is checked is `infra`'s business.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

/// How long a proof is fresh enough for acts that change credentials or roles, or that take data away.
pub const FRESH_PROOF: SignedDuration = SignedDuration::from_mins(10);

/// One way to prove who one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Factor {
    Password,
    /// Six digits of an app, RFC 6238.
    Totp,
    /// It has checked its user by itself: device and finger, or device and number.
    Passkey,
    /// From the printed list.
    RecoveryCode,
    /// Whoever reads the mailbox, and nothing more.
    EmailLink,
    /// The organisation's own identity provider.
    Sso,
    /// The same, when it says that it has asked for two factors.
    SsoTwoFactors,
}

impl Factor {
    pub const ALL: &[Self] = &[
        Self::Password,
        Self::Totp,
        Self::Passkey,
        Self::RecoveryCode,
        Self::EmailLink,
        Self::Sso,
        Self::SsoTwoFactors,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::Passkey => "passkey",
            Self::RecoveryCode => "recovery_code",
            Self::EmailLink => "email_link",
            Self::Sso => "sso",
            Self::SsoTwoFactors => "sso_two_factors",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|factor| factor.code() == code)
    }

    /// The word of an organisation's provider, which is not the login's own.
    pub const fn is_of_a_provider(self) -> bool {
        matches!(self, Self::Sso | Self::SsoTwoFactors)
    }

    const fn is_two_in_one(self) -> bool {
        matches!(self, Self::Passkey | Self::SsoTwoFactors)
    }

    /// A thing that somebody has. A mailbox is none: whoever reads it can also set a new password.
    const fn is_held(self) -> bool {
        matches!(self, Self::Totp | Self::RecoveryCode)
    }
}

/// All that proved a session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Factors(BTreeSet<Factor>);

impl Factors {
    pub fn iter(&self) -> impl Iterator<Item = Factor> + '_ {
        self.0.iter().copied()
    }

    #[must_use]
    pub fn and(mut self, factor: Factor) -> Self {
        self.0.insert(factor);
        self
    }

    /// Two different kinds, or one that is two by itself.
    pub fn are_strong(&self) -> bool {
        self.iter().any(Factor::is_two_in_one)
            || (self.iter().any(Factor::is_held) && self.iter().any(|factor| !factor.is_held()))
    }
}

impl FromIterator<Factor> for Factors {
    fn from_iter<I: IntoIterator<Item = Factor>>(factors: I) -> Self {
        Self(factors.into_iter().collect())
    }
}

/// The act needs somebody who has just proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the last proof of who acts is too old for this")]
pub struct ProofTooOld;

/// Whether a proof of that instant is still fresh. An instant to come is none.
pub fn is_fresh(proved_at: Timestamp, now: Timestamp, within: SignedDuration) -> bool {
    let age = now.duration_since(proved_at);
    age <= within && age >= -SignedDuration::from_mins(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_proofs_of_one_kind_are_one() {
        use Factor::{EmailLink, Passkey, Password, RecoveryCode, Sso, SsoTwoFactors, Totp};
        let strong = |factors: &[Factor]| factors.iter().copied().collect::<Factors>().are_strong();
        for weak in [
            &[][..],
            &[Password],
            &[Totp],
            &[EmailLink],
            &[Sso],
            &[Password, EmailLink],
            &[Totp, RecoveryCode],
            &[Password, Sso, EmailLink],
        ] {
            assert!(!strong(weak), "{weak:?}");
        }
        for two in [
            &[Passkey][..],
            &[SsoTwoFactors],
            &[Password, Totp],
            &[Password, RecoveryCode],
            &[EmailLink, Totp],
            &[Sso, Totp],
        ] {
            assert!(strong(two), "{two:?}");
        }
    }

    #[test]
    fn every_factor_is_known_again_by_its_code() {
        for factor in Factor::ALL {
            assert_eq!(Factor::from_code(factor.code()), Some(*factor));
        }
        assert_eq!(Factor::from_code("fingerprint"), None);
    }

    #[test]
    fn a_proof_is_fresh_for_its_minutes_and_never_from_the_future() {
        let now = Timestamp::UNIX_EPOCH;
        let at = |minutes| now - SignedDuration::from_mins(minutes);
        assert!(is_fresh(now, now, FRESH_PROOF) && is_fresh(at(10), now, FRESH_PROOF));
        assert!(!is_fresh(at(11), now, FRESH_PROOF) && !is_fresh(at(-5), now, FRESH_PROOF));
    }
}
