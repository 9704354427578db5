//! The single-use link in an e-mail to a provider: it answers one request, once, and a code then verifies the device.
//! What the token in the mail looks like, and how codes are made and kept, is not known here.

use jiff::Timestamp;

use super::ReferralError;
use crate::kernel::{Actor, LinkId, OpContext, OrganisationId, Redacted, ReferralId, StoreError};
use crate::policy::Denied;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub id: LinkId,
    /// The provider it was sent to.
    pub organisation: OrganisationId,
    pub referral: ReferralId,
    pub expires_at: Timestamp,
    pub spent_at: Option<Timestamp>,
}

impl Link {
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }
}

/// What came of a code that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeCheck {
    /// The secret by which the device is known from now on; it is shown to it once.
    Right {
        device: Redacted<String>,
    },
    Wrong,
    /// Older than ten minutes, used already, or never sent.
    Expired,
    TooManyTries,
}

#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    #[error("there is no such link")]
    NotFound,
    #[error("the link has expired")]
    Expired,
    #[error("the link was used already")]
    Spent,
    /// Codes are for those who accepted.
    #[error("the request was not accepted through this link")]
    NotAccepted,
    #[error(transparent)]
    Referral(Box<ReferralError>),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ReferralError> for OfferError {
    fn from(error: ReferralError) -> Self {
        match error {
            ReferralError::Store(store) => Self::Store(store),
            ReferralError::Denied(denied) => Self::Denied(denied),
            other => Self::Referral(Box::new(other)),
        }
    }
}

pub trait LinkWrites {
    /// Reads and locks, so that of two who answer at once one is told that it was answered.
    fn lock_link(&mut self, id: LinkId) -> Result<Option<Link>, StoreError>;
    fn spend_link(&mut self, id: LinkId) -> Result<(), StoreError>;
    /// Mails a new six-digit code to the provider's own address, in place of the one before. `false` when so
    /// many went already that somebody must be guessing.
    fn send_code(&mut self, link: &Link) -> Result<bool, StoreError>;
    /// Counts the try, also when it is wrong.
    fn check_code(&mut self, link: &Link, typed: &str) -> Result<CodeCheck, StoreError>;
}

/// The link that acts, as it stands now.
pub(super) fn acting<S: LinkWrites + ?Sized>(tx: &mut S, op: &OpContext) -> Result<Link, OfferError> {
    let Actor::Link { link } = op.actor() else { return Err(OfferError::NotFound) };
    let link = tx.lock_link(link)?.ok_or(OfferError::NotFound)?;
    if link.has_expired(op.now()) { Err(OfferError::Expired) } else { Ok(link) }
}
